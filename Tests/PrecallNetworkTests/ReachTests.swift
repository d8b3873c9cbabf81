import Foundation
import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Testing

/// Runs the whole check against a port of this computer.
func measure(
  _ port: UInt16, scheme: ServerAddress.Scheme = .http, host: String = "127.0.0.1", caFile: String? = nil,
  limit: Duration = .milliseconds(9_900)
) async -> NetworkMeasurement {
  let server = ServerAddress(scheme: scheme, host: host, port: port)
  return await NetworkProbe(server: server, caFile: caFile, limit: limit).measure { _ in }
}

func codes(_ measurement: NetworkMeasurement) -> [String] {
  measurement.assessed(by: .standard).findings.map { "\($0.kind.code)" }
}

private func answer(_ status: String, _ headers: String = "", _ body: String = "") -> String {
  "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(headers)\r\n\(body)"
}

struct `Reaching the server` {
  private func code(of behaviour: MisbehavingServer.Behaviour) async -> [String] {
    let server = MisbehavingServer(behaviour)
    defer { server.stop() }
    let start = ContinuousClock.now
    let found = codes(await measure(server.port))
    #expect(ContinuousClock.now - start < .seconds(15))
    return found
  }

  @Test(arguments: [
    ("a server in trouble", answer("500 Internal Server Error"), "network.http-error"),
    ("a busy server", answer("503 Service Unavailable"), "network.server-busy"),
    ("a server that limits", answer("429 Too Many Requests"), "network.server-busy"),
    (
      "another web server", answer("404 Not Found", "Content-Type: text/html\r\n", "<html>"),
      "network.not-a-precall-server"
    ),
    (
      "a portal that redirects", answer("302 Found", "Location: http://login.invalid/\r\n"),
      "network.captive-portal"
    ),
    (
      "a portal that answers", answer("200 OK", "Content-Type: text/html\r\n", "<html>Welcome"),
      "network.captive-portal"
    ),
    ("a portal without a type", answer("200 OK", "", "\n<!doctype html>"), "network.captive-portal"),
    ("a portal by RFC 6585", answer("511 Network Authentication Required"), "network.captive-portal"),
    ("a proxy that wants a login", answer("407 Proxy Authentication Required"), "network.proxy"),
    ("bytes that are no HTTP", "\u{1}\u{2}\u{3}garbage\r\n\r\n", "network.not-a-precall-server"),
    ("an answer that is no JSON", answer("200 OK", "", "ready!"), "network.not-a-precall-server"),
    ("JSON of someone else", answer("200 OK", "", "{\"format_version\":1}"), "network.not-a-precall-server"),
    (
      "an answer cut in half", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"format",
      "network.server-closed"
    ),
    ("nothing, then the end", "", "network.server-closed"),
  ]) func `each wrong answer is its own finding`(what: String, text: String, code: String) async {
    #expect(await self.code(of: .answer(text)) == [code], "\(what)")
  }

  @Test func `a connection that is reset is the server's`() async {
    let found = await code(of: .reset)
    #expect(found == ["network.server-closed"])
  }

  @Test func `a silent server is named within the deadline`() async {
    #expect(await code(of: .silence) == ["network.server-silent"])
  }

  @Test func `an endless body is cut off`() async {
    let found = await code(of: .endless("HTTP/1.1 200 OK\r\n\r\n"))
    #expect(found == ["network.server-endless"])
  }

  @Test func `endless headers are cut off`() async {
    #expect(await code(of: .endless("HTTP/1.1 200 OK\r\nX: ")).first?.hasPrefix("network.") == true)
  }

  @Test func `an answer that dribbles is cut off`() async {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + String(repeating: " ", count: 500)
    #expect(await code(of: .dribble(text)) == ["network.server-endless"])
  }

  @Test func `redirects are not followed`() async {
    let server = MisbehavingServer(.answer(answer("307 Temporary Redirect", "Location: /v1/tickets\r\n")))
    defer { server.stop() }
    #expect(codes(await measure(server.port)) == ["network.captive-portal"])
    #expect(server.connectionCount == 1)
  }

  @Test func `a port where nobody listens is refused`() async {
    let server = MisbehavingServer(.silence)
    server.stop()
    let measurement = await measure(server.port)
    #expect(codes(measurement) == ["network.refused"])
    #expect(measurement.failure == NetworkFailure(.reach, .refused))
    #expect(measurement.packets == PacketRun())
  }

  @Test func `a name that is not there is named as such`() async {
    // Where this computer has no name server at all, nobody can say that there is no such name.
    let found = codes(await measure(80, host: "no-such-host.invalid"))
    #expect(found == ["network.unknown-host"] || found == ["network.lookup-failed"])
  }

  @Test func `an address without a route is named, at once or in time`() async {
    // 2001:db8::/32 is documentation's (RFC 3849): no route here, or silence where there is a default one.
    let found = codes(await measure(80, host: "2001:db8::1"))
    #expect(found == ["network.unreachable"] || found == ["network.connect-timeout"], "\(found)")
  }

  @Test func `the request holds the origin and no more`() async throws {
    let server = MisbehavingServer(.answer(answer("500 Oops")))
    defer { server.stop() }
    let address = try ServerAddress("http://127.0.0.1:\(server.port)/s/SECRET?key=SECRET#SECRET")
    _ = await NetworkProbe(server: address).measure { _ in }
    #expect(server.request.hasPrefix("POST /v1/tickets HTTP/1.1\r\n"))
    #expect(!server.request.contains("SECRET"))
  }

  @Test func `stopping ends a silent wait within a moment`() async {
    let server = MisbehavingServer(.silence)
    defer { server.stop() }
    let measuring = Task { await measure(server.port) }
    try? await Task.sleep(for: .milliseconds(300))
    let cancelled = ContinuousClock.now
    measuring.cancel()
    let measurement = await measuring.value
    #expect(measurement.failure == nil)
    // Seen by the server's thread: this one may have to wait for others' tests.
    while server.hungUpAt == nil, ContinuousClock.now - cancelled < .seconds(10) { await Task.yield() }
    #expect((server.hungUpAt ?? .now) - cancelled < .seconds(1))
  }
}
