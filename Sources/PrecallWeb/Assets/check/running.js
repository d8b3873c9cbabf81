// What is shown while a check runs: what is happening, how loud the voice is, the own picture.
import {button, make, sign} from './elements.js'

const quietest = -60
/** How much of the line's check is done when a step begins. */
const shares = {reach: 5, answers: 20, download: 35, upload: 50, call: 60, udp: 65, tcp: 70, tls: 75}

export class RunningView {
  /** One check alone has no progress of the whole. */
  constructor(texts, cancel, checks) {
    this.texts = texts
    this.writers = []
    this.states = {}
    this.done = {network: 0, microphone: 0, camera: 0}
    this.progress = this.named('progress', make('progress', {max: 100, value: 0, hidden: checks.length < 2}))
    this.list = make('ul', {className: 'steps'}, checks.map(check => this.row(check)))
    this.fill = make('span')
    this.meter = this.named('loudness', make('div', {
      className: 'meter', part: 'meter', role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': 0,
    }, this.fill))
    this.video = this.named('own-picture', make('video', {muted: true, autoplay: true}))
    this.video.setAttribute('playsinline', '')
    this.voice = make('div', {hidden: true},
      make('p', {}, this.worded('please-speak', make('strong'))), this.meter)
    this.picture = make('div', {hidden: true}, this.video, make('div', {className: 'row'}, this.toggle()))
    this.content = [
      this.worded('testing', make('h2', {tabIndex: -1})), this.progress, this.list, this.voice, this.picture,
      make('div', {className: 'row'}, this.worded('cancel', button('', cancel))),
    ]
  }

  /** Says everything in another language where it stands: a picture that was taken off the page would stop. */
  speak(texts) {
    this.texts = texts
    for (const write of this.writers) write()
  }

  /** Has `write` put words into their place: now, and in each language that is asked for. */
  written(write) {
    this.writers.push(write)
    write()
  }

  worded(key, element) {
    this.written(() => { element.textContent = this.texts.say(key) })
    return element
  }

  named(key, element) {
    this.written(() => element.setAttribute('aria-label', this.texts.say(key)))
    return element
  }

  row(check) {
    const state = this.states[check] = {key: 'waiting', words: make('span', {className: 'words'}), mark: make('span')}
    state.mark.append(sign('waiting'))
    this.written(() => { state.words.textContent = this.texts.say(state.key) })
    return make('li', {}, state.mark,
      make('div', {}, this.worded(check, make('b')), make('br'), state.words))
  }

  toggle() {
    let isHidden = false
    const write = () => { control.textContent = this.texts.say(isHidden ? 'show-picture' : 'hide-picture') }
    const control = button('', () => {
      isHidden = this.picture.classList.toggle('hidden-picture')
      write()
    })
    this.written(write)
    return control
  }

  step(check, step) {
    this.advance(check, shares[step] ?? 30)
    this.set(check, 'busy', `step-${step}`)
    if (step === 'listening') this.voice.hidden = false
  }

  finished(check, isMeasured) {
    this.advance(check, 100)
    this.set(check, isMeasured ? 'good' : 'bad', isMeasured ? 'measured' : 'could-not')
    if (check === 'microphone') this.voice.hidden = true
    if (check === 'camera') this.picture.hidden = true
  }

  advance(check, share) {
    const {done} = this
    done[check] = Math.max(done[check], share)
    this.progress.value = Math.round((done.network * 2 + done.microphone + done.camera) / 4)
  }

  set(check, look, key) {
    const state = this.states[check]
    state.key = key
    state.mark.replaceChildren(sign(look))
    state.words.textContent = this.texts.say(key)
  }

  level(decibels) {
    const share = Math.round(Math.max(0, Math.min(1, 1 - decibels / quietest)) * 100)
    this.fill.style.width = `${share}%`
    this.meter.setAttribute('aria-valuenow', share)
    this.meter.setAttribute('aria-valuetext', `${share} %`)
  }

  showPicture() {
    this.picture.hidden = false
    return this.video
  }
}
