import Foundation
import PrecallCore
import PrecallServer
import PrecallTestSupport
import Testing

/// The call's own path through a real relay, and what keeps it from there.
@Suite struct BrowserCallPathTests {
  @Test func `with UDP blocked the call is tested over TCP, and the visit is limited`() async throws {
    try await Coturn.with { relay in
      let closed = try LoopbackPort.free()
      let urls = ["turn:127.0.0.1:\(closed)?transport=udp", "turn:127.0.0.1:\(relay.port)?transport=tcp"]
      let outcome = try await Self.run(.external(urls: urls, secret: Coturn.secret))
      #expect(outcome.codes.contains("network.call-over-tcp"), "\(outcome.codes)")
      let call = try Self.call(outcome)
      #expect(call.attempts.map { $0.outcome } == [.blocked, .connected])
      #expect((call.audio?.received ?? 0) > 50)
    }
  }

  @Test func `with only encrypted traffic let through the call goes over TLS, by a trusted certificate`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      let authority = try CertificateAuthority(in: folder)
      try await Coturn.with(certifiedBy: authority) { relay in
        let closed = try LoopbackPort.free()
        let urls =
          ["udp", "tcp"].map { "turn:127.0.0.1:\(closed)?transport=\($0)" }
          + ["turns:localhost:\(relay.tlsPort)?transport=tcp"]
        let turn = TurnConfiguration.external(urls: urls, secret: Coturn.secret)
        let outcome = try await Chromium.with(Chromium.Devices.none, trusting: authority) { browser in
          try await BrowserCheck.withServer(turn: turn) { try await BrowserCheck.open(browser, $0).run() }
        }
        #expect(outcome.codes.contains("network.call-over-tls"), "\(outcome.codes)")
        let call = try Self.call(outcome)
        #expect(call.attempts.map { $0.outcome } == [.blocked, .blocked, .connected])
        #expect((call.audio?.received ?? 0) > 50)
      }
    }
  }

  @Test func `our own relay carries the call over TLS where nothing else is let through`() async throws {
    // The ports of the other two are closed on the way, as far as this page can tell.
    let closed = """
      const Real = RTCPeerConnection
      window.RTCPeerConnection = class extends Real {
        constructor(settings) {
          for (const one of settings.iceServers) {
            one.urls = one.urls.map(url => url.replace(/^turn:[^?]*/, 'turn:127.0.0.1:9'))
          }
          super(settings)
        }
      };
      """
    var turn = ManagedTurn()
    (turn.port, turn.tlsPort) = (0, 0)
    let managed = TurnConfiguration.managed(turn)
    let outcome = try await Fixtures.withTemporaryFolder { folder in
      let authority = try CertificateAuthority(in: folder)
      return try await Chromium.with(Chromium.Devices.none, trusting: authority) { browser in
        try await BrowserCheck.withServer(turn: managed, certifiedBy: authority) { server in
          let check = try await BrowserCheck.open(browser, server, before: closed)
          try await check.page.wait(
            """
            (await new Promise(done => setTimeout(done, 500)),
              (await fetch('/v1/turn-credentials', {method: 'POST'})).ok)
            """)
          return try await check.run()
        }
      }
    }
    #expect(outcome.codes.contains("network.call-over-tls"), "\(outcome.codes)")
    let call = try Self.call(outcome)
    #expect(call.attempts.map { $0.outcome } == [.blocked, .blocked, .connected])
    #expect((call.audio?.received ?? 0) > 50)
  }

  @Test func `a network that lets no call through says so`() async throws {
    let closed = try LoopbackPort.free()
    let urls = ["udp", "tcp"].map { "turn:127.0.0.1:\(closed)?transport=\($0)" }
    let outcome = try await Self.run(.external(urls: urls, secret: "a secret of the tests"))
    #expect(outcome.codes.contains("network.call-path-blocked"), "\(outcome.codes)")
    #expect(outcome.outcome == "not-ready")
  }

  @Test func `credentials that the relay does not take are the clinic's fault`() async throws {
    try await Coturn.with { relay in
      let urls = ["turn:127.0.0.1:\(relay.port)?transport=udp"]
      let outcome = try await Self.run(.external(urls: urls, secret: "another secret"))
      #expect(outcome.codes.contains("network.call-path-refused"), "\(outcome.codes)")
      #expect(try Self.call(outcome).attempts.map { $0.outcome } == [.refused])
      #expect(try outcome.measured().results(by: .standard)[0].state == .partial(.serverFailed))
    }
  }

  @Test func `a slow line that loses packets is told by rate, loss and delay`() async throws {
    try await Coturn.with { relay in
      let outcome = try await Chromium.with(Chromium.Devices.none) { browser in
        try await BrowserCheck.withServer(turn: BrowserCheck.turn(relay, [.udp])) { server in
          let check = try await BrowserCheck.open(browser, server)
          try await check.page.command("Network.enable")
          try await check.page.command(
            "Network.emulateNetworkConditions",
            [
              "offline": false, "latency": 40, "downloadThroughput": 75_000, "uploadThroughput": 60_000,
              "packetLoss": 8,
            ])
          return try await check.run()
        }
      }
      for code in ["slow-download", "slow-upload", "call-loss"] {
        #expect(outcome.codes.contains("network.\(code)"), "\(code) is not in \(outcome.codes)")
      }
      let rows = try outcome.measured().results(by: .standard)[0].assessments
      let download = try #require(rows.first { $0.metric.id.description == "network.download" })
      // Chromium's emulation carries little more than half of the 600 kbit/s that it is set to.
      #expect((200_000...700_000).contains(download.measured.base), "\(download.measured)")
    }
  }

  @Test func `without a relay the path is named as not tested`() async throws {
    let outcome = try await Self.run(.none)
    #expect(outcome.codes.contains("network.call-path-untested"))
    #expect(try Self.call(outcome).attempts.isEmpty)
    #expect(try outcome.measured().results(by: .standard)[0].state == .measured)
  }

  @Test(arguments: ["throw new TypeError('no line')", "return new Response('busy', {status: 503})"])
  func `a server that does not say where the relay is leaves the path unmeasured, not absent`(
    answer: String
  ) async throws {
    let failing = """
      const fetched = window.fetch
      window.fetch = async (address, ...more) => {
        if (String(address).endsWith('/turn-credentials')) { \(answer) }
        return fetched(address, ...more)
      };
      """
    let outcome = try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { try await BrowserCheck.open(browser, $0, before: failing).run() }
    }
    #expect(outcome.codes.contains("network.call-path-untested"), "\(outcome.codes)")
    #expect(try outcome.measured().results(by: .standard)[0].state == .partial(.failed))
    #expect(outcome.outcome != "ready")
    #expect(outcome.text.contains("Internet: the test itself failed"), "\(outcome.text)")
  }

  /// Only the line: without devices nothing else takes time.
  private static func run(_ turn: TurnConfiguration) async throws -> BrowserCheck.Outcome {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer(turn: turn) { try await BrowserCheck.open(browser, $0).run() }
    }
  }

  private static func call(_ outcome: BrowserCheck.Outcome) throws -> CallPath {
    let network =
      switch try outcome.measured().network {
      case .measured(let network), .partial(let network, _): network
      case .notMeasured: NetworkMeasurement()
      }
    return try #require(network.call)
  }
}

extension BrowserCheck {
  enum Transport: String { case udp, tcp }

  static func turn(_ relay: Coturn, _ transports: [Transport]) -> TurnConfiguration {
    .external(
      urls: transports.map { "turn:127.0.0.1:\(relay.port)?transport=\($0.rawValue)" }, secret: Coturn.secret)
  }
}
