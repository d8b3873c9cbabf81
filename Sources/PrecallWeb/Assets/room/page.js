// What the client's and the provider's page have in common: words, steps, announcements, sound.
import {limited} from '../check/bounded.js'

const pageTitle = document.title
const wordsAddress = `/assets/room/locales/${document.documentElement.lang}.json`

/** The words at `key`, with `{name}` replaced. Without them there is no page, so it is not given up. */
export async function loadWords() {
  const words = await fetchWords()
  return (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
}

async function fetchWords() {
  for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
    const {signal, done} = limited(undefined, 8000)
    try {
      const answer = await fetch(wordsAddress, {signal})
      if (answer.ok) return await answer.json()
    } catch { /* the line is down, or the server says nothing */ } finally {
      done()
    }
    find('line').hidden = false
    await new Promise(done => setTimeout(done, wait))
  }
}

export const find = id => document.getElementById(id)

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return element
}

/** Shows one step of the page; the focus goes to its heading, unless a person is writing in the chat. */
export function showStep(id, title = pageTitle) {
  document.title = title
  const step = find(id)
  if (!step.hidden) return
  const isFirst = !find('step-loading').hidden
  for (const other of document.querySelectorAll('[data-step]')) other.hidden = other !== step
  const heading = step.querySelector('h1')
  const isWriting = !find('chat').hidden && find('chat').contains(document.activeElement)
  if (heading && !isFirst && !isWriting) heading.focus()
}

/** Makes a change in `place`; where that takes away what has the focus, it goes to `next`. */
export function keepFocus(place, next, change) {
  const focused = document.activeElement
  const hadFocus = place.contains(focused)
  change()
  if (hadFocus && (focused.disabled || !focused.getClientRects().length)) next.focus()
}

/** Said by a screen reader when there is a pause. */
export function announce(words) { find('status').textContent = words }

/** Said at once, and shown. */
export function alertOf(words) { find('alert').textContent = words }

export const time = (text, options = {hour: 'numeric', minute: '2-digit'}) =>
  new Intl.DateTimeFormat(document.documentElement.lang, options).format(new Date(text))

let sound

/** Only in the handler of a press does a browser allow a sound for later. */
function prepareSound() {
  try {
    sound ??= new AudioContext()
    return sound.resume().catch(() => {})
  } catch { sound = null }
}

/** Any press in the page turns its sound on; until there was one, a button says that it is still off. */
export function offerSound() {
  const offer = find('sound')
  offer.querySelector('button').addEventListener('click', async () => {
    await prepareSound()
    chime()
  })
  for (const kind of ['click', 'keydown']) {
    addEventListener(kind, async () => {
      await prepareSound()
      const heading = offer.closest('[data-step]').querySelector('h1')
      keepFocus(offer, heading, () => { offer.hidden = sound?.state === 'running' })
    }, {capture: true})
  }
}

/** Two soft notes. */
export function chime() {
  if (sound?.state !== 'running') return
  for (const [index, frequency] of [523, 784].entries()) {
    const start = sound.currentTime + index * 0.25
    const tone = new OscillatorNode(sound, {frequency})
    const volume = new GainNode(sound, {gain: 0})
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(0.25, start + 0.03)
    volume.gain.linearRampToValueAtTime(0, start + 0.5)
    tone.connect(volume).connect(sound.destination)
    tone.start(start)
    tone.stop(start + 0.55)
  }
}

/** Tells that the line is down, once it has been so for longer than a short cut. */
export function lineTeller(say) {
  let timer
  return isUp => {
    clearTimeout(timer)
    if (isUp !== false) {
      if (isUp && !find('line').hidden) announce(say('line-up'))
      find('line').hidden = true
    } else {
      timer = setTimeout(() => {
        find('line').hidden = false
        announce(say('line-down'))
      }, 3000)
    }
  }
}
