// <precall-check>: tests this browser, its microphone, camera and line for a video visit.
//
// Attributes: server (origin of the Precall server, this script's own by default), policy (address of a policy
// as JSON), locale (en, es), autostart (begin at once: only after a press in the page, or the browser keeps
// sound back). Events, composed: precall-start, precall-progress {check, step}, precall-complete {verdict,
// codes, report, measurements}, precall-error {code, message}. Slots: title, intro, help. Methods: start(),
// cancel().
import {devices} from './check/access.js'
import {Aside} from './check/aside.js'
import {copyButton} from './check/copying.js'
import {hasEngine, obstacle} from './check/browser.js'
import {button, make, show} from './check/elements.js'
import {Engine} from './check/engine.js'
import {Examination} from './check/examination.js'
import {browserView, endView, introView} from './check/intro.js'
import {RunningView} from './check/running.js'
import {actionsView, detailsView, findingsView, reportText, verdictView} from './check/result.js'
import {devicesView} from './check/devices-view.js'
import {Consent} from './check/consent.js'
import {webOrigin} from './check/origin.js'
import {languageOf, loadTexts} from './check/texts.js'
import {policyAt} from './check/policy.js'
import {dress} from './check/style.js'
import {bounded, Deadline} from './check/bounded.js'

/** From the press to the answer, whatever stalls. */
const longest = 30_000
const checks = ['network', 'microphone', 'camera']

export class PrecallCheck extends HTMLElement {
  static observedAttributes = ['locale', 'autostart']

  constructor() {
    super()
    /** The ids of devices that the person chose, by kind. */
    this.chosen = {}
    dress(this.attachShadow({mode: 'open'}))
    this.status = make('p', {role: 'status', className: 'status unseen', part: 'status'})
    /** What came of a press, for those who see: the status says it to all others. */
    this.note = make('p', {className: 'note', part: 'status'})
    this.stage = make('div', {part: 'stage'})
    this.card = make('section', {className: 'card', part: 'card'},
      make('slot', {name: 'title'}), this.stage, this.status, make('slot', {name: 'help'}))
    this.shadowRoot.append(this.card)
  }

  /** The origin of the test server; null where the attribute is no whole web address. */
  get server() { return webOrigin(this.getAttribute('server') || import.meta.url) }
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
    if (this.running) this.tell('error', {code: 'cancelled', message: 'the element was taken out of the page'})
    this.examination = this.running = null
  }

  /** Another language: whatever is shown is said in it, also while a check runs. */
  attributeChangedCallback(name) {
    if (!this.isConnected || !this.texts) return
    if (name === 'autostart') return this.autostart && !this.examination && this.start()
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
  announce(words, isSeen = false) {
    this.status.textContent = words
    this.status.classList.toggle('unseen', !isSeen)
  }

  /** Said, and shown beside the `control` that was pressed. */
  answer(control, words) {
    this.announce(words)
    this.note.textContent = words
    control.closest('.row').after(this.note)
    this.note.scrollIntoView({block: 'nearest'})
  }

  /** Shows a question, or words to copy, in place of what was answered before. */
  ask(shown, focus) {
    this.note.remove()
    this.aside.open(shown, focus)
  }

  /** What is shown next takes the focus only from here: whoever writes elsewhere on the page goes on writing.
   * In a frame something stays active while the page around it has the focus. */
  get hasFocus() {
    return this.shadowRoot.activeElement !== null && (window.parent === window || document.hasFocus())
  }

  /** Shows what `content` gives: now, and again in another language. */
  present(content) {
    this.aside = new Aside()
    this.reword = () => {
      this.announce('')
      this.render(content)
    }
    this.render(content)
  }

  render(content) {
    const {stage, aside} = this
    const opened = [...stage.querySelectorAll('details[open]')].map(one => one.part.value)
    show(stage, content(), this.hasFocus)
    for (const one of stage.querySelectorAll('details')) one.open = opened.includes(one.part.value)
    if (!stage.contains(aside.place)) stage.append(aside.place)
    aside.refresh(aside.shown, false)
  }

  intro() {
    this.announce('')
    const isTitled = this.querySelector('[slot=title]') !== null
    this.present(() => introView(this.texts, isTitled, () => this.start(), () => this.linkButton()))
  }

  linkButton() { return copyButton(this, 'link', () => location.href) }

  async start() {
    if (this.running) return
    if (!this.server) return this.fail('bad-server', 'its server attribute is no http: or https: address')
    this.examination?.close()
    this.examination = new Examination(this.server, this.watcher())
    await this.carryOut(async (examination, deadline) => {
      await bounded(this.ready, deadline.left)
      this.showRunning()
      this.announce(this.texts.say('started'))
      this.tell('start', {})
      const policy = this.loadPolicy()
      await examination.run({microphone: true, camera: true, ...this.chosen}, deadline)
      await this.conclude(await policy, deadline)
    })
  }

  /** Runs a test; however it ends, that is shown. To be called in the handler of a press. */
  async carryOut(test, stopped = () => this.showEnd('cancelled')) {
    const {examination} = this
    this.running = examination
    examination.prepareSound()
    try {
      await test(examination, new Deadline(longest))
    } catch (error) {
      // Out of the page it was told already.
      if (this.running !== examination) return
      if (examination.isCancelled) this.cancelled(stopped)
      else this.fail('check-failed', error)
    } finally {
      if (this.running === examination) this.running = null
    }
  }

  cancel() {
    this.running?.cancel()
  }

  showRunning(which = checks) {
    const view = new RunningView(this.texts, () => this.cancel(), which)
    this.view = view
    this.present(() => view.content)
    this.reword = () => view.speak(this.texts)
  }

  /** `stopped` shows what stands on the page then. */
  cancelled(stopped) {
    this.tell('error', {code: 'cancelled', message: 'the check was cancelled'})
    stopped()
  }

  fail(code, error) {
    this.tell('error', {code, message: String(error?.message ?? error)})
    if (!this.texts) return this.announce('The test could not run. Reload this page and try again.', true)
    this.showEnd(code === 'bad-server' ? code : 'failed')
  }

  /** Without a result: `cancelled`, `failed` or `bad-server`. */
  showEnd(key) {
    this.present(() => endView(this.texts, key, () => this.start()))
    this.announce(this.texts.say(key))
  }

  /** A policy that can't be had is told to the host; the report then names the standard one. */
  async loadPolicy() {
    if (!this.policy) return undefined
    try {
      return await policyAt(this.policy)
    } catch (error) {
      return this.withoutPolicy(error)
    }
  }

  withoutPolicy(error) {
    this.lastPolicy = undefined
    this.tell('error', {code: 'policy-unavailable', message: String(error.message)})
  }

  watcher() {
    return {
      step: (check, step) => {
        this.view.step(check, step)
        if (step === 'listening') this.announce(this.texts.say('please-speak'))
        this.tell('progress', {check, step})
      },
      finished: (check, isMeasured) => {
        this.view.finished(check, isMeasured)
        this.announce(this.texts.say(isMeasured ? 'check-done' : 'check-failed', {check: this.texts.say(check)}))
        this.tell('progress', {check, step: 'finished'})
      },
      level: decibels => this.view.level(decibels),
      picture: () => this.view.showPicture(),
    }
  }

  async conclude(policy, deadline) {
    this.lastPolicy = policy
    const {text, report, request, refusal} = await this.examination.judge(policy, deadline)
    if (refusal) this.withoutPolicy(refusal)
    this.report = report
    this.reportJSON = text
    this.toSend = request
    this.choices = await devices(deadline)
    this.showResult()
    this.announce(this.texts.say(`outcome-${report.verdict.outcome}`))
    this.tell('complete', {
      verdict: report.verdict, codes: report.findings.map(one => one.code), report,
      measurements: request.measurements,
    })
  }

  showResult() { this.present(() => this.resultView()) }

  resultView() {
    const {texts, report} = this
    const say = key => texts.say(key)
    return [
      ...verdictView(report, texts),
      ...findingsView(report, texts, finding => actionsView(finding, texts, this)),
      ...[!obstacle() && browserView(texts, () => this.linkButton())].filter(Boolean),
      make('div', {className: 'row'},
        button(say('again'), () => this.start()),
        copyButton(this, 'report', () => reportText(report, this.texts)),
        button(say('send-report'), event => this.askToSend(event.currentTarget))),
      this.aside.place,
      devicesView(
        texts, this.choices, (kind, id) => this.testAgain(kind, id), () => this.soundContext(),
        (control, words) => this.answer(control, words), this.examination.used),
      detailsView(report, texts),
    ]
  }

  soundContext() {
    this.examination.prepareSound()
    return this.examination.context
  }

  /** One device again; the verdict is that of everything measured so far, also where it is stopped. */
  async testAgain(kind, id = this.chosen[kind]) {
    if (this.running) return
    await this.carryOut(async (examination, deadline) => {
      this.showRunning([kind])
      await examination.again(kind, id, deadline)
      if (id) this.chosen[kind] = id
      await this.conclude(this.lastPolicy, deadline)
    }, () => {
      this.showResult()
      this.announce(this.texts.say('cancelled'))
    })
  }

  askToSend(asker) {
    const {aside} = this
    // Its answer is still to come.
    if (aside.shown?.isSending) return aside.refresh(aside.shown, true)
    const consent = new Consent(this.server, this.toSend.measurements, {
      say: (key, values) => this.texts.say(key, values), announce: words => this.announce(words),
      show: () => aside.refresh(consent),
      close: words => {
        aside.close()
        asker.focus()
        this.answer(asker, words)
      },
    })
    this.ask(consent)
  }
}

customElements.define('precall-check', PrecallCheck)
