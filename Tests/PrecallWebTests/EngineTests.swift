import Foundation
import PrecallCore
import PrecallTestSupport
import PrecallWeb
import Testing

private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Fixtures").standardizedFileURL

/// The engine that the browser runs, held against the native one.
@Suite struct EngineTests {
  /// Requests of every recorded measurement, and with a policy, moment and maker of its own.
  private func requests() throws -> [[UInt8]] {
    let folder = fixtures.appending(path: "measurements")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    var requests: [[UInt8]] = []
    for file in files where file.hasSuffix(".json") {
      let measurements = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      requests.append([UInt8]("{\"measurements\":\(measurements)}".utf8))
      let more = """
        "complete":false,"started_at":"2026-11-23T22:10:00Z","made_by":"a test","policy":{"format_version":1,\
        "name":"Klinik Süd","fallback":"555 0100","ready":"hd-video","rates":{"hd-video_mbps":2.5}}
        """
      requests.append([UInt8]("{\"measurements\":\(measurements),\(more)}".utf8))
    }
    try #require(!requests.isEmpty)
    return requests
  }

  @Test func `the browser's report is the native report, byte for byte`() async throws {
    let requests = try requests()
    let answers = try await Node.judge(requests, by: engine).answers
    for (request, answer) in zip(requests, answers) {
      let native = Judge.answer(to: request)
      #expect(
        native.starts(with: Array("{\n  \"format_version\": 1".utf8)), "\(text(request)): \(text(native))")
      #expect(answer == native)
    }
  }

  @Test func `with the catalogue's words it is the report of the native programs`() async throws {
    let files = ["good-line-and-devices.json", "server-refuses.json"]
    for file in files {
      let measurements = try Data(contentsOf: fixtures.appending(path: "measurements/\(file)"))
      let request =
        Array("{\"measurements\":".utf8) + measurements + Array(",\"texts\":".utf8) + Texts.catalogue
      let native = Report(try Measurements(json: Array(measurements)), policy: .standard).json()
      #expect(try await Node.judge([request + Array("}".utf8)], by: engine).answers == [native])
    }
  }

  @Test func `the browser's errors are the native errors`() async throws {
    let requests = [
      "", "x", "[]", "{}", "{\"measurements\":", "{\"measurements\":3}",
      "{\"measurements\":{\"format_version\":2}}",
      "{\"measurements\":{\"format_version\":1,\"network\":{\"not_measured\":\"rain\"}}}",
      "{\"measurements\":{\"format_version\":1},\"complete\":1}",
      "{\"measurements\":{\"format_version\":1},\"started_at\":\"today\"}",
      "{\"measurements\":{\"format_version\":1},\"policy\":{\"format_version\":1,\"redy\":1}}",
      "{\"measurements\":{\"format_version\":1},\"measurements\":{}}",
      "{\"measurements\":{\"format_version\":1},\"policy\":{\"format_version\":1,\"rates\":{\"hd-video_kbps\":3}}}",
    ].map { [UInt8]($0.utf8) }
    let answers = try await Node.judge(requests, by: engine).answers
    for (request, answer) in zip(requests, answers) {
      let native = Judge.answer(to: request)
      #expect(native.starts(with: Array("{\"error\":".utf8)), "\(text(request))")
      #expect(answer == native, "\(text(request))")
    }
  }

  @Test func `memory stays as it is over twenty thousand judgements`() async throws {
    let requests = try requests()
    let run = try await Node.judge(requests, by: engine, times: 20_000 / requests.count + 1)
    #expect(run.bytesOfMemoryAfterFirst > 0)
    #expect(run.bytesOfMemoryAtEnd == run.bytesOfMemoryAfterFirst)
  }

  @Test func `garbage never traps, and is refused as natively`() async throws {
    var random = Mutations(seed: 2)
    let seeds = try requests()
    let requests = (0..<3_000).map { random.mutated(seeds[$0 % seeds.count]) }
    let answers = try await Node.judge(requests, by: engine).answers
    for (request, answer) in zip(requests, answers) {
      #expect(answer != nil && answer == Judge.answer(to: request), "\(request)")
    }
  }

  /// The documents that need the most memory for their length.
  @Test func `the heaviest requests are refused within the memory there is`() async throws {
    let room = Judge.maximumBytes - 100
    let nests = String(repeating: "[", count: 29) + String(repeating: "]", count: 29) + ","
    let object = "{" + (0..<250).map { "\"\($0)\":0" }.joined(separator: ",") + "},"
    let requests = ["0,", "[0],", "\"a\",", "{\"a\":0},", "\"\\u0000\",", nests, object].map { unit in
      let body = String(repeating: unit, count: room / unit.utf8.count)
      return [UInt8]("{\"x\":[\(body)0]}".utf8)
    }
    for answer in try await Node.judge(requests, by: engine).answers {
      #expect(answer.map(text) == "{\"error\":\"this is missing\",\"path\":\"measurements\"}")
    }
  }

  @Test func `the engine is small`() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-9c", engine.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let packed = try pipe.fileHandleForReading.readToEnd()?.count ?? 0
    process.waitUntilExit()
    let raw = try Data(contentsOf: engine).count
    print("precall-engine.wasm: \(raw) bytes, \(packed) with gzip -9")
    #expect(packed > 0)
    // The aim of 30 kB is still open, and each finding adds some 200 bytes. The flags of compiler and linker are at
    // their end; without what only programs measure (test packets 9.7 kB, computer 1.8) and without reading a policy
    // (4.8) it would be 47 kB.
    #expect(packed < 72_000)
  }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
