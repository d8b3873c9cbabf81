// <precall-check>: tests this browser, its microphone, camera and line for a video visit.
//
// Attributes: server (origin of the Precall server, this script's own by default), policy (address of a policy
// as JSON), locale (en, es), autostart (begin at once: only after a press in the page, or the browser keeps
// sound back). Events, composed: precall-start, precall-progress {check, step}, precall-complete {verdict,
// codes, report, measurements}, precall-error {code, message}. Slots: title, intro, help. Methods: start(),
// cancel().
import {devices} from './check/access.js'
import {Aside} from './check/aside.js'
import {hasEngine, obstacle} from './check/browser.js'
import {button, make, show} from './check/elements.js'
import {Engine} from './check/engine.js'
import {Examination} from './check/examination.js'
import {browserView, introView} from './check/intro.js'
import {RunningView} from './check/running.js'
import {actionsView, detailsView, findingsView, reportText, verdictView} from './check/result.js'
import {devicesView} from './check/devices-view.js'
import {Consent} from './check/consent.js'
import {languageOf, loadTexts} from './check/texts.js'
import {policyAt} from './check/policy.js'
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
      if (this.policy) policyAt(this.policy).catch(() => {})
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

  /** Another language: whatever is shown is said in it, also while a check runs. */
  attributeChangedCallback() {
    if (!this.isConnected || !this.texts) return
    this.ready = this.speak().then(() => this.reword?.())
    this.ready.catch(error => this.tell('error', {code: 'texts-unavailable', message: String(error.message)}))
  }

  async speak() {
    const language = languageOf(this.locale)
    const texts = await loadTexts(language)
    // Another language may have been asked for meanwhile.
    if (languageOf(this.locale) !== language) return this.speak()
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

  /** Shows what `content` gives: now, and again in another language. */
  present(content, focus = true) {
    this.aside = new Aside()
    this.reword = () => {
      this.announce('')
      this.render(content, this.shadowRoot.activeElement !== null)
    }
    this.render(content, focus)
  }

  render(content, focus) {
    const {stage, aside} = this
    const opened = [...stage.querySelectorAll('details[open]')].map(one => one.part.value)
    show(stage, content(), focus)
    for (const one of stage.querySelectorAll('details')) one.open = opened.includes(one.part.value)
    if (!stage.contains(aside.place)) stage.append(aside.place)
    aside.refresh(aside.shown, false)
  }

  intro() {
    const isTitled = this.querySelector('[slot=title]') !== null
    this.present(() => introView(this.texts, isTitled, () => this.start(), () => this.linkButton()), false)
  }

  linkButton() {
    return button(this.texts.say('copy-link'), () => this.copy(location.href, 'link-copied'))
  }

  async start() {
    if (this.running) return
    this.examination?.close()
    this.examination = new Examination(this.server, this.watcher())
    await this.carryOut(async (examination, deadline) => {
      await bounded(this.ready, deadline.left)
      this.showRunning()
      this.announce(this.texts.say('started'), false)
      this.tell('start', {})
      const policy = this.loadPolicy()
      await examination.run({microphone: true, camera: true, ...this.chosen}, deadline)
      await this.conclude(await policy, deadline)
    })
  }

  /** Runs a test; however it ends, that is shown. To be called in the handler of a press. */
  async carryOut(test) {
    const {examination} = this
    this.running = true
    examination.prepareSound()
    try {
      await test(examination, new Deadline(longest))
    } catch (error) {
      if (examination.isCancelled) this.cancelled()
      else this.fail('check-failed', error)
    } finally {
      this.running = false
    }
  }

  cancel() {
    if (this.running) this.examination?.cancel()
  }

  showRunning() {
    const view = new RunningView(this.texts, () => this.cancel())
    this.view = view
    this.present(() => view.content)
    this.reword = () => view.speak(this.texts)
  }

  cancelled() {
    this.tell('error', {code: 'cancelled', message: 'the check was cancelled'})
    if (this.isConnected) this.showEnd('cancelled')
  }

  fail(code, error) {
    this.tell('error', {code, message: String(error?.message ?? error)})
    if (!this.texts) return this.announce('The test could not run. Reload this page and try again.')
    this.showEnd('failed')
  }

  /** Without a result: `cancelled` or `failed`. */
  showEnd(key) {
    const say = key => this.texts.say(key)
    this.present(() => [
      make('h2', {tabIndex: -1}, say(key)), make('p', {}, say(`${key}-words`)),
      make('div', {className: 'row'}, button(say('again'), () => this.start(), 'primary')),
    ])
    this.announce(say(key), false)
  }

  /** A policy that can't be had is told to the host; the report then names the standard one. */
  async loadPolicy() {
    if (!this.policy) return undefined
    try {
      return await policyAt(this.policy)
    } catch (error) {
      this.tell('error', {code: 'policy-unavailable', message: String(error.message)})
      return undefined
    }
  }

  watcher() {
    return {
      step: (check, step) => {
        this.view.step(check, step)
        if (step === 'listening') this.announce(this.texts.say('please-speak'), false)
        this.tell('progress', {check, step})
      },
      finished: (check, isMeasured) => {
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
    this.toSend = request
    const choices = await devices(deadline)
    this.present(() => this.resultView(choices))
    this.announce(this.texts.say(`outcome-${report.verdict.outcome}`), false)
    this.tell('complete', {
      verdict: report.verdict, codes: report.findings.map(one => one.code), report,
      measurements: request.measurements,
    })
  }

  resultView(choices) {
    const {texts, report} = this
    const say = key => texts.say(key)
    return [
      ...verdictView(report, texts),
      ...findingsView(report, texts, finding => actionsView(finding, texts, this)),
      ...[!obstacle() && browserView(texts, () => this.linkButton())].filter(Boolean),
      make('div', {className: 'row'},
        button(say('again'), () => this.start()),
        button(say('copy-report'), () => this.copy(reportText(report, this.texts), 'report-copied')),
        button(say('send-report'), event => this.askToSend(event.currentTarget))),
      this.aside.place,
      devicesView(
        texts, choices, (kind, id) => this.testAgain(kind, id), () => this.soundContext(),
        words => this.announce(words), this.examination.used),
      detailsView(report, texts),
    ]
  }

  soundContext() {
    this.examination.prepareSound()
    return this.examination.context
  }

  /** One device again; the verdict is that of everything measured so far. */
  async testAgain(kind, id) {
    if (this.running) return
    if (id) this.chosen[kind] = id
    await this.carryOut(async (examination, deadline) => {
      this.showRunning()
      for (const check of ['network', 'microphone', 'camera']) {
        if (check !== kind) this.view.states[check].mark.closest('li').hidden = true
      }
      this.view.progress.hidden = true
      await examination.again(kind, this.chosen[kind], deadline)
      await this.conclude(this.lastPolicy, deadline)
    })
  }

  askToSend(asker) {
    const {aside} = this
    const consent = new Consent(this.server, this.toSend.measurements, {
      say: (key, values) => this.texts.say(key, values), announce: words => this.announce(words),
      show: () => aside.refresh(consent),
      close: () => {
        aside.close()
        asker.focus()
      },
    })
    aside.open(consent)
  }

  async copy(words, done) {
    try {
      await navigator.clipboard.writeText(words)
      this.announce(this.texts.say(done))
    } catch {
      // Where the clipboard is kept from pages, the words are shown to be copied by hand.
      const field = make('textarea', {readOnly: true, rows: 8, value: words, 'aria-label': this.texts.say('copy-report')})
      field.style.width = '100%'
      this.aside.open({view: () => field}, false)
      field.select()
      field.focus()
    }
  }
}

customElements.define('precall-check', PrecallCheck)
