// The engine: PrecallCore as WebAssembly. It judges; this file only carries bytes to it and back.

import {limited} from './bounded.js'

const address = new URL('../precall-engine.wasm', import.meta.url)
const textsAddress = new URL('../catalogue.json', import.meta.url)
const longest = 30_000
let loading

export class Engine {
  /** Fetches the engine and its words while nobody waits for them: a line that dies later can still be judged. */
  static preload() {
    loading ??= fetchAll().catch(error => {
      loading = null
      throw error
    })
    return loading
  }

  /** A new engine, with the words for its codes. */
  static async load() { return new Engine(...await Engine.preload()) }

  constructor(bytes, module, texts) {
    /** For a thread of its own, as the sound's. */
    this.bytes = bytes
    this.module = module
    this.texts = texts
    this.start()
  }

  start() {
    this.host = new WebAssembly.Instance(this.module).exports
    this.picture = 0
    this.pictureSize = 0
  }

  /** The report on `request`, as text; a trap of the engine is an error, and the next call has a new one. */
  judge(request) {
    const bytes = new TextEncoder().encode(JSON.stringify({...request, texts: this.texts}))
    return this.guarded(() => {
      const at = this.host.precall_allocate(bytes.length)
      if (!at) throw new Error('the measurements are too long')
      new Uint8Array(this.host.memory.buffer).set(bytes, at)
      const answer = this.host.precall_judge(at, bytes.length)
      this.host.precall_release(at)
      return take(this.host, answer)
    })
  }

  beginFrames() {
    this.host.precall_frames_begin()
  }

  /** Looks at the pixels of an ImageData; the engine overwrites its copy. */
  takeFrame(image, milliseconds) {
    this.guarded(() => {
      if (this.pictureSize < image.data.length) {
        this.host.precall_release(this.picture)
        this.picture = this.host.precall_allocate(image.data.length)
        this.pictureSize = image.data.length
      }
      new Uint8Array(this.host.memory.buffer).set(image.data, this.picture)
      image.data.fill(0)
      this.host.precall_frames_take(this.picture, image.width, image.height, milliseconds * 1000)
    })
  }

  endFrames() {
    return this.guarded(() => JSON.parse(take(this.host, this.host.precall_frames_end())))
  }

  guarded(body) {
    try {
      return body()
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.start()
      throw error
    }
  }
}

/** The text behind its length at `answer`, which is given back. */
function take(host, answer) {
  const length = new DataView(host.memory.buffer).getUint32(answer, true)
  const text = new TextDecoder().decode(new Uint8Array(host.memory.buffer, answer + 4, length))
  host.precall_release(answer)
  return text
}

async function fetchAll() {
  const {signal, done} = limited(undefined, longest)
  const get = async (from, read) => {
    const answer = await fetch(from, {signal, credentials: 'omit'})
    if (!answer.ok) throw new Error(`the engine could not be loaded (${answer.status})`)
    return read(answer)
  }
  try {
    const [bytes, words] = await Promise.all([
      get(address, answer => answer.arrayBuffer()), get(textsAddress, answer => answer.json()),
    ])
    return [bytes, await WebAssembly.compile(bytes), words]
  } finally {
    done()
  }
}
