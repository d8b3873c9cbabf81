// Asks for the microphone and the camera, and tells one refusal from another.
import {bounded, TimeUp} from './bounded.js'
import {browser, obstacle, system} from './browser.js'

/** People need time to read the question, but a check must end. */
const longestQuestion = 18_000

const sound = {echoCancellation: false, noiseSuppression: false, autoGainControl: false}
const picture = {width: {ideal: 1280}, height: {ideal: 720}}

/**
 * The devices asked for: `{microphone: {track} or {refusal} or {failure}, camera: the same}`.
 *
 * `wanted` is `{microphone: true or a device's id, camera: the same}`; what is false is left out. Both are
 * asked for in one question; only where that fails is each tried by itself.
 */
export async function openDevices(wanted, deadline, signal) {
  const kinds = ['microphone', 'camera'].filter(kind => wanted[kind])
  if (kinds.length === 0) return {}
  const barrier = obstacle()
  if (barrier) return each(kinds, () => ({refusal: barrier}))
  const ask = (some, plain) => request(some, wanted, plain, deadline, signal)
  const together = await ask(kinds)
  if (kinds.length === 1 || together[kinds[0]].track || endsTheMatter(together[kinds[0]])) return together
  const result = {}
  try {
    for (const kind of kinds) result[kind] = (await ask([kind]))[kind]
  } catch (error) {
    // Cancelled at the second question: what the first one turned on goes off.
    for (const {track} of Object.values(result)) track?.stop()
    throw error
  }
  return result
}

/** Whoever closed or missed the question is not asked twice more. */
const endsTheMatter = ({refusal}) => refusal === 'dismissed' || refusal === 'unanswered'

async function request(kinds, wanted, plain, deadline, signal) {
  let again = 1
  for (;;) {
    try {
      const stream = await granted(
        constraints(kinds, wanted, plain), deadline.within(longestQuestion), signal)
      return each(kinds, kind => ({track: tracks(stream, kind)[0]}))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error.name === 'OverconstrainedError' && !plain) plain = true
      else if (error.name === 'AbortError' && again-- > 0) continue
      else {
        const result = {}
        for (const kind of kinds) result[kind] = await reason(error, kind)
        return result
      }
    }
  }
}

function constraints(kinds, wanted, plain) {
  const of = (kind, base) => {
    if (!kinds.includes(kind)) return false
    const id = typeof wanted[kind] === 'string' && {deviceId: {exact: wanted[kind]}}
    return plain ? id || true : {...base, ...id}
  }
  return {audio: of('microphone', sound), video: of('camera', picture)}
}

/** The stream, where the answer comes within so many milliseconds; a later yes turns nothing on. */
async function granted(wish, milliseconds, signal) {
  const asked = navigator.mediaDevices.getUserMedia(wish)
  try {
    return await bounded(asked, milliseconds, signal)
  } catch (error) {
    asked.then(stream => { for (const track of stream.getTracks()) track.stop() }, () => {})
    throw error
  }
}

const tracks = (stream, kind) => kind === 'microphone' ? stream.getAudioTracks() : stream.getVideoTracks()

/** By the error's name; its words only refine, since they are no contract. */
async function reason(error, kind) {
  if (error instanceof TimeUp) return {refusal: 'unanswered'}
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError': return {refusal: await denial(error, kind)}
    case 'NotFoundError': if (await isKeptBySystem(kind)) return {refusal: 'denied-by-system'} // falls through
    case 'OverconstrainedError': // the chosen one is gone, since nothing else was wished for
      return kind === 'microphone' ? {failure: 'none'} : {failure: 'no-camera'}
    case 'NotReadableError': return {refusal: 'busy'}
    case 'TypeError': return {refusal: obstacle() ?? 'browser-failed'}
    default: return {refusal: 'browser-failed'}
  }
}

/** Firefox says that there is no device where macOS keeps it back, though it lists the device. */
async function isKeptBySystem(kind) {
  if (browser() !== 'firefox' || system() !== 'macos') return false
  return (await listed(2000)).some(one => kindOf[one.kind] === kind)
}

async function denial(error, kind) {
  if (/system/i.test(error.message)) return 'denied-by-system'
  const policy = document.permissionsPolicy ?? document.featurePolicy
  if (policy && !policy.allowsFeature(kind)) return 'blocked-by-page'
  if (/dismissed/i.test(error.message)) return 'dismissed'
  try {
    const {state} = await bounded(navigator.permissions.query({name: kind}), 1000)
    return state === 'prompt' ? 'dismissed' : 'denied'
  } catch {
    return 'denied'
  }
}

function each(kinds, make) {
  return Object.fromEntries(kinds.map(kind => [kind, make(kind)]))
}

const kindOf = {audioinput: 'microphone', videoinput: 'camera'}

/** What can be chosen from: `[{kind, id, label}]`; labels are there once access was given. */
export async function devices(deadline) {
  return (await listed(deadline.within(2000))).filter(one => kindOf[one.kind] && one.deviceId)
    .map(one => ({kind: kindOf[one.kind], id: one.deviceId, label: one.label}))
}

/** What the browser knows of, as it says it. */
async function listed(milliseconds) {
  try {
    return await bounded(navigator.mediaDevices.enumerateDevices(), milliseconds)
  } catch {
    return []
  }
}
