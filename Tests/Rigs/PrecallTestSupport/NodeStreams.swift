import Foundation

/// Sound and pictures handed to the browser's engine in node, as the page and its sound thread do.
extension Node {
  package enum Stream: Sendable {
    /// Samples at so many a second, in blocks of 128, as an AudioWorklet gets them.
    case sound(rate: Int, [Float])
    case pictures([Picture])
  }

  package struct Picture: Sendable {
    package var microseconds: Int64
    package var width: Int
    package var height: Int
    package var rgba: [UInt8]

    package init(at microseconds: Int64, width: Int, height: Int, rgba: [UInt8]) {
      self.microseconds = microseconds
      self.width = width
      self.height = height
      self.rgba = rgba
    }
  }

  package struct Heard: Sendable, Equatable {
    package var json: [UInt8]
    /// What the live meter shows after every tenth of a second, in thousandths of dBFS; none of pictures.
    package var levels: [Int32]

    package init(json: [UInt8], levels: [Int32]) {
      self.json = json
      self.levels = levels
    }
  }

  /// What one instance of the engine says of each stream, one after the other. A sample or a point that the
  /// engine has taken and not overwritten is an error.
  package static func follow(_ streams: [Stream], by engine: URL) async throws -> [Heard] {
    let input = streams.reduce(into: Data()) { $1.append(to: &$0) }
    var rest = try await output(of: streamScript, engine, on: input)[...]
    func frame() -> [UInt8] {
      let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      defer { rest = rest.dropFirst(4 + count) }
      return [UInt8](rest.dropFirst(4).prefix(count))
    }
    return streams.map { _ in
      let (json, levels) = (frame(), frame())
      return Heard(
        json: json,
        levels: stride(from: 0, to: levels.count, by: 4).map { start in
          Int32(truncatingIfNeeded: levels[start..<start + 4].reversed().reduce(0) { $0 << 8 | Int($1) })
        })
    }
  }

  private static let streamScript = """
    import fs from 'node:fs'
    const [engine, input, output] = process.argv.slice(1)
    const host = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(engine))).exports
    const room = host.precall_allocate(1 << 20)
    const bytes = fs.readFileSync(input)
    const answers = []
    let at = 0
    const number = () => bytes.readUInt32LE((at += 4) - 4)
    const frame = part => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(part.length)
      answers.push(length, part)
    }
    const text = answer => {
      const length = new DataView(host.memory.buffer).getUint32(answer, true)
      const copy = Buffer.from(new Uint8Array(host.memory.buffer, answer + 4, length).slice())
      host.precall_release(answer)
      return copy
    }
    const hand = (part, take) => {
      new Uint8Array(host.memory.buffer).set(part, room)
      take()
      if (new Uint8Array(host.memory.buffer, room, part.length).some(one => one !== 0)) throw new Error('it was kept')
    }
    const sound = (rate, count) => {
      const levels = []
      host.precall_sound_begin(rate)
      for (let done = 0, told = 0; done < count;) {
        const block = Math.min(128, count - done)
        hand(bytes.subarray(at, at += block * 4), () => host.precall_sound_take(room, block))
        done += block
        if (done - told >= 0.1 * rate) { levels.push(host.precall_sound_level()); told = done }
      }
      frame(text(host.precall_sound_end()))
      frame(Buffer.from(Int32Array.from(levels).buffer))
    }
    const pictures = count => {
      host.precall_frames_begin()
      for (let index = 0; index < count; index++) {
        const [time, width, height] = [number(), number(), number()]
        hand(bytes.subarray(at, at += width * height * 4), () => host.precall_frames_take(room, width, height, time))
      }
      frame(text(host.precall_frames_end()))
      frame(Buffer.alloc(0))
    }
    while (at < bytes.length) number() === 0 ? sound(number(), number()) : pictures(number())
    fs.writeFileSync(output, Buffer.concat(answers))
    """
}

extension Node.Stream {
  /// As the script reads it.
  fileprivate func append(to data: inout Data) {
    func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
    switch self {
    case .sound(let rate, let samples):
      for value in [0, rate, samples.count] { append(UInt32(value)) }
      for sample in samples { append(sample.bitPattern) }
    case .pictures(let pictures):
      for value in [1, pictures.count] { append(UInt32(value)) }
      for picture in pictures {
        for value in [Int(picture.microseconds), picture.width, picture.height] { append(UInt32(value)) }
        data.append(contentsOf: picture.rgba)
      }
    }
  }
}
