import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import Subprocess
import Testing

/// `precall-test watch`, over recorded runs and over lines and servers that go away.
@Suite(.serialized) struct `Watching a line` {
  private let quiet = ["TZ": "UTC", "COLUMNS": "80"]

  private func events(_ output: String, _ name: String) throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
      .filter { $0.string("event") ?? [] == Array(name.utf8) }
  }

  @Test func `A kept run is summarised for people and for programs`() async throws {
    let file = Fixtures.path("watch/outages.jsonl")
    let human = try await Program("precall-test", environment: quiet).run(["watch", "--read", file])
    #expect(human.code == 2)
    try Golden.expect(human.output, is: "watch/outages-human.txt")
    let lines = try await Program("precall-test").run(["watch", "--read", file, "--format", "jsonl"])
    #expect(lines.code == 2)
    try Golden.expect(lines.output, is: "watch/outages-summary.jsonl")
  }

  @Test func `A kept run in which UDP never got through says so, and has no outage`() async throws {
    let file = Fixtures.path("watch/udp-blocked.jsonl")
    let human = try await Program("precall-test", environment: quiet).run(["watch", "--read", file])
    #expect(human.code == 3)
    try Golden.expect(human.output, is: "watch/udp-blocked-human.txt")
    let lines = try await Program("precall-test").run(["watch", "--read", file, "--format", "jsonl"])
    try Golden.expect(lines.output, is: "watch/udp-blocked-summary.jsonl")
  }

  @Test func `A kept run in which UDP was blocked for a while tells that outage as such`() async throws {
    let file = Fixtures.path("watch/udp-blocked-for-a-while.jsonl")
    let human = try await Program("precall-test", environment: quiet).run(["watch", "--read", file])
    try Golden.expect(human.output, is: "watch/udp-blocked-for-a-while-human.txt")
    let lines = try await Program("precall-test").run(["watch", "--read", file, "--format", "jsonl"])
    try Golden.expect(lines.output, is: "watch/udp-blocked-for-a-while-summary.jsonl")
    #expect(human.code == 2 && lines.code == 2)
  }

  @Test(.needsLinks, arguments: ["hotel-udp-blocked", "corporate-udp-refused"])
  func `A line that lets no UDP through is said to be, and not to be out`(link: String) async throws {
    let result = try await watch(link, seconds: 6)
    #expect(try events(result.output, "udp-blocked").count == 1, "\(result)")
    let summary = try #require(try events(result.output, "summary").first, "\(result)")
    #expect(summary.string("finding") == Array("network.udp-blocked".utf8))
    #expect(summary.array("outages")?.isEmpty == true)
    #expect(result.code == 3)
  }

  @Test func `A good line is steady`() async throws {
    let result = try await Program("precall-test", environment: quiet)
      .run(["watch", "--local", "--for", "4s", "--format", "jsonl"])
    let summary = try #require(try events(result.output, "summary").first)
    // On a busy computer packets may be late; an outage it is never.
    #expect(summary.array("outages")?.isEmpty == true, "\(result.output)")
    #expect(try events(result.output, "second").count >= 3)
    #expect(result.code == 0 || result.code == 1)
  }

  @Test func `Ctrl-C ends with the summary of what there was`() async throws {
    let program = Program("precall-test", environment: quiet)
      .configuration(["watch", "--local", "--for", "10m", "--format", "jsonl"])
    let result = try await Subprocess.run(program, input: .none, output: .sequence, error: .discarded) {
      execution in
      var (said, interruptedAt) = ("", ContinuousClock.Instant?.none)
      for try await block in execution.standardOutput {
        said += String(decoding: block.withUnsafeBytes { Array($0) }, as: UTF8.self)
        if interruptedAt == nil, said.contains("\"event\":\"second\"") {
          try execution.send(signal: .interrupt)
          interruptedAt = .now
        }
      }
      return (said, interruptedAt)
    }
    let (said, interruptedAt) = result.closureResult
    #expect(ContinuousClock.now - (try #require(interruptedAt, "\(said)")) < .seconds(10))
    let summary = try #require(try events(said, "summary").first, "\(said)")
    #expect((summary.integer("sent") ?? 0) > 0)
    #expect([.exited(0), .exited(1)].contains(result.terminationStatus))
  }

  @Test func `Ctrl-C before the first second is told as no measurement, or sums up what there was`()
    async throws
  {
    let result = try await Program("precall-test", environment: quiet)
      .run(["watch", "--local", "--for", "10m"], sending: .interrupt, after: "Ctrl-C ends it")
    let isTold = result.error.contains("error: ") && [3, 130].contains(result.code)
    #expect(isTold || result.output.contains("Watched for"), "\(result)")
  }

  @Test func `Who reads no more ends the watching`() async throws {
    let shell = Program("/bin/sh", limit: 30)
    let watch = [Fixtures.program("precall-test"), "watch", "--local", "--for", "1h", "--format", "jsonl"]
    let result = try await shell.run(["-c", #""$@" | head -1"#, "sh"] + watch)
    #expect(result.code == 0 && result.output.contains("watching") && result.error.isEmpty, "\(result)")
  }

  @Test func `What nohup keeps from the end of its terminal is watched on`() async throws {
    let script = #"trap '' HUP; "$@" & watch=$!; sleep 1.5; kill -HUP $watch; wait $watch"#
    let shell = Program("/bin/sh", limit: 60)
    let watch = [Fixtures.program("precall-test"), "watch", "--local", "--for", "4s", "--format", "jsonl"]
    let result = try await shell.run(["-c", script, "sh"] + watch)
    #expect(try events(result.output, "second").count >= 3, "\(result.output)")
  }

  @Test func `No server is said at once`() async throws {
    let result = try await Program("precall-test").run(["watch", "http://127.0.0.1:9", "--for", "1m"])
    #expect(result.code == 3)
    #expect(result.error.contains("switched off"))
  }

  /// Watches one of Fixtures/links for so many seconds.
  private func watch(_ link: String, seconds: Int) async throws -> Program.Result {
    let lab = LinkLab(link, server: "'\(Fixtures.program("precall-server"))' --host 0.0.0.0 --port 8080")
    let script =
      "exec '\(Fixtures.program("precall-test"))' watch http://$LINK_SERVER_ADDRESS:8080 "
      + "--for \(seconds)s --format jsonl"
    return try await lab.run(["sh", "-c", script]).client
  }

  @Test(.needsLinks) func `Packets under way at the end are not lost`() async throws {
    let result = try await watch("geo-satellite", seconds: 4)
    let summary = try #require(try events(result.output, "summary").first, "\(result)")
    // Twelve are under way at any time; the line itself loses one of 2,000.
    #expect((summary.integer("sent") ?? 0) > 40 && (summary.integer("lost") ?? .max) <= 1, "\(result.output)")
  }

  @Test(.needsLinks) func `A line that is dead for 3 s is an outage of 3 s`() async throws {
    let result = try await watch("dead-for-3-s", seconds: 12)
    let outages = try #require(try events(result.output, "summary").first?.array("outages"))
    #expect(outages.count == 1 && outages[0]["finding"] == nil, "\(result.output) \(result.error)")
    #expect(try events(result.output, "udp-blocked").isEmpty, "the whole line was dead")
    let length = try #require(outages.first?.integer("duration_us"))
    #expect((2_800_000...3_600_000).contains(length))
    #expect(result.code == 2)
  }

  @Test(.needsLinks) func `A line that a call is too fast for is uneven, and said to be`() async throws {
    let result = try await watch("dsl-1.5", seconds: 8)
    let call = try #require(try events(result.output, "call").first, "\(result)")
    #expect(call.string("outcome").map { String(decoding: $0, as: UTF8.self) } == "queue-up")
    #expect(result.code == 1, "\(result.output)")
    // It backs off: the line is its own again soon after.
    let last = try #require(try events(result.output, "second").last)
    #expect(last.integer("round_trip_us") ?? .max < 200_000, "\(result.output)")
  }

  @Test func `Any reflector is watched, and its key is checked before`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try Data((0..<32).map { UInt8($0) }).write(to: URL(filePath: "\(folder)/key"))
      try Data([1, 2, 3]).write(to: URL(filePath: "\(folder)/short"))
      let port = try LoopbackPort.free()
      let server = try start(port, ["--udp-port", "\(port)", "--stamp-key-file", "\(folder)/key"])
      defer { server.terminate() }
      func watch(_ arguments: String...) async throws -> Program.Result {
        try await Program("precall-test").run(["watch"] + arguments + ["--for", "3s"])
      }
      let address = "stamp://127.0.0.1:\(port)"
      let sealed = try await watch(address, "--stamp-key-file", "\(folder)/key")
      #expect(sealed.code == 0 || sealed.code == 1, "\(sealed)")
      let open = try await watch(address)
      #expect(open.code == 3, "without the key nothing comes back: \(open)")
      let short = try await watch(address, "--stamp-key-file", "\(folder)/short")
      #expect(short.code == 65 && short.error.contains("it has 3 bytes"), "\(short)")
      let nobody = try await watch("stamp://nobody.invalid")
      #expect(nobody.code == 3 && nobody.error.contains("address"), "\(nobody)")
      for wrong in [["stamp://"], ["stamp://1:2:3"], ["--stamp-key-file", "x"]] {
        let result = try await Program("precall-test").run(["watch"] + wrong)
        #expect(result.code == 64, "\(wrong): \(result)")
      }
    }
  }

  @Test func `A server that is killed and started again is watched on`() async throws {
    let port = try LoopbackPort.free()
    var server = try start(port)
    defer { server.terminate() }
    async let watching = Program("precall-test").run(
      ["watch", "http://127.0.0.1:\(port)", "--for", "16s", "--format", "jsonl"])
    try await Task.sleep(for: .seconds(4))
    kill(server.processIdentifier, SIGKILL)
    server.waitUntilExit()
    try await Task.sleep(for: .seconds(3))
    server = try start(port)
    let result = try await watching
    let outages = try #require(try events(result.output, "summary").first?.array("outages"))
    #expect(outages.count == 1, "\(result.output)")
    #expect(outages.first?.integer("duration_us") ?? 0 >= 2_000_000)
    let seconds = try events(result.output, "second")
    #expect(seconds.last?.integer("answered") ?? 0 > 0)
  }

  private func start(_ port: UInt16, _ options: [String] = ["--udp-port", "0"]) throws -> Foundation.Process {
    let server = Foundation.Process()
    server.executableURL = URL(filePath: Fixtures.program("precall-server"))
    server.arguments = ["--port", "\(port)"] + options
    let output = Pipe()
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    try server.run()
    _ = output.fileHandleForReading.availableData
    return server
  }
}
