// The way between a page and its room: events come by a stream that heals itself, actions go by POST and are
// done once however often they are sent. The link's token is sent in a header, so no log of addresses has it.

import {limited} from '../check/bounded.js'

const silence = 40_000 // the server speaks every 15 s; longer silence means that the line is dead
const stale = 18_000

export class Refused extends Error {
  constructor(status, code) {
    super(code)
    this.status = status
    this.code = code
  }

  /** Whether it is no use to ask again. */
  get isFinal() { return this.status < 500 && this.status !== 429 }
}

export class Connection {
  /** `handle(name, data)` hears of events, `line(isUp)` of the connection (null where it is not wanted any more),
   * `gone(code)` of its end. */
  constructor(token, {handle, line, gone}) {
    Object.assign(this, {token, handle, line, gone})
    this.page = Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16)).join('')
    this.last = null
    this.wake = () => {}
    addEventListener('online', () => this.refresh(0))
    addEventListener('offline', () => this.line(false))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.refresh(stale)
    })
    let wasRunning = false
    addEventListener('pagehide', () => {
      wasRunning = this.running
      this.close()
    })
    // What had ended, or goes on in another window, stays so.
    addEventListener('pageshow', event => { if (event.persisted && wasRunning) this.open() })
  }

  async ask(path, init = {}) {
    const {signal, done} = limited(undefined, 8000)
    try {
      const answer = await fetch(`/v1/room${path}`, {
        cache: 'no-store', signal, ...init, headers: {Authorization: `Bearer ${this.token}`, ...init.headers},
      })
      if (answer.ok) return answer.status === 204 ? null : await answer.json()
      const problem = await answer.json().catch(() => ({}))
      throw new Refused(answer.status, problem.code ?? 'unknown')
    } finally {
      done()
    }
  }

  /** The same, asked again where the line or the server fails: for what may be asked more than once. */
  async insist(path, init) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.ask(path, init)
      } catch (error) {
        if (error.isFinal || attempt === 4) throw error
        await pause(500 * 2 ** attempt)
      }
    }
  }

  /** Tells of all that the page may see; asked again where events have told of something newer meanwhile. */
  async catchUp() {
    for (let attempt = 0; attempt < 4; attempt++) {
      const state = await this.insist('')
      if (!this.running) return
      if (this.last !== null && state.event < this.last) continue
      this.last = state.event
      return this.handle('state', state)
    }
  }

  /** Does an action: once, since it is tried again with the same key. */
  act(action) {
    return this.insist('/actions', {
      method: 'POST', body: JSON.stringify(action),
      headers: {'Content-Type': 'application/json', 'Idempotency-Key': newKey()},
    })
  }

  open() {
    if (this.running) return
    this.running = true
    this.follow(this.turn = {})
  }

  close() {
    this.running = false
    this.abort?.abort()
    this.wake()
    this.line(null)
  }

  /** Connects anew where nothing has been heard for that long: after sleep, or a change of network. */
  refresh(silentFor) {
    if (!this.running) return
    if (performance.now() - (this.heard ?? 0) >= silentFor) this.abort?.abort()
    this.wake()
  }

  /** Until it is closed, or has another `turn`. */
  async follow(turn) {
    let wait = 0
    const isOver = () => !this.running || this.turn !== turn
    while (!isOver()) {
      try {
        await this.stream(() => { wait = 0 })
      } catch (error) {
        if (!isOver() && error instanceof Refused && [403, 404, 410].includes(error.status)) {
          this.close()
          return this.gone(error.code)
        }
      }
      if (isOver()) return
      this.line(false)
      wait = Math.min(15_000, wait ? wait * 2 : 500)
      await Promise.race([pause(wait * (0.75 + Math.random() / 2)), new Promise(done => { this.wake = done })])
    }
  }

  async stream(connected) {
    this.abort = new AbortController()
    const headers = {Authorization: `Bearer ${this.token}`, Accept: 'text/event-stream'}
    if (this.last !== null) headers['Last-Event-ID'] = this.last
    let watchdog = setTimeout(() => this.abort.abort(), 10_000)
    try {
      const answer = await fetch(`/v1/room/events?page=${this.page}`, {
        headers, cache: 'no-store', signal: this.abort.signal,
      })
      if (!answer.ok) throw new Refused(answer.status, (await answer.json().catch(() => ({}))).code)
      connected()
      this.line(true)
      const reader = answer.body.getReader()
      const decoder = new TextDecoder()
      for (let text = ''; ;) {
        clearTimeout(watchdog)
        watchdog = setTimeout(() => this.abort.abort(), silence)
        this.heard = performance.now()
        const {done, value} = await reader.read()
        if (done) return
        text += decoder.decode(value, {stream: true})
        const blocks = text.split('\n\n')
        text = blocks.pop()
        for (const block of blocks) this.receive(block)
      }
    } finally {
      clearTimeout(watchdog)
    }
  }

  receive(block) {
    const fields = {}
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ')
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2)
    }
    if (!fields.event || !this.running) return
    const number = fields.id === undefined ? null : Number(fields.id)
    // A state stands for everything before it; any other event counts once.
    if (number !== null && fields.event !== 'state' && this.last !== null && number <= this.last) return
    if (number !== null) this.last = number
    this.handle(fields.event, JSON.parse(fields.data))
  }
}

const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds))

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** The last part of the address, with or without a slash behind it: the secret of the link. */
export const tokenOfPage = () => location.pathname.split('/').filter(Boolean).pop()
