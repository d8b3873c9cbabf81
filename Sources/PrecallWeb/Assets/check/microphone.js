// Listens: the sound goes from the microphone into the engine on the sound's own thread, as numbers out again.
import {bounded} from './bounded.js'
import {hasSoundThread} from './browser.js'

const listenFor = 5
const longestStart = 3000

/** A sound context that a press has started; nothing where the browser has none or does not let it run. */
export async function openSound(context, deadline, signal) {
  if (!hasSoundThread || !context) return null
  try {
    await bounded(context.resume(), deadline.within(longestStart), signal)
    await bounded(
      context.audioWorklet.addModule(new URL('sound-meter.worklet.js', import.meta.url)), deadline.within(5000),
      signal)
    return context
  } catch {
    if (signal.aborted) throw signal.reason
    return null
  }
}

/** Listens to a track until stopped; each level goes to `onLevel`, each whole stretch to `onSound`. */
export function listen(track, context, engine, onLevel, onSound, seconds = listenFor) {
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const node = new AudioWorkletNode(context, 'precall-sound-meter', {
    numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: 'explicit',
    processorOptions: {engine: engine.bytes, seconds},
  })
  // Only what leads to the speakers is worked on; nothing is heard, since the meter puts nothing out.
  source.connect(node).connect(context.destination)
  node.port.onmessage = ({data}) => {
    if (data.sound) onSound(JSON.parse(new TextDecoder().decode(data.sound)))
    else onLevel(data.level)
  }
  return () => {
    node.port.postMessage('stop')
    source.disconnect()
    node.disconnect()
  }
}

/** The measurement of one microphone. */
export async function measureMicrophone(track, context, engine, deadline, signal, onLevel) {
  const settings = track.getSettings?.() ?? {}
  // The page shows the sentence to say as long as this listens.
  const facts = {asked_to_speak: true}
  if (settings.sampleRate) facts.sample_rate_hz = settings.sampleRate
  if (settings.channelCount) facts.channels_count = settings.channelCount
  if (track.muted) facts.muted = true
  if (!context) return {not_measured: 'failed'}
  let stop
  let hasLevel = false
  try {
    const sound = await bounded(new Promise((resolve, reject) => {
      track.addEventListener('ended', () => reject(new Error('unplugged')), {once: true})
      setTimeout(() => hasLevel || reject(new Error('no-data')), longestStart)
      stop = listen(track, context, engine, level => {
        hasLevel = true
        onLevel(level)
      }, resolve)
    }), deadline.within(listenFor * 1000 + longestStart), signal)
    return {facts, sound}
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error.message === 'unplugged' || error.message === 'no-data') return {failure: error.message, facts}
    return {not_measured: error.name === 'TimeUp' ? 'deadline' : 'failed'}
  } finally {
    stop?.()
  }
}
