import Foundation
import Glibc
import PrecallCore
import PrecallNetwork
import PrecallServer
import PrecallTestSupport
import PrecallWire
import Synchronization
import Testing

/// What is left at the real coturn when a check has gone, and relays of IPv6.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The end of a relay, and its family` {
  /// One allocation over UDP, driven by hand.
  private struct Driven: ~Copyable {
    let socket: Int32
    var client: TURNClient

    init(_ coturn: Coturn, relaysIPv6: Bool = false) throws {
      socket = try LoopbackPort.connected(coturn.host, coturn.port, SOCK_DGRAM)
      var wait = timeval(tv_sec: 5, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
      let now = Int64(Date.now.timeIntervalSince1970)
      let made = TurnCredentials(secret: Coturn.secret, now: now)
      client = TURNClient(
        TURNCredentials(username: Array(made.username.utf8), password: Array(made.credential.utf8)),
        relaysIPv6: relaysIPv6)
    }

    deinit { close(socket) }

    /// Sends a request and what follows from its answer, until nothing does.
    mutating func exchange(_ request: [UInt8]) throws {
      var next: [UInt8]? = request
      var room = [UInt8](repeating: 0, count: 2_048)
      while let frame = next {
        try #require(send(socket, frame, frame.count, 0) == frame.count)
        let count = recv(socket, &room, room.count, 0)
        try #require(count > 0)
        if case .send(let more) = client.receive(Array(room[..<count])) { next = more } else { next = nil }
      }
    }
  }

  @Test func `an allocation whose nonce has gone stale is given back all the same`() async throws {
    try await Coturn.with(nonceSeconds: 1) { coturn in
      var driven = try Driven(coturn)
      try driven.exchange(driven.client.pending)
      #expect(driven.client.state == .ready)
      // coturn counts whole seconds; a nonce lasts for one of them and the rest of another.
      try await Task.sleep(for: .seconds(2.1))
      try driven.exchange(driven.client.release())
      #expect(driven.client.state == .released)
      #expect(try await coturn.log("error 438", count: 1).count == 1)
      #expect(try await coturn.log("REFRESH processed, success", count: 1).count == 1)
    }
  }

  @Test func `a check gives back what it has allocated, and asks again where that was lost`() async throws {
    try await Coturn.with { coturn in
      try await Fixtures.withTemporaryFolder { folder in
        var plan = LossyRelay.Plan()
        let lost = Counter()
        plan.spoilUp = { _, packet in
          guard STUNMessage(packet)?.method == .refresh, lost.next() == 0 else { return packet }
          return [0]
        }
        let relay = LossyRelay(to: coturn.port, plan)
        defer { relay.stop() }
        let urls = ["turn:127.0.0.1:\(relay.port)?transport=udp"]
        try await withServer(coturn.options(in: folder, urls)) { server in
          let measurement = await measure(server.httpPort)
          #expect(measurement.call?.attempts.map(\.outcome) == [.connected])
        }
        #expect(lost.next() == 2)
        #expect(try await coturn.log("REFRESH processed, success", count: 1).count == 1)
      }
    }
  }

  static let families = [("::1", "::1", 16), ("::1", "127.0.0.1", 4), ("127.0.0.1", "::1", 16)]

  @Test(arguments: families) func `a relay is of the family that leads to it, or else of the other`(
    host: String, relay: String, length: Int
  ) async throws {
    try await Coturn.with(host: host, relay: relay) { coturn in
      var driven = try Driven(coturn, relaysIPv6: host.contains(":"))
      try driven.exchange(driven.client.pending)
      #expect(driven.client.state == .ready && driven.client.relayed?.address.count == length)
      try driven.exchange(driven.client.release())
      #expect(driven.client.state == .released)
    }
  }

  @Test(arguments: families) func `a check goes through a relay of either family`(
    host: String, relay: String, length: Int
  ) async throws {
    try await Coturn.with(host: host, relay: relay) { coturn in
      try await Fixtures.withTemporaryFolder { folder in
        try await withServer(coturn.options(in: folder)) { server in
          let measurement = await measure(
            server.httpPort, caFile: Fixtures.path("network/tls/ca.pem"))
          #expect(measurement.call?.attempts.map(\.outcome) == [.connected, .connected, .connected])
          #expect((measurement.call?.roundTrips.count ?? 0) >= 6)
        }
      }
      #expect(try await coturn.log("REFRESH processed, success", count: 3).count == 3)
    }
  }
}

private final class Counter: Sendable {
  private let count = Mutex(0)

  /// How often it was asked before.
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0 - 1
    }
  }
}
