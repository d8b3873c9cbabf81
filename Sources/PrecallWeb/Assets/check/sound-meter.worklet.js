// Runs on the sound's own thread: hands each block of samples to the engine and keeps none.

const mostSamples = 4096
const levelEvery = 0.1

class SoundMeter extends AudioWorkletProcessor {
  constructor({processorOptions}) {
    super()
    this.seconds = processorOptions.seconds
    this.host = new WebAssembly.Instance(new WebAssembly.Module(processorOptions.engine)).exports
    this.room = this.host.precall_allocate(mostSamples * 4)
    this.begin()
    this.port.onmessage = () => { this.isOver = true }
  }

  begin() {
    this.host.precall_sound_begin(sampleRate)
    this.taken = 0
    this.told = 0
  }

  process([input]) {
    if (this.isOver) return false
    const samples = input[0]
    if (!samples || samples.length > mostSamples) return true
    new Float32Array(this.host.memory.buffer, this.room, samples.length).set(samples)
    this.host.precall_sound_take(this.room, samples.length)
    this.taken += samples.length
    if (this.taken - this.told >= levelEvery * sampleRate) this.tell()
    if (this.taken >= this.seconds * sampleRate) this.end()
    return true
  }

  tell() {
    this.told = this.taken
    this.port.postMessage({level: this.host.precall_sound_level() / 1000})
  }

  /** Hands over what was heard and listens anew, so that an hour takes no more memory than a check. */
  end() {
    const answer = this.host.precall_sound_end()
    const length = new DataView(this.host.memory.buffer).getUint32(answer, true)
    const bytes = new Uint8Array(this.host.memory.buffer, answer + 4, length).slice()
    this.host.precall_release(answer)
    this.port.postMessage({sound: bytes})
    this.begin()
  }
}

registerProcessor('precall-sound-meter', SoundMeter)
