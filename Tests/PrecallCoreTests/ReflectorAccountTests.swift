import PrecallCore
import Testing

/// What the reflector says, held against cause and effect: packets 10 ms apart that take 20 ms there and 30
/// back, its clock 5 s ahead.
struct `The reflector's own account` {
  private func run(_ count: Int = 100, _ change: (Int, inout PacketReply) -> Void = { _, _ in }) -> PacketRun
  {
    var run = PacketRun()
    for sequence in 0..<count {
      let sent = Int64(sequence) * 10_000
      run.sentAt.append(Microseconds(base: sent))
      var reply = PacketReply(
        sequence: sequence, reflectorReceivedAt: Microseconds(base: sent + 5_020_000),
        reflectorSentAt: Microseconds(base: sent + 5_020_000), reflectorSequence: sequence,
        receivedAt: Microseconds(base: sent + 50_000))
      change(sequence, &reply)
      run.replies.append(reply)
    }
    run.phases = [PacketRun.Phase(.idle, 0..<count)]
    run.reflectorReceived = count
    return run
  }

  private func shift(_ reply: inout PacketReply, by time: Int64) {
    reply.reflectorReceivedAt = Microseconds(base: reply.reflectorReceivedAt.base + time)
    reply.reflectorSentAt = Microseconds(base: reply.reflectorSentAt.base + time)
  }

  private func codes(_ measurement: NetworkMeasurement) -> Set<String> {
    Set(measurement.assessed(by: .standard).findings.map { "\($0.kind.code)" })
  }

  @Test func `is believed where its clock is far off, slow, or corrected`() {
    #expect(ReflectorAccount(of: run()).isBelieved)
    #expect(ReflectorAccount(of: run { self.shift(&$1, by: 1_000_000_000_000) }).isBelieved)
    // 500 ppm: 5 us every 10 ms.
    #expect(ReflectorAccount(of: run(1_000) { self.shift(&$1, by: Int64($0) * 5) }).isBelieved)
    #expect(ReflectorAccount(of: PacketRun()).isBelieved)
  }

  @Test func `is believed whatever the line does to delays`() {
    let uneven = run { sequence, reply in
      self.shift(&reply, by: Int64(sequence % 7) * 40_000)
      reply.receivedAt = Microseconds(
        base: reply.reflectorSentAt.base - 5_000_000 + 30_000 + Int64(sequence % 5) * 90_000)
    }
    #expect(ReflectorAccount(of: uneven).isBelieved)
  }

  @Test func `is not believed where no lead of its clock fits all`() {
    // The bounds of the lead are 50 ms apart: a step of 52 ms fits none, one of 40 could be a delay.
    #expect(!ReflectorAccount(of: run { if $0 > 50 { self.shift(&$1, by: 52_000) } }).isClockSteady)
    #expect(ReflectorAccount(of: run { if $0 > 50 { self.shift(&$1, by: 40_000) } }).isClockSteady)
    let early = run {
      if $0 == 3 { $1.reflectorSentAt = Microseconds(base: $1.reflectorSentAt.base - 2_000) }
    }
    #expect(!ReflectorAccount(of: early).isClockSteady)
  }

  @Test func `is not believed with a number twice, or beyond what it received`() {
    #expect(!ReflectorAccount(of: run { if $0 == 9 { $1.reflectorSequence = 8 } }).isCountPossible)
    #expect(!ReflectorAccount(of: run { if $0 == 9 { $1.reflectorSequence = 100 } }).isCountPossible)
    // A copy of one answer has its number, and a packet that came twice has two.
    var copied = run()
    copied.replies.append(copied.replies[4])
    copied.reflectorReceived = 101
    copied.replies.append(copied.replies[5])
    copied.replies[101].reflectorSequence = 100
    #expect(ReflectorAccount(of: copied).isBelieved)
  }

  @Test func `not believed, leaves round trips and no figure of one direction, and is no pass`() throws {
    var measurement = NetworkMeasurement()
    measurement.packets = run { if $0 > 50 { self.shift(&$1, by: 3_600_000_000) } }
    let (rows, _) = measurement.assessed(by: .standard)
    #expect(codes(measurement) == ["network.reflector-not-believed"])
    #expect(rows.first { $0.metric == .roundTripTime }?.measured == .time(.milliseconds(50)))
    #expect(rows.first { $0.metric == .lossUp }?.measured == .share(.zero))
    for metric in [Metric.jitter, .delayVariation, .audioScore] {
      #expect(!rows.contains { $0.metric == metric })
    }
    #expect(measurement.shortfall == .serverFailed)
  }

  // MARK: What may be said of a line whose server failed

  @Test(
    arguments: [
      (.refused, "network.server-stopped"), (.silent, "network.server-silent"),
      (.timedOut, "network.line-lost"),
      (.ticketExpired, "network.server-stopped"),
    ] as [(NetworkFailure.Reason, String)])
  func `silence of packets is not told as a block where the server or the line was gone`(
    reason: NetworkFailure.Reason, code: String
  ) {
    var measurement = NetworkMeasurement()
    measurement.packets.sentAt = (0..<100).map { Microseconds(base: $0 * 10_000) }
    measurement.packets.phases = [PacketRun.Phase(.idle, 0..<100)]
    #expect(codes(measurement) == ["network.udp-blocked"])
    measurement.failure = NetworkFailure(.download, reason)
    #expect(codes(measurement) == [code])
    measurement.failure = NetworkFailure(.download, .busy, status: 503)
    #expect(codes(measurement) == ["network.udp-blocked", "network.server-busy"])
  }

  @Test func `a portal that comes up in the middle is told as one`() {
    var measurement = NetworkMeasurement()
    measurement.failure = NetworkFailure(.download, .redirected, status: 302)
    #expect(codes(measurement) == ["network.captive-portal"])
  }

  @Test func `a check that ran out of time is told so, and is none before the call was rehearsed`() {
    var measurement = NetworkMeasurement()
    measurement.failure = NetworkFailure(.rehearsal, .outOfTime)
    #expect(codes(measurement) == ["network.out-of-time"])
    #expect(measurement.shortfall == .deadline)
    measurement.failure = NetworkFailure(.upload, .outOfTime)
    #expect(measurement.shortfall == nil)
  }
}
