// The path that a call takes: WebRTC from this page through the relay and back into this page.
import {bounded, microseconds, pause, TimeUp} from './bounded.js'
import {hasCalls} from './browser.js'
import {madeUpMedia} from './made-up-media.js'

const longestConnect = 4000
const runFor = 6000
/** So much more than standard video needs (750 kbit/s) that it is seen to hold: encoders stay below it. */
const pictureRate = 1_200_000
/** Until then the sender finds out what the way carries; of the picture only what comes after it is counted. */
const pictureSettles = 2000
/** A picture that was counted for less than this makes no figure. */
const shortestPicture = 2000
const untested = {attempts: [], round_trip_us: [], jitter_us: []}

/**
 * `{call, partial}`: the measurement of the call's path, which is `untested` where no relay is set up, and why
 * there is none though one may be.
 */
export async function measureCall(server, context, deadline, signal, onStep) {
  if (!hasCalls) return {call: untested}
  let relay
  try {
    relay = await relayOf(server, deadline, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return {call: untested, partial: error instanceof TimeUp && deadline.left === 0 ? 'deadline' : 'failed'}
  }
  return {call: relay ? await tryRelay(relay, context, deadline, signal, onStep) : untested}
}

async function tryRelay(relay, context, deadline, signal, onStep) {
  // Some browsers take seconds to start a sound context; without it the call has no sound.
  await bounded(Promise.resolve(context?.resume()), deadline.within(3000), signal).catch(() => {})
  if (signal.aborted) throw signal.reason
  const attempts = []
  for (const url of relay.urls) {
    if (deadline.left < 1000) break
    onStep(transportOf(url))
    const servers = [{urls: [url], username: relay.username, credential: relay.credential}]
    const loop = new Loop(servers, context)
    try {
      const attempt = await loop.connect(deadline, signal)
      attempts.push({transport: transportOf(url), ...attempt})
      if (attempt.outcome === 'connected') return {attempts, ...await loop.run(deadline, signal)}
    } finally {
      loop.close()
    }
  }
  return {...untested, attempts}
}

/** The way to the relay; nothing where the server has none. */
async function relayOf(server, deadline, signal) {
  const options = {method: 'POST', cache: 'no-store', credentials: 'omit'}
  const answer = await bounded(fetch(server + '/v1/turn-credentials', options), deadline.within(4000), signal)
  const json = await bounded(answer.json(), deadline.within(4000), signal)
  if (json.code === 'no-turn-server') return null
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  const order = {udp: 0, tcp: 1, tls: 2}
  json.urls.sort((one, other) => order[transportOf(one)] - order[transportOf(other)])
  return json
}

function transportOf(url) {
  if (url.startsWith('turns:')) return 'tls'
  return /transport=tcp/.test(url) ? 'tcp' : 'udp'
}

/** Two ends in one page, each behind the relay. */
class Loop {
  constructor(iceServers, context) {
    const settings = {iceServers, iceTransportPolicy: 'relay', bundlePolicy: 'max-bundle'}
    this.near = new RTCPeerConnection(settings)
    this.far = new RTCPeerConnection(settings)
    this.media = madeUpMedia(context)
    for (const track of this.media.stream.getTracks()) this.near.addTrack(track, this.media.stream)
    this.sink = document.createElement('video')
    this.sink.muted = true
    this.far.ontrack = ({streams}) => {
      this.sink.srcObject = streams[0]
      this.sink.play().catch(() => {})
    }
  }

  close() {
    this.sink.srcObject = null
    this.near.close()
    this.far.close()
    this.media.stop()
  }

  async connect(deadline, signal) {
    const start = performance.now()
    try {
      const outcome = await bounded(this.outcome(), deadline.within(longestConnect), signal)
      const connect_us = microseconds(performance.now() - start)
      return outcome === 'connected' ? {outcome, connect_us} : {outcome}
    } catch {
      if (signal.aborted) throw signal.reason
      return {outcome: 'blocked'}
    }
  }

  outcome() {
    return new Promise((resolve, reject) => {
      let hasCandidate = false
      for (const [end, other] of [[this.near, this.far], [this.far, this.near]]) {
        end.onicecandidate = ({candidate}) => {
          if (candidate?.candidate) hasCandidate = true
          if (candidate) other.addIceCandidate(candidate).catch(() => {})
          else if (!hasCandidate) resolve('blocked')
        }
        // Only a refusal is certain at once: another address of the same relay may still answer.
        end.onicecandidateerror = ({errorCode}) => { if (errorCode === 401) resolve('refused') }
        end.onconnectionstatechange = () => {
          if (end.connectionState === 'failed') resolve('blocked')
          const both = [this.near, this.far].every(one => one.connectionState === 'connected')
          if (both) resolve('connected')
        }
      }
      this.negotiate().catch(reject)
    })
  }

  async negotiate() {
    await this.near.setLocalDescription()
    await this.far.setRemoteDescription(this.near.localDescription)
    await this.far.setLocalDescription()
    await this.near.setRemoteDescription(this.far.localDescription)
    for (const sender of this.near.getSenders().filter(one => one.track?.kind === 'video')) {
      const parameters = sender.getParameters()
      for (const encoding of parameters.encodings) encoding.maxBitrate = pictureRate
      await sender.setParameters(parameters)
    }
  }

  /** Lets the call run, and notes each second what both ends count. */
  async run(deadline, signal) {
    const start = performance.now()
    const end = start + deadline.within(runFor)
    const notes = {round_trip_us: [], jitter_us: []}
    const picture = new PictureCount(start)
    while (performance.now() < end) {
      await pause(Math.min(1000, Math.max(0, end - performance.now())), signal)
      await bounded(this.note(notes, picture), 2000, signal)
    }
    if (picture.stream) notes.video = picture.stream
    notes.duration_us = microseconds(performance.now() - start)
    return notes
  }

  async note(notes, picture) {
    const streams = [...(await this.far.getStats()).values()].filter(one => one.type === 'inbound-rtp')
    const sound = streams.find(one => one.kind === 'audio')
    if (sound) noteSound(sound, notes)
    // Of a picture that never came there is nothing, which counts.
    picture.note(streams.find(one => one.kind === 'video') ?? {})
    for (const report of (await this.near.getStats()).values()) {
      const time = report.type === 'candidate-pair' && report.nominated
        ? report.currentRoundTripTime : undefined
      if (time > 0) notes.round_trip_us.push(microseconds(time * 1000))
    }
  }
}

function noteSound(report, notes) {
  notes.audio = counts(report)
  if (report.jitter !== undefined) notes.jitter_us.push(microseconds(report.jitter * 1000))
}

const counts = report => ({
  received_count: report.packetsReceived ?? 0, lost_count: Math.max(0, report.packetsLost ?? 0),
  received_bytes: report.bytesReceived ?? 0,
})

/** What came of the picture once the sender had settled. */
class PictureCount {
  constructor(start) {
    this.start = start
  }

  note(report) {
    const now = performance.now()
    const here = {...counts(report), frames_count: report.framesDecoded ?? 0}
    if (!this.first) {
      if (now - this.start >= pictureSettles) Object.assign(this, {first: here, since: now})
      return
    }
    if (now - this.since < shortestPicture) return
    this.stream = {duration_us: microseconds(now - this.since)}
    for (const key of Object.keys(here)) this.stream[key] = Math.max(0, here[key] - this.first[key])
  }
}
