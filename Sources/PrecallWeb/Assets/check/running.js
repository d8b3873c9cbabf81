// What is shown while a check runs: what is happening, how loud the voice is, the own picture.
import {button, make, sign} from './elements.js'

const quietest = -60

export class RunningView {
  constructor(texts, cancel) {
    this.texts = texts
    this.states = {}
    const say = key => texts.say(key)
    this.progress = make('progress', {max: 100, value: 0, 'aria-label': say('progress')})
    this.list = make('ul', {className: 'steps'}, ['network', 'microphone', 'camera'].map(check => this.row(check)))
    this.fill = make('span')
    this.meter = make('div', {
      className: 'meter', part: 'meter', role: 'meter', 'aria-label': say('loudness'), 'aria-valuemin': 0,
      'aria-valuemax': 100, 'aria-valuenow': 0,
    }, this.fill)
    this.video = make('video', {muted: true, autoplay: true, 'aria-label': say('own-picture')})
    this.video.setAttribute('playsinline', '')
    this.voice = make('div', {hidden: true}, make('p', {}, make('strong', {}, say('please-speak'))), this.meter)
    this.picture = make('div', {hidden: true}, this.video, make('div', {className: 'row'}, this.toggle()))
    this.content = [
      make('h2', {tabIndex: -1}, say('testing')), this.progress, this.list, this.voice, this.picture,
      make('div', {className: 'row'}, button(say('cancel'), cancel)),
    ]
  }

  row(check) {
    const words = make('span', {className: 'words'}, this.texts.say('waiting'))
    const mark = make('span', {}, sign('waiting'))
    this.states[check] = {words, mark}
    return make('li', {}, mark, make('div', {}, make('b', {}, this.texts.say(check)), make('br'), words))
  }

  toggle() {
    const press = () => {
      const isHidden = this.picture.classList.toggle('hidden-picture')
      control.textContent = this.texts.say(isHidden ? 'show-picture' : 'hide-picture')
    }
    const control = button(this.texts.say('hide-picture'), press)
    return control
  }

  step(check, words) {
    this.set(check, 'busy', this.texts.say(`step-${words}`))
    if (words === 'listening') this.voice.hidden = false
  }

  finished(check, isMeasured) {
    this.set(check, isMeasured ? 'good' : 'bad', this.texts.say(isMeasured ? 'measured' : 'could-not'))
    if (check === 'microphone') this.voice.hidden = true
    if (check === 'camera') this.picture.hidden = true
  }

  set(check, state, words) {
    this.states[check].mark.replaceChildren(sign(state))
    this.states[check].words.textContent = words
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
