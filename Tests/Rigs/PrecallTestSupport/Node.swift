import Foundation

/// The browser's engine run by node, which has the JavaScript engine of Chromium.
package struct Node {
  package struct Missing: Error, CustomStringConvertible {
    package let description =
      "I tried to run `node`, but it is not installed; install it with `apt-get install nodejs`."
  }

  /// What node said of a run: an answer to each request, or nothing where the engine trapped.
  package struct Run {
    package var answers: [[UInt8]?]
    package var bytesOfMemoryAfterFirst: Int
    package var bytesOfMemoryAtEnd: Int
    /// How long the last round took: every request once.
    package var microseconds: Int
  }

  /// Hands each request `times` times to one instance of the engine.
  package static func judge(_ requests: [[UInt8]], by engine: URL, times: Int = 1) async throws -> Run {
    var frames = Data()
    for request in requests {
      withUnsafeBytes(of: UInt32(request.count).littleEndian) { frames.append(contentsOf: $0) }
      frames.append(contentsOf: request)
    }
    return run(try await output(of: script, engine, on: frames, String(times)))
  }

  /// What `script` writes to the file that it is given after the engine and a file of `input`.
  static func output(
    of script: String, _ engine: URL, on input: Data, _ more: String...
  ) async throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (given, answers) = (folder.appending(path: "input"), folder.appending(path: "answers"))
    try input.write(to: given)
    let arguments = ["node", "--input-type=module", "-e", script, engine.path, given.path, answers.path]
    // Wherever whoever runs the tests has it.
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let result = try await Program("/usr/bin/env", environment: ["PATH": path]).run(arguments + more)
    if result.code == 127 { throw Missing() }
    guard result.code == 0 else { throw RigError("node: \(result.status), \(result.error)") }
    return try Data(contentsOf: answers)
  }

  private static func run(_ data: Data) -> Run {
    var rest = data[...]
    func number() -> Int {
      let bytes = rest.prefix(4)
      rest = rest.dropFirst(4)
      return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var run = Run(
      answers: [], bytesOfMemoryAfterFirst: number(), bytesOfMemoryAtEnd: number(), microseconds: number())
    while !rest.isEmpty {
      let count = number()
      if count == 0xFFFF_FFFF {
        run.answers.append(nil)
      } else {
        run.answers.append([UInt8](rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
    }
    return run
  }

  /// What a page does with the engine, for every request of a file.
  private static let script = """
    import fs from 'node:fs'
    const [engine, input, output, times] = process.argv.slice(1)
    const module = new WebAssembly.Module(fs.readFileSync(engine))
    let host = new WebAssembly.Instance(module).exports
    const judge = request => {
      const at = host.precall_allocate(request.length)
      new Uint8Array(host.memory.buffer).set(request, at)
      const answer = host.precall_judge(at, request.length)
      host.precall_release(at)
      const length = new DataView(host.memory.buffer).getUint32(answer, true)
      const bytes = Buffer.from(new Uint8Array(host.memory.buffer, answer + 4, length).slice())
      host.precall_release(answer)
      return bytes
    }
    const number = value => { const b = Buffer.alloc(4); b.writeUInt32LE(value); return b }
    const frames = fs.readFileSync(input)
    const answers = []
    let first = 0, start, end
    for (let round = 0; round < Number(times); round++) {
      answers.length = 0
      start = performance.now()
      for (let i = 0; i < frames.length;) {
        const length = frames.readUInt32LE(i)
        try {
          const answer = judge(frames.subarray(i + 4, i + 4 + length))
          answers.push(number(answer.length), answer)
        } catch (error) {
          console.error(error)
          answers.push(number(0xFFFFFFFF))
          host = new WebAssembly.Instance(module).exports
        }
        i += 4 + length
      }
      end = performance.now()
      if (round === 0) first = host.memory.buffer.byteLength
    }
    const sizes = [number(first), number(host.memory.buffer.byteLength), number(Math.round((end - start) * 1000))]
    fs.writeFileSync(output, Buffer.concat([...sizes, ...answers]))
    """
}
