import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import Testing

import PrecallServer

/// Whose word is taken for a client's address behind a reverse proxy.
@Suite struct TrustedProxyTests {
  typealias Host = WaitingRoomHost

  private static let cases: [(peer: String, fields: [String], client: String)] = [
    ("127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
    ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"),
    ("::ffff:127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
    // What the client wrote itself stands before what the proxy appended.
    ("127.0.0.1", ["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
    ("127.0.0.1", ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
    ("127.0.0.1", ["127.0.0.1, 192.0.2.7"], "192.0.2.7"),
    // Two proxies, one behind the other.
    ("127.0.0.1", ["192.0.2.7, 10.0.0.2"], "192.0.2.7"),
    ("127.0.0.1", ["198.51.100.1, 192.0.2.7\t,\t10.0.0.2 "], "192.0.2.7"),
    // No proxy of ours: nothing that it says counts.
    ("192.0.2.9", ["192.0.2.7"], "192.0.2.9"), ("::1", ["192.0.2.7"], "::1"),
    // Nothing that could be an address.
    ("127.0.0.1", [], "127.0.0.1"), ("127.0.0.1", [""], "127.0.0.1"),
    ("127.0.0.1", ["unknown"], "127.0.0.1"), ("127.0.0.1", ["192.0.2.7, nonsense"], "127.0.0.1"),
    ("127.0.0.1", ["192.0.2.7:443"], "127.0.0.1"), ("127.0.0.1", ["192.0.2.7 198.51.100.1"], "192.0.2.7"),
    ("127.0.0.1", ["192.0.2.7/8, /etc/passwd"], "127.0.0.1"),
    ("127.0.0.1", [String(repeating: "1", count: 8_000)], "127.0.0.1"),
    ("", ["192.0.2.7"], ""),
  ]

  @Test func `only a proxy of ours is believed, and only what it appended`() throws {
    let proxies = try #require(TrustedProxies(["127.0.0.1", "10.0.0.2"]))
    for (peer, fields, client) in Self.cases {
      #expect(proxies.client(of: peer, forwarded: fields) == client, "\(peer), \(fields)")
      #expect(TrustedProxies.none.client(of: peer, forwarded: fields) == peer)
    }
    for bad in ["", "proxy.example.org", "10.0.0.0/8", "10.0.0.2:80"] {
      #expect(TrustedProxies([bad]) == nil)
    }
  }

  /// Guesses from `forwarded` until no more are taken; how many were.
  private static func guesses(_ host: Host, _ forwarded: (Int) -> String) async throws -> Int {
    for count in 0..<60 {
      let fields = [("X-Forwarded-For", forwarded(count))]
      if try await host.ask(.GET, "/v1/room", as: "wrong-\(count)", headers: fields).status == 429 {
        return count
      }
    }
    return 60
  }

  @Test func `behind a proxy each client has limits of its own, and no header makes new ones`() async throws {
    let proxies = try #require(TrustedProxies(["127.0.0.1"]))
    try await Host.with({ $0.proxies = proxies }) { host in
      let first = try await Self.guesses(host) { "198.51.100.\($0), 192.0.2.7" }
      #expect(first < 60, "what stood there before was believed")
      let again = try await Self.guesses(host) { _ in "192.0.2.7" }
      #expect(again == 0)
      let other = try await Self.guesses(host) { _ in "192.0.2.8" }
      #expect(other > 0, "another client waits for the first")
    }
    try await Host.with { host in
      let stranger = try await Self.guesses(host) { "192.0.2.\($0)" }
      #expect(stranger < 60, "a stranger's header was believed")
    }
  }
}
