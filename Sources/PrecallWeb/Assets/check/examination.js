// One check from its start to the engine's report: what runs beside what, and until when.
import {Deadline, bounded} from './bounded.js'
import {openDevices} from './access.js'
import {description, hasEngine} from './browser.js'
import {measureCall} from './call-path.js'
import {measureCamera} from './camera.js'
import {Engine} from './engine.js'
import {measureMicrophone, openSound} from './microphone.js'
import {measureNetwork} from './network.js'
import {judgedByServer} from './reports.js'

/** Kept back from the measuring, for the judgement and the page. */
const forJudging = 3000
const product = 'precall-check 0.1.0'

/**
 * Runs checks and keeps what they measured. `watch` hears of it: `step(check, words)`, `level(dBFS)`,
 * `picture()` which gives the video element, and `finished(check)`.
 */
export class Examination {
  constructor(server, watch) {
    this.server = server
    this.watch = watch
    this.measurements = {format_version: 1}
    this.engine = null
    /** The devices that were tested last, by their ids. */
    this.used = {}
    this.controller = new AbortController()
    this.isComplete = false
    this.isCancelled = false
  }

  /** To be called in the handler of a press: only then do browsers let a page make and take sound. */
  prepareSound() {
    try {
      this.context ??= new AudioContext()
      this.context.resume().catch(() => {})
    } catch {
      this.context = null
    }
  }

  cancel() {
    this.isCancelled = true
    this.controller.abort(new DOMException('cancelled', 'AbortError'))
  }

  close() {
    this.cancel()
    this.context?.close().catch(() => {})
    this.context = null
  }

  /** Everything asked for; `devices` says which, or by whose id. */
  async run(devices, whole) {
    const {signal} = this.controller
    const deadline = new Deadline(whole.left - forJudging)
    this.startedAt = new Date()
    const engine = this.loadEngine(deadline, signal)
    try {
      await Promise.all([
        this.line(deadline, signal), this.devices(devices, engine, deadline, signal),
        engine.then(loaded => { this.engine = loaded }),
      ])
      this.isComplete = true
    } catch (error) {
      this.nameTheRest(this.isCancelled ? 'interrupted' : 'failed', devices)
      // What still runs beside it ends as well, and its devices go off.
      this.controller.abort(error)
      throw error
    }
  }

  /** One device again, as after another was chosen. */
  async again(kind, id, whole) {
    this.controller = new AbortController()
    this.isCancelled = false
    const deadline = new Deadline(whole.left - forJudging)
    await this.devices({[kind]: id ?? true}, Promise.resolve(this.engine), deadline, this.controller.signal)
  }

  /** The engine, or nothing where the browser has no WebAssembly or some filter keeps it back. */
  async loadEngine(deadline, signal) {
    if (this.engine || !hasEngine) return this.engine
    try {
      return await bounded(Engine.load(), deadline.within(10_000), signal)
    } catch (error) {
      if (signal.aborted) throw error
      return null
    }
  }

  async line(deadline, signal) {
    const step = words => this.watch.step('network', words)
    const network = await measureNetwork(this.server, deadline, signal, step)
    this.measurements.network = network
    if (!network.failure) {
      this.watch.step('network', 'call')
      Object.assign(network, await measureCall(this.server, this.context, deadline, signal, step))
    }
    this.watch.finished('network', !network.failure)
  }

  async devices(wanted, loading, deadline, signal) {
    if (!wanted.microphone && !wanted.camera) return
    for (const kind of ['microphone', 'camera']) if (wanted[kind]) this.watch.step(kind, 'asking')
    const opened = await openDevices(wanted, deadline, signal)
    const tracks = Object.values(opened).map(one => one.track).filter(Boolean)
    const used = Object.entries(opened).map(([kind, {track}]) => [kind, track?.getSettings().deviceId])
    try {
      const engine = await loading
      await Promise.all([
        this.device('microphone', opened.microphone, engine, track =>
          this.hear(track, engine, deadline, signal)),
        this.device('camera', opened.camera, engine, track =>
          measureCamera(track, this.watch.picture(), engine, deadline, signal)),
      ])
      Object.assign(this.used, Object.fromEntries(used))
    } finally {
      // However this ends, and also where the rest of the check has failed before.
      for (const track of tracks) track.stop()
    }
  }

  async device(kind, opened, engine, measure) {
    if (!opened) return
    if (opened.track) this.watch.step(kind, kind === 'microphone' ? 'listening' : 'looking')
    if (!opened.track) this.measurements[kind] = unopened(kind, opened)
    else this.measurements[kind] = engine ? await measure(opened.track) : {not_measured: 'failed'}
    this.watch.finished(kind, Boolean(opened.track && engine))
  }

  async hear(track, engine, deadline, signal) {
    const context = await openSound(this.context, deadline, signal)
    return measureMicrophone(track, context, engine, deadline, signal, level => this.watch.level(level))
  }

  /** A check that did not come to its end is named as such, never left out. */
  nameTheRest(why, devices) {
    for (const kind of ['network', 'microphone', 'camera']) {
      if (this.measurements[kind] || (kind !== 'network' && !devices[kind])) continue
      this.measurements[kind] = {not_measured: why}
    }
  }

  /** `{text, report, request}` of what has been measured so far, by the engine or else by the server; by the standard
   * policy where the engine has a `refusal` of the clinic's. */
  async judge(policy, deadline) {
    try {
      return await this.judged(policy, deadline)
    } catch (refusal) {
      if (!policy || !refusal.isOfPolicy) throw refusal
      return {...await this.judged(undefined, deadline), refusal}
    }
  }

  async judged(policy, deadline) {
    const request = {
      measurements: this.measurements, complete: this.isComplete,
      started_at: this.startedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
      made_by: `${product} (${description()})`,
    }
    if (policy) request.policy = policy
    const text = this.engine
      ? this.engine.judge(request) : await judgedByServer(this.server, this.measurements, deadline)
    const report = JSON.parse(text)
    if (report.error) throw new Refusal(report)
    // The server knows neither when nor by whom it was measured.
    report.started_at ??= request.started_at
    report.made_by ||= request.made_by
    return {text, report, request}
  }
}

/** The engine's, which names the place in the request. */
class Refusal extends Error {
  constructor({error, path}) {
    super(`the engine refused the measurements: ${error}: ${path}`)
    this.isOfPolicy = path.startsWith('policy')
  }
}

function unopened(kind, {refusal, failure}) {
  const reason = refusal ? {refusal} : {failure}
  return kind === 'camera' ? {...reason, frames: []} : {...reason, facts: {}}
}
