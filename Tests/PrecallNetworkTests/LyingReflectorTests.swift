import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Synchronization
import Testing

/// A reply of the real reflector with other words put into it (RFC 8762 section 4.3.1).
private struct Reply {
  var octets: [UInt8]
  init(_ octets: [UInt8]) { self.octets = octets }

  /// Nanoseconds since 1970: when the packet arrived (T2) and when its reply left (T3).
  var received: Int64 {
    get { stamp(16) }
    set { set(NTPTimestamp(nanosecondsSince1970: newValue).bits, at: 16) }
  }
  var sent: Int64 {
    get { stamp(4) }
    set { set(NTPTimestamp(nanosecondsSince1970: newValue).bits, at: 4) }
  }
  var number: UInt32 {
    get { octets.span.bigEndian(at: 0) }
    set { set(newValue, at: 0) }
  }
  var senderNumber: UInt32 {
    get { octets.span.bigEndian(at: 24) }
    set { set(newValue, at: 24) }
  }

  private func stamp(_ place: Int) -> Int64 {
    NTPTimestamp(bits: octets.span.bigEndian(at: place)).nanosecondsSince1970
  }
  private mutating func set(_ value: some FixedWidthInteger, at place: Int) {
    withUnsafeBytes(of: value.bigEndian) { octets.replaceSubrange(place..<(place + $0.count), with: $0) }
  }
}

/// Replies of the real server that are spoilt on their way, or in which the reflector lies: a fake that the
/// test puts before it.
@Suite(.serialized) struct `A reflector that lies` {
  typealias Lie = @Sendable (Int, [UInt8]) -> [[UInt8]]
  static let hour: Int64 = 3_600_000_000_000

  /// The idle line is enough to be lied to.
  private func measured(
    _ lie: Lie? = nil, limit: Duration = .seconds(2), change: (inout LossyRelay.Plan) -> Void = { _ in }
  ) async throws -> (NetworkMeasurement, LossyRelay.Truth) {
    try await withServer { server in
      var plan = LossyRelay.Plan()
      plan.lie = lie
      change(&plan)
      let relay = LossyRelay(to: server.udpPort, plan)
      let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: relay.port)
      defer {
        tickets.stop()
        relay.stop()
      }
      let start = ContinuousClock.now
      let measurement = await measure(tickets.port, limit: limit)
      #expect(ContinuousClock.now - start < limit + .seconds(1))
      #expect(Possibility(measurement).problems == [])
      return (measurement, relay.truth)
    }
  }

  private static func changed(_ change: @escaping @Sendable (Int, inout Reply) -> Void) -> Lie {
    { number, octets in
      var reply = Reply(octets)
      change(number, &reply)
      return [reply.octets]
    }
  }

  private func row(_ metric: Metric, of measurement: NetworkMeasurement) -> Assessment? {
    measurement.assessed(by: .standard).assessments.first { $0.metric == metric }
  }

  static let wrongTimes: [(String, Lie)] = [
    ("sent a second before it was received", changed { $1.sent = $1.received - 1_000_000_000 }),
    ("held longer than the packet was away", changed { $1.sent = $1.received + 10_000_000_000 }),
    (
      "now and in the far future by turns",
      changed { number, reply in
        guard number % 2 == 1 else { return }
        reply.received += 70 * 365 * 24 * hour
        reply.sent += 70 * 365 * 24 * hour
      }
    ),
    (
      "running backwards",
      changed { number, reply in
        reply.received -= Int64(number) * 20_000_000
        reply.sent -= Int64(number) * 20_000_000
      }
    ),
    (
      "set by an hour in the middle",
      changed { number, reply in
        guard number >= 80 else { return }
        reply.received += hour
        reply.sent += hour
      }
    ),
    (
      "set back by an hour in the middle",
      changed { number, reply in
        guard number >= 80 else { return }
        reply.received -= hour
        reply.sent -= hour
      }
    ),
    (
      "chance",
      changed { number, reply in
        var random = Mutations(seed: UInt64(number))
        for place in [4, 16] {
          for index in place..<(place + 8) { reply.octets[index] = UInt8.random(in: 0...255, using: &random) }
        }
      }
    ),
  ]

  @Test(arguments: wrongTimes) func `about times makes no figures of one direction, and round trips hold`(
    lie: (what: String, lie: Lie)
  ) async throws {
    let (measurement, _) = try await measured(lie.lie)
    #expect(codes(measurement).contains("network.reflector-not-believed"), "\(lie.what)")
    #expect(measurement.shortfall != nil)
    for metric in [Metric.jitter, .delayVariation, .latePackets, .audioScore] {
      #expect(row(metric, of: measurement) == nil, "\(lie.what): \(metric.id)")
    }
    let trip = try #require(row(.roundTripTime, of: measurement))
    #expect((1...200_000).contains(trip.measured.base), "\(lie.what): \(trip.measured.base)")
    #expect(row(.lossUp, of: measurement)?.measured.base == 0)
  }

  static let wrongNumbers: [(String, Lie)] = [
    ("always the same", changed { $1.number = 7 }),
    ("the highest there is", changed { $1.number = .max - UInt32(clamping: $0) }),
    (
      "chance",
      changed { number, reply in
        var random = Mutations(seed: UInt64(number))
        reply.number = UInt32.random(in: 0...UInt32.max, using: &random)
      }
    ),
  ]

  @Test(arguments: wrongNumbers) func `about numbers is not believed, and no loss is made of it`(
    lie: (what: String, lie: Lie)
  ) async throws {
    let (measurement, _) = try await measured(lie.lie)
    #expect(codes(measurement).contains("network.reflector-not-believed"), "\(lie.what)")
    #expect(!codes(measurement).contains("network.packet-loss"))
    let idle = measurement.packets.sequences(under: .idle)
    #expect(measurement.packets.answered(in: idle).count == idle.count)
  }

  @Test func `about which packet it answers is not heard at all`() async throws {
    let (measurement, truth) = try await measured(Self.changed { $1.senderNumber ^= 1 })
    #expect(truth.down > 20)
    #expect(measurement.packets.replies.isEmpty)
    #expect(row(.roundTripTime, of: measurement) == nil)
  }

  // MARK: A network that spoils what passes

  @Test(arguments: [2, 30]) func `packets that come several times are no loss, and none is kept out`(
    copies: Int
  ) async throws {
    let (measurement, truth) = try await measured { number, octets in
      [[UInt8]](repeating: octets, count: copies)
    }
    let idle = measurement.packets.sequences(under: .idle)
    #expect(truth.down >= idle.count)
    #expect(measurement.packets.answered(in: idle).count == idle.count)
    #expect(PacketOrder(of: measurement.packets, in: idle).duplicates > 0)
    #expect(!codes(measurement).contains("network.packet-loss"))
    #expect(!codes(measurement).contains("network.reflector-not-believed"))
  }

  @Test func `old packets that are played again are no loss and change no time`() async throws {
    let old = Mutex<[[UInt8]]>([])
    let (measurement, _) = try await measured { number, octets in
      old.withLock { old in
        old.append(octets)
        return [octets, old[number / 2], old[0]]
      }
    }
    let idle = measurement.packets.sequences(under: .idle)
    #expect(measurement.packets.answered(in: idle).count == idle.count)
    #expect(try #require(row(.roundTripTime, of: measurement)).measured.base < 100_000)
    #expect(!codes(measurement).contains("network.reflector-not-believed"))
  }

  @Test func `packets that overtake others are told as reordered`() async throws {
    let (measurement, _) = try await measured(change: { $0.delayDown = { $0 % 4 == 0 ? 12 : 0 } })
    #expect(try #require(row(.reordering, of: measurement)).measured.base > 50_000)
    #expect(row(.lossDown, of: measurement)?.measured.base == 0)
  }

  @Test func `packets cut short or spoilt are lost, and only they`() async throws {
    let (measurement, truth) = try await measured { number, octets in
      switch number % 10 {
      case 0: [Array(octets.prefix(43))]
      case 1: [[]]
      // The sender's own stamp, which it knows.
      case 2: [octets.enumerated().map { $0 == 30 ? $1 ^ 0x10 : $1 }]
      default: [octets]
      }
    }
    let all = 0..<measurement.packets.sentAt.count
    let share = Double(measurement.packets.answered(in: all).count) / Double(truth.down)
    #expect((0.66...0.74).contains(share), "\(share)")
    let (up, down) = (row(.lossUp, of: measurement), row(.lossDown, of: measurement))
    #expect(up?.measured.base == 0 && (250_000...340_000).contains(down?.measured.base ?? 0))
  }

  /// The server takes no packet that is short, whose ticket is not its own, or that belongs to another session.
  @Test func `packets spoilt on the way up are lost there, and only they`() async throws {
    let (measurement, truth) = try await measured(change: { plan in
      plan.spoilUp = { number, octets in
        switch number % 10 {
        case 0: Array(octets.prefix(43))
        // The session's number, and a bit of the ticket behind the 44 octets of the packet itself.
        case 1: octets.enumerated().map { $0 == 15 ? $1 ^ 0x01 : $1 }
        case 2: octets.enumerated().map { $0 == 60 ? $1 ^ 0x10 : $1 }
        default: octets
        }
      }
    })
    let all = 0..<measurement.packets.sentAt.count
    let share = Double(measurement.packets.answered(in: all).count) / Double(truth.up)
    #expect((0.66...0.74).contains(share), "\(share)")
    let (up, down) = (row(.lossUp, of: measurement), row(.lossDown, of: measurement))
    #expect(down?.measured.base == 0 && (250_000...340_000).contains(up?.measured.base ?? 0))
  }

  @Test func `a stranger's packets are not heard`() async throws {
    let (measurement, truth) = try await measured(change: { $0.hasStranger = true })
    let idle = measurement.packets.sequences(under: .idle)
    #expect(truth.down >= idle.count)
    #expect(PacketOrder(of: measurement.packets, in: idle).duplicates == 0)
    #expect(measurement.packets.answered(in: idle).count == idle.count)
  }
}
