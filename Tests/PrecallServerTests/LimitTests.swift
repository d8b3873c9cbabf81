import Glibc
import PrecallCore
import Testing

import PrecallServer

/// Clients that would use the server up.
@Suite struct LimitTests {
  /// Asks again until the answer begins as wanted; the test fails where it never does.
  static func wait(_ port: UInt16, for status: String, _ request: String) async throws -> String {
    let end = ContinuousClock.now + .seconds(30)
    while true {
      let answer = try await TestConnection.answer(port, request)
      if answer.hasPrefix("HTTP/1.1 \(status) ") || ContinuousClock.now > end { return answer }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// A download that nobody reads.
  static func stalledDownload(_ port: UInt16) async throws -> TestConnection {
    try await onThread {
      let connection = try TestConnection(port: port, receiveBuffer: 4_096)
      try connection.send("GET /v1/download?bytes=900000000 HTTP/1.1\r\nHost: t\r\n\r\n")
      _ = try connection.receive()
      return connection
    }
  }

  @Test(arguments: [(1, 5, "503", "server-busy"), (5, 1, "429", "too-many-tests")])
  func `tests beyond the limit are told when to come again`(
    all: Int, each: Int, status: String, code: String
  ) async throws {
    let configuration = MeasurementEndpointTests.configuration {
      $0.limits.tests = all
      $0.limits.testsPerAddress = each
    }
    try await withPrecallServer(configuration) { server in
      let stalled = try await Self.stalledDownload(server.httpPort)
      let answer = try await TestConnection.answer(server.httpPort, "GET /v1/download?bytes=10")
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
      #expect(answer.contains("Retry-After: "))
      #expect(try MeasurementEndpointTests.body(answer)["code"]?.string == [UInt8](code.utf8))
      withExtendedLifetime(stalled) {}
    }
  }

  @Test func `a reader that stopped loses its place at the limit of time`() async throws {
    let configuration = MeasurementEndpointTests.configuration {
      $0.limits.tests = 1
      $0.limits.testSeconds = 1
    }
    try await withPrecallServer(configuration) { server in
      let stalled = try await Self.stalledDownload(server.httpPort)
      let answer = try await Self.wait(server.httpPort, for: "200", "GET /v1/download?bytes=10")
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      withExtendedLifetime(stalled) {}
    }
  }

  @Test(arguments: ["", "GET /livez HTT", "POST /v1/tickets HTTP/1.1\r\nHost: t\r\nX: "])
  func `a connection that asks for nothing whole is closed`(start: String) async throws {
    let configuration = MeasurementEndpointTests.configuration { $0.limits.idleSeconds = 1 }
    try await withPrecallServer(configuration) { server in
      let rest = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(start)
        return try connection.receiveAll()
      }
      #expect(rest.isEmpty)
    }
  }

  @Test(arguments: [
    "GET /livez HTTP/1.1\r\nHost: t\r\nX: ",
    "POST /v1/tickets HTTP/1.1\r\nHost: t\r\nContent-Length: 90000\r\n\r\n",
    "POST /v1/upload HTTP/1.1\r\nHost: t\r\nContent-Length: 90000\r\n\r\n",
    "POST /v1/reports HTTP/1.1\r\nHost: t\r\nContent-Length: 90000\r\n\r\n",
  ]) func `a request that comes byte by byte is cut off`(start: String) async throws {
    let configuration = MeasurementEndpointTests.configuration {
      $0.limits.idleSeconds = 2
      $0.limits.testSeconds = 1
    }
    try await withPrecallServer(configuration) { server in
      let took = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(start)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(20) {
          guard (try? connection.send("a")) != nil else { break }
          usleep(100_000)
        }
        return ContinuousClock.now - start
      }
      #expect(took < .seconds(13))
    }
  }

  @Test func `a header without end is refused`() async throws {
    try await withPrecallServer(MeasurementEndpointTests.configuration()) { server in
      let answer = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send("GET /livez HTTP/1.1\r\nHost: t\r\nX: " + String(repeating: "a", count: 30_000))
        return (try? connection.receiveText()) ?? ""
      }
      #expect(!answer.hasPrefix("HTTP/1.1 200"))
    }
  }
}
