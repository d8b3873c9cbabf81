import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Subprocess
import Testing

/// Ways out: whatever ends the command, the report is kept where there is one, and no child stays behind.
@Suite struct EndingTests {
  @Test(arguments: [Signal.interrupt, Signal.terminate])
  func `A signal keeps what there is, marked incomplete, and leaves no server`(_ signal: Signal) async throws
  {
    let mark = UUID().uuidString
    let result = try await Program("precall-test", environment: ["PRECALL_MARK": mark])
      .run(
        ["--local", "--only", "network,camera", "--format", "json"], sending: signal, after: "Checking",
        deadline: .seconds(30))
    #expect(result.code == 130)
    let report = try Report(json: Array(result.output.utf8))
    #expect(!report.isComplete)
    #expect(report.results.contains { $0.state != .measured && $0.state != .notMeasured(.notAsked) })
    try await expectNoneLeft(mark)
  }

  @Test func `A killed command takes its server with it`() async throws {
    let mark = UUID().uuidString
    let result = try await Program("precall-test", environment: ["PRECALL_MARK": mark])
      .run(["--local", "--only", "network"], sending: .kill, after: "Checking", deadline: .seconds(30))
    #expect(result.code == nil)
    try await expectNoneLeft(mark)
  }

  @Test func `A command that ended by itself leaves no server`() async throws {
    let mark = UUID().uuidString
    _ = try await Program("precall-test", environment: ["PRECALL_MARK": mark])
      .run(["--local", "--only", "network", "-q"])
    try await expectNoneLeft(mark)
  }

  /// Waits until no process has the mark in its environment, twenty seconds at most.
  private func expectNoneLeft(_ mark: String) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if Self.processes(marked: mark).isEmpty { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("left behind: \(Self.processes(marked: mark))")
  }

  private static func processes(marked mark: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { name in
      guard Int(name) != nil else { return false }
      let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ") ?? Data()
      return String(decoding: environment, as: UTF8.self).contains(mark)
    }
  }
}
