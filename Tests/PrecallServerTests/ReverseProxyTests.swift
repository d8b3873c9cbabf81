import Foundation
import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import Testing

import PrecallServer

/// Behind a real nginx that is set up word for word as the README says.
@Suite struct ReverseProxyTests {
  typealias Host = WaitingRoomHost

  /// The README's block, before a server at `port` in place of its example's.
  private static func advice(_ port: UInt16) throws -> String {
    let readme = try String(contentsOf: Fixtures.root.appending(path: "README.md"), encoding: .utf8)
    let block = try #require(readme.firstMatch(of: /(?s)    location \/ \{.*?\n    \}/)).output
    let parts = block.components(separatedBy: "127.0.0.1:8080")
    try #require(parts.count == 2)
    return parts.joined(separator: "127.0.0.1:\(port)")
  }

  /// The same server twice: as its proxy and as everybody else reaches it.
  private static func with(
    _ more: String = "", trusting proxy: String = "127.0.0.1",
    _ body: @escaping @Sendable (_ proxied: Host, _ direct: Host) async throws -> Void
  ) async throws {
    let proxies = try #require(TrustedProxies([proxy]))
    try await Host.with({ $0.proxies = proxies }) { host in
      try await Nginx.with(more + (try advice(host.port))) { port in
        try await body(Host(port: port, clock: host.clock), host)
      }
    }
  }

  /// The server is a program of its own: in the tests' process it waits for its turn among them.
  @Test func `the whole check of the network passes through it`() async throws {
    let result = try await withServer(["--trusted-proxy", "127.0.0.1"]) { server in
      try await Nginx.with(try Self.advice(server.httpPort)) { port in
        try await Program("precall-test").run(
          ["http://127.0.0.1:\(port)", "--only", "network", "--format", "json"])
      }
    }
    #expect(result.code == 0, "\(result.error)")
    let report = try Report(json: Array(result.output.utf8))
    let network = try #require(report.results.first { $0.check == .network })
    #expect(network.findings.map { $0.kind.code.description } == [], "\(result.output)")
    let names = network.assessments.map { $0.metric.id.description }
    #expect(names.contains("network.download") && names.contains("network.upload"), "\(names)")
  }

  @Test func `links name the address that was asked, not the server's own`() async throws {
    try await Self.with { proxied, direct in
      let order = #"{"at":"2027-01-15T08:00:00Z","provider":"Dr. Rivera","clients":1}"#
      let answer = try await proxied.ask(.POST, "/v1/sessions", as: Host.token, order)
      #expect(answer.status == 201 && !answer.body.contains(":\(direct.port)"), "\(answer.body)")
      let links = [answer.json?["provider_link"], answer.json?["client_links"]?.array?.first]
      for link in links {
        let text = String(decoding: link?.string ?? [], as: UTF8.self)
        #expect(text.hasPrefix("http://127.0.0.1:\(proxied.port)/"))
      }
    }
  }

  @Test func `events come through it as they happen, and actions that bring them about`() async throws {
    try await Self.with { proxied, _ in
      let visit = try await proxied.arrange()
      try await RoomListener.with(proxied, visit.provider) { provider in
        try await provider.wait("state")
        try await proxied.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
        try await provider.wait("client", "Ana")
        try await proxied.act(visit.clients[0], #"{"do":"say","text":"hello"}"#)
        try await provider.wait("message", "hello")
      }
    }
  }

  /// The proxy comes from an address of its own, so that the tests' is that of a client.
  @Test func `who guesses links behind it is held back, whatever its header says, and nobody else is`()
    async throws
  {
    try await Self.with("proxy_bind 127.0.0.2;", trusting: "127.0.0.2") { proxied, direct in
      let visit = try await direct.arrange()
      var guesses = 0
      while guesses < 60 {
        let fields = [("X-Forwarded-For", "192.0.2.\(guesses)")]
        let answer = try await proxied.ask(.GET, "/v1/room", as: "wrong-\(guesses)", headers: fields)
        if answer.status == 429 { break }
        guesses += 1
      }
      #expect((1..<60).contains(guesses), "a header made new limits")
      let other = try await Nginx.with("proxy_bind 127.0.0.3;" + (try Self.advice(direct.port))) { port in
        try await Host(port: port, clock: direct.clock).ask(.GET, "/v1/room", as: visit.clients[0]).status
      }
      #expect(other == 200)
    }
  }
}
