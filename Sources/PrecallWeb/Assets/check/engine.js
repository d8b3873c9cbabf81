// The engine: PrecallCore as WebAssembly. It judges; this file only carries bytes to it and back.

export class Engine {
  /** The engine of `address`, with the words for its codes of `texts`. */
  static async load(address, texts, signal) {
    const get = async (from, read) => {
      const answer = await fetch(from, {signal, credentials: 'omit'})
      if (!answer.ok) throw new Error(`the engine could not be loaded (${answer.status})`)
      return read(answer)
    }
    const [bytes, words] = await Promise.all([
      get(address, answer => answer.arrayBuffer()), get(texts, answer => answer.json()),
    ])
    return new Engine(bytes, await WebAssembly.compile(bytes), words)
  }

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
