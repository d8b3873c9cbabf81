// Choosing another microphone or camera and testing it alone; the test sound.
import {button, make} from './elements.js'

/**
 * Pickers for all there are, each with a test of its own; `again(kind, id)` runs it, `used` are those tested.
 * `answer(control, words)` says words beside what was pressed.
 */
export function devicesView(texts, all, again, soundContext, answer, used) {
  return make('details', {part: 'devices'},
    make('summary', {}, texts.say('devices')),
    make('div', {className: 'devices'},
      ['microphone', 'camera'].map(kind => picker(kind, all.filter(one => one.kind === kind), texts, again, used[kind])),
      speaker(texts, soundContext, answer)))
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
function speaker(texts, soundContext, answer) {
  const reply = key => () => {
    question.hidden = true
    // What the answer may ask for next is to play it again.
    control.focus()
    answer(control, texts.say(key))
  }
  const question = make('div', {hidden: true},
    make('p', {tabIndex: -1}, texts.say('heard-question')),
    make('div', {className: 'row'},
      button(texts.say('heard-yes'), reply('heard-yes-answer')),
      button(texts.say('heard-no'), reply('heard-no-answer')),
      button(texts.say('heard-skip'), reply('heard-skip-answer'))))
  const control = button(texts.say('play-sound'), () => {
    chime(soundContext())
    answer(control, '')
    question.hidden = false
    question.querySelector('p').focus()
  })
  return make('div', {}, make('b', {}, texts.say('speaker')),
    make('div', {className: 'row'}, control), question)
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
