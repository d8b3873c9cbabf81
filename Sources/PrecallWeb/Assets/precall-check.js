// <precall-check>: tests this browser, its microphone, camera and line for a video visit.
//
// Attributes: server (origin of the Precall server, this script's own by default), policy (address of a policy
// as JSON), locale (en, es), autostart (begin at once: only after a press in the page, or the browser keeps
// sound back). Events, composed: precall-start, precall-progress {check, step}, precall-complete {verdict,
// codes, report, measurements}, precall-error {code, message}. Slots: title, intro, help. Methods: start(),
// cancel().
import {hasEngine, isInsideApp, obstacle} from './check/browser.js'
import {button, make, show} from './check/elements.js'
import {Engine} from './check/engine.js'
import {Examination} from './check/examination.js'
import {browserView, introView} from './check/intro.js'
import {RunningView} from './check/running.js'
import {detailsView, findingsView, reportText, verdictView} from './check/result.js'
import {devicesView} from './check/devices-view.js'
import {consentView} from './check/consent.js'
import {languageOf, loadTexts} from './check/texts.js'
import {dress} from './check/style.js'
import {bounded, Deadline} from './check/bounded.js'

/** From the press to the answer, whatever stalls. */
const longest = 30_000

export class PrecallCheck extends HTMLElement {
  static observedAttributes = ['locale']

  constructor() {
    super()
    /** The ids of devices that the person chose, by kind. */
    this.chosen = {}
    dress(this.attachShadow({mode: 'open'}))
    this.status = make('p', {role: 'status', className: 'status', part: 'status'})
    this.stage = make('div', {part: 'stage'})
    this.card = make('section', {className: 'card', part: 'card'},
      make('slot', {name: 'title'}), this.stage, this.status, make('slot', {name: 'help'}))
    this.shadowRoot.append(this.card)
  }

  get server() { return new URL(this.getAttribute('server') || '/', import.meta.url).origin }
  set server(value) { this.setAttribute('server', value) }
  get policy() { return this.getAttribute('policy') }
  set policy(value) { this.setAttribute('policy', value) }
  get locale() { return this.getAttribute('locale') }
  set locale(value) { this.setAttribute('locale', value) }
  get autostart() { return this.hasAttribute('autostart') }
  set autostart(value) { this.toggleAttribute('autostart', Boolean(value)) }

  connectedCallback() {
    this.ready = this.speak().then(() => {
      if (!this.isConnected) return
      this.intro()
      if (hasEngine) Engine.preload().catch(() => {})
      if (this.policy) this.fetchPolicy().catch(() => {})
      if (this.autostart) this.start()
    })
    this.ready.catch(error => this.fail('texts-unavailable', error))
    this.left = () => { if (document.visibilityState === 'hidden') this.cancel() }
    document.addEventListener('visibilitychange', this.left)
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.left)
    this.examination?.close()
    this.examination = null
  }

  attributeChangedCallback() {
    if (!this.isConnected || this.running) return
    this.ready = this.speak().then(() => this.intro())
    this.ready.catch(error => this.fail('texts-unavailable', error))
  }

  async speak() {
    const language = languageOf(this.locale)
    const texts = await loadTexts(language)
    // Another language may have been asked for meanwhile.
    if (languageOf(this.locale) !== language) return this.ready
    this.texts = texts
    this.card.lang = this.texts.language
    this.card.dir = this.texts.direction
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`precall-${name}`, {detail, bubbles: true, composed: true}))
  }

  /** Said to screen readers; `isSeen` where the page does not show the same words anyway. */
  announce(words, isSeen = true) {
    this.status.textContent = words
    this.status.classList.toggle('unseen', !isSeen)
  }

  intro() {
    const isTitled = this.querySelector('[slot=title]') !== null
    show(this.stage, introView(this.texts, isTitled, () => this.start(), () => this.linkButton()), false)
  }

  linkButton() {
    return button(this.texts.say('copy-link'), () => this.copy(location.href, 'link-copied'))
  }

  async start() {
    if (this.running) return
    this.running = true
    this.examination?.close()
    const examination = new Examination(this.server, this.watcher())
    this.examination = examination
    examination.prepareSound()
    const deadline = new Deadline(longest)
    try {
      await bounded(this.ready, deadline.left)
      this.view = new RunningView(this.texts, () => this.cancel())
      show(this.stage, this.view.content)
      this.announce(this.texts.say('started'), false)
      this.tell('start', {})
      const policy = this.loadPolicy()
      await examination.run({microphone: true, camera: true, ...this.chosen}, deadline)
      await this.conclude(await policy, deadline)
    } catch (error) {
      if (examination.controller.signal.aborted) this.cancelled()
      else this.fail('check-failed', error)
    } finally {
      this.running = false
    }
  }

  cancel() {
    if (this.running) this.examination?.cancel()
  }

  cancelled() {
    this.tell('error', {code: 'cancelled', message: 'the check was cancelled'})
    if (!this.isConnected) return
    const say = key => this.texts.say(key)
    show(this.stage, [
      make('h2', {tabIndex: -1}, say('cancelled')), make('p', {}, say('cancelled-words')),
      make('div', {className: 'row'}, button(say('again'), () => this.start(), 'primary')),
    ])
    this.announce(say('cancelled'), false)
  }

  fail(code, error) {
    this.tell('error', {code, message: String(error?.message ?? error)})
    if (!this.texts) return this.announce('The test could not run. Reload this page and try again.')
    const say = key => this.texts.say(key)
    show(this.stage, [
      make('h2', {tabIndex: -1}, say('failed')), make('p', {}, say('failed-words')),
      make('div', {className: 'row'}, button(say('again'), () => this.start(), 'primary')),
    ])
    this.announce(say('failed'), false)
  }

  /** The policy, asked for before it is needed, and again where it did not come or another one is meant. */
  fetchPolicy() {
    const address = new URL(this.policy, location.href).href
    if (this.policyAsked?.address === address) return this.policyAsked.answer
    const asked = {address, answer: policyAt(address)}
    asked.answer.catch(() => { if (this.policyAsked === asked) this.policyAsked = null })
    this.policyAsked = asked
    return asked.answer
  }

  /** A policy that can't be had is told to the host; the report then names the standard one. */
  async loadPolicy() {
    if (!this.policy) return undefined
    try {
      return await this.fetchPolicy()
    } catch (error) {
      this.tell('error', {code: 'policy-unavailable', message: String(error.message)})
      return undefined
    }
  }

  watcher() {
    const all = {network: 0, microphone: 0, camera: 0}
    const shares = {reach: 5, answers: 20, download: 35, upload: 50, call: 60, udp: 65, tcp: 70, tls: 75}
    const advance = (check, share) => {
      all[check] = Math.max(all[check], share)
      this.view.progress.value = Math.round((all.network * 2 + all.microphone + all.camera) / 4)
    }
    return {
      step: (check, step) => {
        advance(check, shares[step] ?? 30)
        this.view.step(check, step)
        if (step === 'listening') this.announce(this.texts.say('please-speak'), false)
        this.tell('progress', {check, step})
      },
      finished: (check, isMeasured) => {
        advance(check, 100)
        this.view.finished(check, isMeasured)
        this.announce(this.texts.say(isMeasured ? 'check-done' : 'check-failed', {check: this.texts.say(check)}), false)
        this.tell('progress', {check, step: 'finished'})
      },
      level: decibels => this.view.level(decibels),
      picture: () => this.view.showPicture(),
    }
  }

  async conclude(policy, deadline) {
    this.lastPolicy = policy
    const {text, report, request} = await this.examination.judge(policy, deadline)
    this.report = report
    this.reportJSON = text
    const say = key => this.texts.say(key)
    const devices = await devicesView(
      this.texts, (kind, id) => this.testAgain(kind, id), () => this.soundContext(), words => this.announce(words),
      this.examination.used, deadline)
    this.toSend = request
    show(this.stage, [
      ...verdictView(report, this.texts),
      ...findingsView(report, this.texts, finding => this.actionsFor(finding)),
      ...[!obstacle() && browserView(this.texts, () => this.linkButton())].filter(Boolean),
      make('div', {className: 'row'},
        button(say('again'), () => this.start()),
        button(say('copy-report'), () => this.copy(reportText(report, this.texts), 'report-copied')),
        button(say('send-report'), () => this.askToSend())),
      this.consent = make('div'),
      devices, detailsView(report, this.texts),
    ])
    this.announce(say(`outcome-${report.verdict.outcome}`), false)
    this.tell('complete', {
      verdict: report.verdict, codes: report.findings.map(one => one.code), report,
      measurements: request.measurements,
    })
  }

  soundContext() {
    this.examination.prepareSound()
    return this.examination.context
  }

  /** What a press can do about a finding, where one can. */
  actionsFor({code, check}) {
    const say = key => this.texts.say(key)
    const row = make('div', {className: 'row'})
    if (check !== 'network') row.append(button(say('try-again'), () => this.testAgain(check)))
    if (/\.permission-blocked-by-page$/.test(code)) {
      row.append(button(say('open-tab'), () => window.open(`${this.server}/check`, '_blank', 'noopener')))
    }
    if (/\.browser-unsupported$/.test(code) || (isInsideApp() && /\.permission-/.test(code))) {
      row.append(this.linkButton())
    }
    return row.childElementCount > 0 && row
  }

  /** One device again; the verdict is that of everything measured so far. */
  async testAgain(kind, id) {
    if (this.running) return
    this.running = true
    if (id) this.chosen[kind] = id
    this.examination.prepareSound()
    this.view = new RunningView(this.texts, () => this.cancel())
    for (const check of ['network', 'microphone', 'camera']) {
      if (check !== kind) this.view.states[check].mark.closest('li').hidden = true
    }
    this.view.progress.hidden = true
    show(this.stage, this.view.content)
    const deadline = new Deadline(longest)
    try {
      await this.examination.again(kind, this.chosen[kind], deadline)
      await this.conclude(this.lastPolicy, deadline)
    } catch (error) {
      if (this.examination.controller.signal.aborted) this.cancelled()
      else this.fail('check-failed', error)
    } finally {
      this.running = false
    }
  }

  askToSend() {
    const view = consentView(this.texts, this.server, this.toSend.measurements, words => this.announce(words))
    show(this.consent, view)
  }

  async copy(words, done) {
    try {
      await navigator.clipboard.writeText(words)
      this.announce(this.texts.say(done))
    } catch {
      // Where the clipboard is kept from pages, the words are shown to be copied by hand.
      this.consent ??= this.stage.appendChild(make('div'))
      const field = make('textarea', {readOnly: true, rows: 8, value: words, 'aria-label': this.texts.say('copy-report')})
      field.style.width = '100%'
      show(this.consent, field, false)
      field.select()
      field.focus()
    }
  }
}

async function policyAt(address) {
  const answer = await bounded(fetch(address), 5000)
  if (answer.status === 204) return undefined // the server has none but the standard one
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return bounded(answer.json(), 5000)
}

customElements.define('precall-check', PrecallCheck)
