import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import Testing

/// The wall clock of the programs that are run under it (libfaketime), which can be set while they run. Their
/// monotonic clock and their kernel's stamps go on as they are.
private struct SettableClock {
  private let file: String

  init(in folder: String) throws {
    file = folder + "/clock"
    try set(0)
  }

  /// In seconds ahead of the true time.
  func set(_ seconds: Int) throws {
    let text = (seconds < 0 ? "" : "+") + "\(seconds)\n"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// What runs a program under it. `faketime` itself gives only its first time, which would hold for ever.
  var words: [String] {
    [
      "/usr/bin/env", "FAKETIME_TIMESTAMP_FILE=\(file)", "FAKETIME_NO_CACHE=1", "/usr/bin/faketime", "-m",
      "--exclude-monotonic", "-f", "+0", "/usr/bin/env", "-u", "FAKETIME",
    ]
  }
}

/// The real programs, one of whose clocks is set by an hour while packets are under way, and later set right.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `A clock that is set meanwhile` {
  enum Side: CaseIterable { case nobody, client, server }
  static let cases = [(Side.nobody, 0)] + [Side.client, .server].flatMap { [($0, 3_600), ($0, -3_600)] }

  /// Ends with its input: `faketime` would not hand on a signal.
  private func withServer<Result>(
    _ words: [String], _ body: (_ http: UInt16, _ udp: UInt16) async throws -> Result
  ) async throws -> Result {
    let server = Process()
    let all =
      words + [Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0", "--end-with-stdin"]
    server.executableURL = URL(filePath: all[0])
    server.arguments = Array(all.dropFirst())
    let (life, output) = (Pipe(), Pipe())
    server.standardInput = life
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer {
      try? life.fileHandleForWriting.close()
      server.waitUntilExit()
    }
    let ready = try JSONReader.read(Array(output.fileHandleForReading.availableData))
    let ports = try ["http_port", "udp_port"].map { UInt16(try #require(ready[$0]?.integer)) }
    return try await body(ports[0], ports[1])
  }

  private func check(_ words: [String], _ port: UInt16, in folder: String) throws -> Report {
    let process = try ChildProcess.spawn(
      words + [
        Fixtures.program("precall-test"), "http://127.0.0.1:\(port)", "--only", "network", "--format",
        "json", "--quiet",
      ], environment: ["PATH": "/usr/bin:/bin", "HOME": folder], output: folder + "/report")
    let status = ChildProcess.wait(for: process)
    #expect((0...2).contains(status), "it ended with \(status)")
    return try Report(json: Array(try Data(contentsOf: URL(filePath: folder + "/report"))))
  }

  @Test(arguments: cases) func `changes no figure, and is no fault of the line`(
    side: Side, seconds: Int
  ) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let clock = try SettableClock(in: folder)
      try await withServer(side == .server ? clock.words : []) { http, udp in
        var plan = LossyRelay.Plan()
        plan.dropUp = { number in
          // While the line is idle, and once the call is rehearsed.
          if number == 70 { try? clock.set(seconds) }
          if number == 300 { try? clock.set(0) }
          return false
        }
        let relay = LossyRelay(to: udp, plan)
        let tickets = TicketRelay(to: http, replacing: udp, with: relay.port)
        defer {
          tickets.stop()
          relay.stop()
        }
        let report = try check(side == .client ? clock.words : [], tickets.port, in: folder)
        #expect(relay.truth.up > 300)
        expect(report, afterSetting: side)
      }
    }
  }

  private func expect(_ report: Report, afterSetting side: Side) {
    let rows = report.results.flatMap(\.assessments)
    func figure(_ metric: Metric) -> Int64? { rows.first { $0.metric == metric }?.measured.base }
    #expect(report.results.first?.state == .measured)
    // Set by an hour, it would show as half an hour at least; what a busy computer adds is far from that.
    #expect((10...1_000_000).contains(figure(.roundTripTime) ?? 0))
    #expect((0...1_000_000).contains(figure(.jitter) ?? -1))
    for metric in [Metric.lossUp, .lossDown] {
      if let lost = figure(metric) { #expect(lost == 0, "\(metric.id)") }
    }
    // A busy computer can delay a packet; no clock can.
    let found = report.findings.map { "\($0.kind.code)" }
    let clocks = found.filter { $0.contains("clock") || $0.contains("reflector") || $0.contains("loss") }
    #expect(clocks == [], "\(found)")
  }
}
