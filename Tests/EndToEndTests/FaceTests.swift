import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// Recorded measurements, the reports that the engine makes of them, and their faces, all golden files.
@Suite struct FaceTests {
  private static let cases = (try? Fixtures.names(in: "measurements", ending: "json")) ?? []

  @Test func `a report is found behind a byte-order mark, and in the last of the lines of a run`()
    async throws
  {
    let path = Fixtures.path("reports/slow-line.json")
    let plain = try await Program("precall-test").run(["report", "show", path])
    let lines = try await Program("precall-test").run(["report", "show", path, "--format", "jsonl"])
    try await Fixtures.withTemporaryFolder { folder in
      let mark = "\u{FEFF}"
      let begun = #"{"event":"started","check":"network"}"#
      for text in [mark + (try String(contentsOfFile: path, encoding: .utf8)), begun + "\n" + lines.output] {
        try text.write(toFile: folder + "/kept", atomically: true, encoding: .utf8)
        #expect(
          try await Program("precall-test").run(["report", "show", folder + "/kept"]).output == plain.output)
      }
    }
  }

  @Test(arguments: cases)
  func `A recorded measurement gives its golden report`(_ name: String) throws {
    let measurements = try Measurements(json: try Fixtures.bytes("measurements/\(name)"))
    var report = Report(
      measurements, policy: .standard, startedAt: 1_795_470_000, madeBy: Array("precall-test".utf8))
    report.calls = measurements.rehearsedCalls(by: .standard)
    report.path = measurements.pathFacts
    try Golden.expect(String(decoding: report.json() + [0x0A], as: UTF8.self), is: "reports/\(name)")
    #expect(try Report(json: report.json()).json() == report.json(), "reading gives back what was written")
  }

  @Test(arguments: cases, ["human", "plain", "jsonl"])
  func `A report's face is a golden file`(_ name: String, format: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name)"), "--format", format])
    #expect(result.code == 0)
    let stem = name.dropLast(5)
    try Golden.expect(result.output, is: "reports/faces/\(stem).\(format).txt")
  }

  @Test(arguments: ["slow-line", "behind-a-proxy"])
  func `All figures, the way and each rehearsed call are shown on demand`(_ name: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name).json"), "-v"])
    try Golden.expect(result.output, is: "reports/faces/\(name).verbose.txt")
  }

  @Test(arguments: ["human", "plain"])
  func `Where a fault lies is shown where it was measured`(_ format: String) async throws {
    var measurements = try Measurements(json: try Fixtures.bytes("measurements/slow-line.json"))
    guard case .measured(var network) = measurements.network else {
      Issue.record("the network was not measured")
      return
    }
    var path = NetworkPath()
    var gateway = PathLeg()
    gateway.idleTimes = Array(repeating: .milliseconds(2), count: 20)
    gateway.loadedTimes = Array(repeating: .milliseconds(3), count: 20)
    gateway.idleSent = 20
    path.gateway = gateway
    network.path = path
    measurements.network = .measured(network)
    let report = Report(
      measurements, policy: .standard, startedAt: 1_795_470_000, madeBy: Array("precall-test".utf8))
    try await Fixtures.withTemporaryFolder { folder in
      let file = folder + "/placed.json"
      try String(decoding: report.json(), as: UTF8.self).write(
        toFile: file, atomically: true, encoding: .utf8)
      let result = try await Program("precall-test").run(["report", "show", file, "--format", format])
      try Golden.expect(result.output, is: "reports/faces/slow-line-placed.\(format).txt")
    }
  }

  @Test(arguments: cases)
  func `A report that is shown as JSON is the same`(_ name: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name)"), "--format", "json"])
    #expect(Array(result.output.utf8) == (try Fixtures.bytes("reports/\(name)")))
  }

  @Test(arguments: ["cat FILE | \"$@\"", "exec \"$@\" < FILE"])
  func `A report is taken from standard input too`(command: String) async throws {
    let result = try await Program("/bin/sh").run([
      "-c", command.replacing("FILE", with: "'\(Fixtures.path("reports/slow-line.json"))'"), "sh",
      Fixtures.program("precall-test"), "report", "show", "-",
    ])
    #expect(result.code == 0)
    try Golden.expect(result.output, is: "reports/faces/slow-line.human.txt")
  }

  @Test func `What a clinic says for when nothing helps stands below what to do`() async throws {
    let result = try await Program("precall-test", environment: Devices.none)
      .run(["--only", "microphone", "-q", "--policy", Fixtures.path("policies/clinic.json")])
    #expect(result.code == 2)
    try Golden.expect(result.output, is: "reports/faces/of-a-clinic.human.txt")
  }
}
