import PrecallCore
import PrecallTestSupport
import Testing

/// The built command against servers that are no servers: always a finding, in time.
@Suite struct BadServerTests {
  @Test(arguments: [
    ("garbage", MisbehavingServer.Behaviour.answer("\u{1}\u{2}\u{3}garbage\r\n\r\n"), "not-a-precall-server"),
    (
      "another's words", .answer("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready!"), "not-a-precall-server"
    ),
    ("half an answer", .answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"format"), "server-closed"),
    ("a reset", .reset, "server-closed"),
    ("no end", .endless("HTTP/1.1 200 OK\r\n\r\n"), "server-endless"),
    (
      "byte after byte", .dribble("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: " ", count: 500)),
      "server-endless"
    ),
    ("nothing", .silence, "server-silent"),
  ])
  func `A server that misbehaves is found out`(
    what: String, behaviour: MisbehavingServer.Behaviour, code: String
  ) async throws {
    let (report, status) = try await check(behaviour, deadline: 15)
    #expect(report.findings.map { "\($0.kind.code)" } == ["network.\(code)"], "\(what)")
    // It is the server's fault, and says nothing against this computer.
    #expect(report.isComplete && report.results.first?.state == .partial(.serverFailed))
    #expect(status == 3)
  }

  @Test(arguments: [MisbehavingServer.Behaviour.silence, .endless("HTTP/1.1 200 OK\r\n\r\n")])
  func `The deadline ends waiting for it, and that is no pass`(
    behaviour: MisbehavingServer.Behaviour
  ) async throws {
    let (report, status) = try await check(behaviour, deadline: 1)
    #expect(report.verdict.outcome == .notMeasured)
    #expect(status == 3)
  }

  /// Looks at the line only, and expects its end within three seconds of the deadline, with nothing left.
  private func check(
    _ behaviour: MisbehavingServer.Behaviour, deadline: Int
  ) async throws -> (Report, status: Int32?) {
    let server = MisbehavingServer(behaviour)
    defer { server.stop() }
    let left = LeftBehind()
    let program = Program("precall-test", environment: left.environment, limit: deadline + 3)
    let result = try await program.run([
      "http://127.0.0.1:\(server.port)", "--only", "network", "--format", "json", "-q", "--deadline",
      "\(deadline)",
    ])
    #expect(result.code != nil, "killed, for it did not end by itself")
    #expect(result.error.isEmpty)
    try await left.expectNone()
    return (try Report(json: Array(result.output.utf8)), result.code)
  }
}
