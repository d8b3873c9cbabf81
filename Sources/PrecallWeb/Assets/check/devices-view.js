// Choosing another microphone or camera and testing it alone; the test sound.
import {button, make} from './elements.js'

/** Pickers for all there are, each with a test of its own; `again(kind, id)` runs it, `used` are those tested. */
export function devicesView(texts, all, again, soundContext, announce, used) {
  return make('details', {part: 'devices'},
    make('summary', {}, texts.say('devices')),
    make('div', {className: 'devices'},
      ['microphone', 'camera'].map(kind => picker(kind, all.filter(one => one.kind === kind), texts, again, used[kind])),
      speaker(texts, soundContext, announce)))
}

function picker(kind, choices, texts, again, used) {
  const id = `choose-${kind}`
  const select = make('select', {id}, choices.map((one, index) =>
    make('option', {value: one.id, selected: one.id === used}, one.label || texts.say('unnamed-device', {number: index + 1}))))
  const test = button(texts.say(`test-${kind}`), () => again(kind, select.value || undefined))
  return make('div', {},
    choices.length > 0 && [make('label', {htmlFor: id}, texts.say(kind)), select],
    make('div', {className: 'row'}, test))
}

/** Whoever can't hear passes as well: the sound tells nothing that the check needs. */
function speaker(texts, soundContext, announce) {
  const answer = key => () => {
    question.hidden = true
    announce(texts.say(key))
  }
  const question = make('div', {hidden: true},
    make('p', {tabIndex: -1}, texts.say('heard-question')),
    make('div', {className: 'row'},
      button(texts.say('heard-yes'), answer('heard-yes-answer')),
      button(texts.say('heard-no'), answer('heard-no-answer')),
      button(texts.say('heard-skip'), answer('heard-skip-answer'))))
  const play = () => {
    chime(soundContext())
    question.hidden = false
    question.querySelector('p').focus()
  }
  return make('div', {}, make('b', {}, texts.say('speaker')),
    make('div', {className: 'row'}, button(texts.say('play-sound'), play)), question)
}

/** Two soft notes, one second in all. */
function chime(context) {
  if (!context) return
  context.resume().catch(() => {})
  const start = context.currentTime + 0.05
  for (const [frequency, delay] of [[523.25, 0], [659.25, 0.4]]) {
    const tone = new OscillatorNode(context, {frequency})
    const volume = new GainNode(context, {gain: 0})
    volume.gain.setValueAtTime(0, start + delay)
    volume.gain.linearRampToValueAtTime(0.25, start + delay + 0.05)
    volume.gain.linearRampToValueAtTime(0, start + delay + 0.5)
    tone.connect(volume).connect(context.destination)
    tone.start(start + delay)
    tone.stop(start + delay + 0.55)
  }
}
