import FoundationEssentials
import Glibc
import PrecallCore
import PrecallTestSupport
import Subprocess
import Testing

/// Ways out: whatever ends the command, the report is kept where there is one, and no child stays behind.
@Suite struct EndingTests {
  @Test(arguments: [Signal.interrupt, .terminate, .terminalClosed])
  func `A signal keeps what there is, marked incomplete, and leaves no server`(_ signal: Signal) async throws
  {
    let left = LeftBehind()
    let result = try await Program("precall-test", environment: left.environment)
      .run(
        ["--local", "--only", "network,camera", "--format", "json"], sending: signal, after: "Checking")
    #expect(result.code == 130)
    let report = try Report(json: Array(result.output.utf8))
    #expect(!report.isComplete)
    #expect(report.results.contains { $0.state != .measured && $0.state != .notMeasured(.notAsked) })
    try await left.expectNone()
  }

  @Test func `A killed command takes its server with it`() async throws {
    let left = LeftBehind()
    let result = try await Program("precall-test", environment: left.environment)
      .run(["--local", "--only", "network"], sending: .kill, after: "Checking")
    #expect(result.code == nil)
    try await left.expectNone()
  }

  @Test func `A command that ended by itself leaves no server`() async throws {
    let left = LeftBehind()
    _ = try await Program("precall-test", environment: left.environment)
      .run(["--local", "--only", "network", "-q"])
    try await left.expectNone()
  }

  @Test func `The report of what was stopped is in the file that was asked for, marked incomplete`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      let result = try await Program("precall-test", environment: Devices.none)
        .run(
          ["--local", "--only", "network,camera", "--format", "json", "-o", folder + "/report"],
          sending: .interrupt, after: "Checking")
      #expect(result.code == 130 && result.output.isEmpty)
      let report = try Report(json: Array(String(contentsOfFile: folder + "/report", encoding: .utf8).utf8))
      #expect(!report.isComplete)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report"])
    }
  }

  @Test(.needsLinks) func `What was under way when the check was stopped is no silence of the line`()
    async throws
  {
    // While a call is rehearsed, 600 ms there and back.
    let stop = ["timeout", "--foreground", "-s", "INT", "4"]
    let result = try await LinkLab.check("geo-satellite", by: stop)
    #expect(try !Report(json: Array(result.output.utf8)).isComplete)
    #expect(result.output.contains("network.rehearsed-rate"), "\(result)")
    #expect(!result.output.contains("network.rehearsal-cut-off"), "\(result)")
  }

  @Test func `A report whose reader does not come keeps nobody from ending the command`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      // The first may come before it waits.
      let result = try await Program("precall-test", environment: Devices.none)
        .run(
          ["--only", "camera", "-o", folder + "/pipe"], sending: .interrupt, after: "camera: problem",
          again: .milliseconds(500))
      #expect(result.status == .signaled(SIGINT))
    }
  }
}
