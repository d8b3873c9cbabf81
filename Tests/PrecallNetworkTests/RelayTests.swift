import Foundation
import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Testing

/// The ways to a relay, against the real coturn with credentials that our server made.
@Suite(.serialized) struct `The ways to the relay` {
  static let authority = Fixtures.path("network/tls/ca.pem")

  /// Checks the line through a server that names these addresses; `isDeaf` loses all its test packets.
  private func measured(
    _ coturn: Coturn, _ urls: [String]? = nil, secret: String = Coturn.secret, isDeaf: Bool = false
  ) async throws -> NetworkMeasurement {
    try await Fixtures.withTemporaryFolder { folder in
      try await withServer(coturn.options(in: folder, urls, secret: secret)) { server in
        guard isDeaf else { return await measure(server.httpPort, caFile: Self.authority) }
        var plan = LossyRelay.Plan()
        plan.dropUp = { _ in true }
        let relay = LossyRelay(to: server.udpPort, plan)
        let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: relay.port)
        defer {
          tickets.stop()
          relay.stop()
        }
        return await measure(tickets.port, caFile: Self.authority)
      }
    }
  }

  private func outcomes(_ measurement: NetworkMeasurement) -> [CallPath.Outcome] {
    measurement.call?.attempts.map(\.outcome) ?? []
  }

  @Test func `all three are open, and the best one is timed`() async throws {
    try await Coturn.with { coturn in
      let measurement = try await measured(coturn)
      #expect(outcomes(measurement) == [.connected, .connected, .connected])
      #expect(measurement.call?.attempts.map(\.transport) == [.udp, .tcp, .tls])
      #expect(measurement.call?.attempts.allSatisfy { $0.connect != nil } == true)
      let trips = measurement.call?.roundTrips ?? []
      #expect(trips.count >= 6 && trips.allSatisfy { (1...1_000_000).contains($0.base) })
      #expect(!codes(measurement).contains { $0.hasPrefix("network.call") || $0.contains("relay") })
    }
  }

  @Test func `only TLS is open: named, timed, and the test's own port says no more`() async throws {
    try await Coturn.with { coturn in
      let closed = try LoopbackPort.free()
      let urls = [
        "turn:localhost:\(closed)?transport=udp", "turn:localhost:\(closed)?transport=tcp", coturn.url(.tls),
      ]
      let measurement = try await measured(coturn, urls, isDeaf: true)
      #expect(outcomes(measurement) == [.blocked, .blocked, .connected])
      #expect(codes(measurement).contains("network.call-over-tls"))
      #expect(!codes(measurement).contains("network.udp-blocked"))
      #expect((measurement.call?.roundTrips.count ?? 0) >= 6)
      let rows = measurement.assessed(by: .standard).assessments.map { "\($0.metric.id)" }
      #expect(rows.contains("network.call-round-trip") && rows.contains("network.download"))
    }
  }

  @Test func `TCP is open and UDP is not`() async throws {
    try await Coturn.with { coturn in
      let urls = [
        "turn:localhost:\(try LoopbackPort.free())?transport=udp", coturn.url(.tcp), coturn.url(.tls),
      ]
      let measurement = try await measured(coturn, urls, isDeaf: true)
      #expect(outcomes(measurement) == [.blocked, .connected, .connected])
      #expect(codes(measurement).contains("network.call-over-tcp"))
    }
  }

  @Test func `only the test's own port is blocked: a note, since calls get through`() async throws {
    try await Coturn.with { coturn in
      let found = codes(try await measured(coturn, isDeaf: true))
      #expect(found.contains("network.test-port-blocked") && !found.contains("network.udp-blocked"))
    }
  }

  @Test func `another secret is refused, which is the server's fault`() async throws {
    try await Coturn.with { coturn in
      let measurement = try await measured(coturn, secret: "another-secret")
      #expect(outcomes(measurement) == [.refused, .refused, .refused])
      #expect(codes(measurement).contains("network.call-path-refused"))
    }
  }

  @Test func `a certificate that is not trusted blocks TLS`() async throws {
    try await Coturn.with { coturn in
      try await Fixtures.withTemporaryFolder { folder in
        try await withServer(coturn.options(in: folder, [coturn.url(.tls)])) { server in
          #expect(outcomes(await measure(server.httpPort)) == [.blocked])
        }
      }
    }
  }

  @Test func `no relay answers: the network's fault only where test packets are lost too`() async throws {
    let nobody = Coturn(port: try LoopbackPort.free(), tlsPort: try LoopbackPort.free())
    #expect(codes(try await measured(nobody)).contains("network.relay-unreachable"))
    #expect(codes(try await measured(nobody, isDeaf: true)).contains("network.call-path-blocked"))
  }

  /// Its port takes connections and never says a word: the handshake would last for seconds.
  @Test(arguments: [Coturn.Way.tls, .tcp])
  func `a relay that never answers holds nobody who stops`(way: Coturn.Way) async throws {
    let silent = LoopbackListener()
    let accepted = AsyncStream<Void>.makeStream()
    silent.accept { _ in accepted.continuation.yield() }
    defer { silent.stop() }
    try await Fixtures.withTemporaryFolder { folder in
      let coturn = Coturn(port: silent.port, tlsPort: silent.port)
      try await withServer(coturn.options(in: folder, [coturn.url(way)])) { server in
        let check = Task { await measure(server.httpPort, caFile: Self.authority) }
        _ = await accepted.stream.first { _ in true }
        let start = ContinuousClock.now
        check.cancel()
        _ = await check.value
        #expect(ContinuousClock.now - start < .seconds(0.5))
      }
    }
  }

  @Test func `a server without a relay is no fault`() async throws {
    try await withServer { server in
      let measurement = await measure(server.httpPort)
      #expect(measurement.call == nil)
    }
  }
}
