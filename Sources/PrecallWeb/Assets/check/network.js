// The way to the server, its answer times, and what the line carries both ways. Bytes and times only: the
// engine makes the figures.
import {bounded, limited, microseconds, pause} from './bounded.js'

const pings = 25
const idleFor = 1500
const flows = 3
/** What each direction may move, and for how long. */
const downBudget = 6_000_000
/** Of a flow: what is on its way when the budget is spent comes all the same. */
const flowBudget = 2_600_000
const upBudget = 4_000_000
const loadFor = 1500
const binWidth = 50
const steadyFor = 400

class Failed extends Error {
  constructor(step, reason, status) {
    super(reason)
    this.failure = status ? {step, reason, status} : {step, reason}
  }
}

/** The measurement of the network, as far as it came. */
export async function measureNetwork(server, deadline, signal, onStep) {
  const line = new Line(server, deadline, signal)
  const result = {
    reach: {}, packets: {sent_us: [], phases: [], replies: []}, transfers: [],
    pings: {idle_us: [], download_us: [], upload_us: []},
  }
  try {
    onStep('reach')
    result.reach = await line.reach()
    onStep('answers')
    result.pings.idle_us = await line.answerTimes(idleFor)
    onStep('download')
    await line.loaded('download', result, () => line.download())
    onStep('upload')
    await line.loaded('upload', result, () => line.upload())
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof Failed) result.failure = error.failure
    else throw error
  } finally {
    line.timings.close()
  }
  return result
}

class Line {
  constructor(server, deadline, signal) {
    Object.assign(this, {server, deadline, signal, timings: new Timings()})
  }

  /** Fetches within so many milliseconds; a failure says at which step and why. */
  async fetch(step, path, milliseconds, init = {}, read = answer => answer.text()) {
    const limit = limited(this.signal, this.deadline.within(milliseconds))
    const options = {cache: 'no-store', credentials: 'omit', redirect: 'manual', signal: limit.signal, ...init}
    try {
      const answer = await fetch(this.server + path, options)
      if (answer.type === 'opaqueredirect') throw new Failed(step, 'redirected')
      if (answer.status === 503 || answer.status === 429) throw new Failed(step, 'busy', answer.status)
      if (!answer.ok) throw new Failed(step, 'http-status', answer.status)
      if (/text\/html/.test(answer.headers.get('Content-Type') ?? '')) throw new Failed(step, 'web-page')
      return await read(answer)
    } catch (error) {
      if (error instanceof Failed || this.signal.aborted) throw error
      if (limit.signal.aborted) throw new Failed(step, 'timed-out')
      // A browser does not say which: name, route, firewall, certificate and extension all look the same.
      throw new Failed(step, 'unreachable')
    } finally {
      limit.done()
    }
  }

  async reach() {
    const wall = Date.now()
    const start = performance.now()
    const text = await this.fetch('reach', '/v1/tickets', 5000, {method: 'POST'})
    const took = performance.now() - start
    let grant
    try { grant = JSON.parse(text) } catch { grant = {} }
    if (typeof grant.server_time_us !== 'number') throw new Failed('reach', 'not-precall')
    const reach = stretches(this.server + '/v1/tickets')
    reach.clock_offset_us = Math.round(grant.server_time_us - (wall + took / 2) * 1000)
    reach.proxied = false
    return reach
  }

  /** From the request to its answer. Where the browser tells its own times, what this page does meanwhile
   * (camera, meter, analysis) is not in it. */
  async ping() {
    const start = performance.now()
    await this.fetch('idle', '/v1/ping', 3000)
    const took = performance.now() - start
    const waited = this.timings.wait(this.server + '/v1/ping', start)
    return microseconds(waited > 0 && waited < took ? waited : took)
  }

  /** Answer times one after the other, the first left out: it may have opened a connection. */
  async answerTimes(milliseconds) {
    const end = performance.now() + this.deadline.within(milliseconds)
    await this.ping()
    const times = []
    while (times.length < pings && performance.now() < end) {
      times.push(await this.ping())
      await pause(20, this.signal)
    }
    return times
  }

  /** Answer times beside a transfer; a ping that a full line holds up counts for as long as it was held. */
  async loaded(load, result, transfer) {
    let isOver = false
    const times = result.pings[`${load}_us`]
    const beside = (async () => {
      await this.ping()
      while (!isOver && times.length < 200) {
        times.push(await this.ping())
        await pause(20, this.signal)
      }
    })()
    beside.catch(() => {})
    try {
      const done = await transfer()
      if (done.bytes_per_50_ms.length) result.transfers.push(done)
    } finally {
      isOver = true
    }
    await bounded(beside, this.deadline.within(3000), this.signal).catch(error => {
      if (this.signal.aborted) throw error
    })
  }

  async download() {
    const bins = new Bins()
    const limit = limited(this.signal, this.deadline.within(loadFor))
    // Ended by what a flow or all were asked for, not by the time: the line carries more than was looked for.
    let cut = false
    const flow = async () => {
      const read = async answer => {
        const reader = answer.body.getReader()
        for (;;) {
          const {done, value} = await bounded(reader.read(), this.deadline.within(loadFor + 4000), limit.signal)
          if (done) return
          bins.add(value.length)
          cut ||= bins.bytes >= downBudget
          if (cut) limit.abort()
        }
      }
      await this.fetch('download', `/v1/download?bytes=${flowBudget}`, loadFor + 4000,
        {signal: limit.signal}, read)
      cut = true
    }
    // All flows run until the budget is spent or the time is up: one that ends alone would leave the line half
    // empty, and what comes after it is no rate of the line.
    await Promise.race(Array.from({length: flows}, flow)).catch(error => {
      if (this.signal.aborted || !limit.signal.aborted) throw error
    })
    limit.abort()
    if (bins.bytes === 0) throw new Failed('download', 'timed-out')
    const transfer = bins.transfer('down', flows)
    return cut ? {...transfer, cut: true} : transfer
  }

  /** A small upload tells how much makes a second, or half of one where it was over before the line was full: so
   * the main one has half as much again. The server says what arrived when. */
  async upload() {
    const first = await this.uploads(1, 100_000)
    const second = first.arrived / 1000
    if (second > 0.8) return first.bins.transfer('up', 1, first.elapsed)
    const size = Math.min(upBudget / flows, Math.max(100_000, 150_000 / Math.max(second, 0.005) / flows))
    const main = await this.uploads(flows, Math.round(size))
    return main.bins.transfer('up', flows, main.elapsed)
  }

  async uploads(count, bytes) {
    const body = noise(bytes)
    const bins = new Bins()
    const start = performance.now()
    const sent = await Promise.all(Array.from({length: count}, async () => {
      const text = await this.fetch('upload', '/v1/upload', 8000, {method: 'POST', body})
      const took = performance.now() - start
      const receipt = JSON.parse(text)
      // Receipts take the empty way down. When a request reached the server nobody here knows: behind another
      // flow's bytes it may have waited long on the way up.
      return {receipt, took, reached: took - receipt.elapsed_us / 1000}
    }))
    const first = Math.min(...sent.map(({reached}) => reached))
    for (const {receipt, reached} of sent) {
      for (const [time, length] of receipt.arrivals) bins.add(length, reached - first + time / 1000)
    }
    // One flow's time as the server saw it, but for the smallest ones, of which it saw no duration.
    const arrived = Math.min(...sent.map(({receipt, took}) => receipt.elapsed_us > 20_000 ? took - first : took))
    // What is over so soon was in part in buffers when the server looked first: all that the page waited is
    // then the time, and the rate is a lower bound.
    const elapsed = arrived >= steadyFor ? arrived : Math.max(...sent.map(({took}) => took))
    return {bins, arrived, elapsed}
  }
}

/** What the browser itself timed of requests; unlike the page's list of them an observer misses none. */
class Timings {
  constructor() {
    this.entries = []
    this.observer = new PerformanceObserver(list => this.entries.push(...list.getEntries()))
    this.observer.observe({type: 'resource'})
  }
  close() { this.observer.disconnect() }
  /** Milliseconds from a request since `start` to its answer's first byte; 0 where the browser hides it. */
  wait(address, start) {
    const name = new URL(address, location.href).href
    const entry = [...this.entries, ...this.observer.takeRecords()]
      .filter(entry => entry.name === name && entry.startTime >= start).at(-1)
    this.entries = []
    return entry?.responseStart ? entry.responseStart - entry.requestStart : 0
  }
}

/** Bytes by the 50 ms in which they arrived. */
class Bins {
  constructor() {
    this.start = performance.now()
    this.bytes = 0
    this.bins = []
  }
  add(count, time = performance.now() - this.start) {
    const index = Math.min(1999, Math.floor(time / binWidth))
    while (this.bins.length <= index) this.bins.push(0)
    this.bins[index] += count
    this.bytes += count
    this.last = Math.max(this.last ?? 0, time)
  }
  transfer(direction, count, milliseconds = this.last) {
    return {
      direction, flows: count, counted_by: 'receiver', duration_us: Math.max(1, microseconds(milliseconds)),
      bytes_per_50_ms: this.bins,
    }
  }
}

/** Bytes that can't be compressed. */
function noise(count) {
  const part = crypto.getRandomValues(new Uint8Array(65_536))
  const whole = Math.floor(count / part.length)
  return new Blob([...Array.from({length: whole}, () => part), part.subarray(0, count % part.length)])
}

/** How long each stretch of a new connection took, as the browser timed it; nothing of a used one. */
function stretches(address) {
  const entry = performance.getEntriesByName(new URL(address, location.href).href, 'resource').at(-1)
  if (!entry?.responseStart) return {}
  const reach = {first_byte_us: microseconds(entry.responseStart - entry.requestStart)}
  if (entry.connectEnd > entry.connectStart) {
    const secured = entry.secureConnectionStart || entry.connectEnd
    reach.name_lookup_us = microseconds(entry.domainLookupEnd - entry.domainLookupStart)
    reach.connect_us = microseconds(secured - entry.connectStart)
    if (entry.secureConnectionStart) reach.tls_us = microseconds(entry.connectEnd - secured)
  }
  return reach
}

