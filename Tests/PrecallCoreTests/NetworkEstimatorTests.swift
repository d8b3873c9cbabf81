import PrecallCore
import PrecallTestSupport
import Testing

/// Packets of 10 ms spacing over a line of 20 ms up and 30 ms down, the reflector's clock 5 s ahead, each
/// reply held for 1 ms; what differs is said by the test.
private func run(
  _ count: Int, up: (Int) -> Int64 = { _ in 20_000 }, down: (Int) -> Int64 = { _ in 30_000 },
  lostUp: Set<Int> = [], lostDown: Set<Int> = [], final: Bool = true
) -> PacketRun {
  var run = PacketRun()
  var reflected = 0
  for sequence in 0..<count {
    let sent = Int64(sequence) * 10_000
    run.sentAt.append(Microseconds(base: sent))
    if lostUp.contains(sequence) { continue }
    defer { reflected += 1 }
    if lostDown.contains(sequence) { continue }
    let there = sent + up(sequence) + 5_000_000
    run.replies.append(
      PacketReply(
        sequence: sequence, reflectorReceivedAt: Microseconds(base: there),
        reflectorSentAt: Microseconds(base: there + 1_000), reflectorSequence: reflected,
        receivedAt: Microseconds(base: there + 1_000 + down(sequence) - 5_000_000)))
  }
  run.phases = [PacketRun.Phase(.idle, 0..<count)]
  run.reflectorReceived = final ? reflected : nil
  return run
}

private func milliseconds(_ count: Double) -> Microseconds { .milliseconds(count) }

struct `Estimators of packets` {
  @Test func `round-trip time has the reflector's holding time taken off`() throws {
    // 20 + 30 ms, and every fifth packet 10 ms slower up: of 20, four are at 60.
    let time = try #require(RoundTripTime(of: run(20, up: { $0 % 5 == 0 ? 30_000 : 20_000 }), in: 0..<20))
    #expect(time.count == 20)
    #expect(time.minimum == milliseconds(50))
    #expect(time.median == milliseconds(50))
    #expect(time.p95 == milliseconds(60))
  }

  @Test func `a reflector that claims to have held a packet longer than it was away is not believed`() throws
  {
    var lying = run(1)
    lying.replies[0].reflectorSentAt = lying.replies[0].reflectorReceivedAt + milliseconds(90)
    #expect(try #require(RoundTripTime(of: lying, in: 0..<1)).median == milliseconds(51))
  }

  @Test func `no reply makes no figure`() {
    let silent = run(30, lostUp: Set(0..<30))
    #expect(RoundTripTime(of: silent, in: 0..<30) == nil)
    for direction in Direction.allCases {
      let transit = OneWayTransit(of: silent, in: 0..<30, direction)
      #expect(Jitter(of: transit) == nil)
      #expect(DelayVariation(of: transit) == nil)
    }
  }

  @Test func `jitter is told by direction and is no function of the clocks' offset`() throws {
    // Up alternates 20 and 24 ms: every |D| is 4 ms. Down never changes.
    let uneven = run(101, up: { $0 % 2 == 0 ? 20_000 : 24_000 })
    let up = try #require(Jitter(of: OneWayTransit(of: uneven, in: 0..<101, .up)))
    #expect(up.pairs == 100)
    #expect(up.mean == milliseconds(4))
    // J after n steps of D = 4: 4 (1 - (15/16)^n), after 100: 3.9937 ms.
    #expect(abs(up.smoothed.base - 3_994) <= 1)
    let down = try #require(Jitter(of: OneWayTransit(of: uneven, in: 0..<101, .down)))
    #expect(down.mean == .zero)
    #expect(down.smoothed == .zero)
  }

  @Test func `smoothed jitter goes by the order in which packets came`() throws {
    // Sent at 0, 10 and 20 ms; the second takes 45 ms, so that they come at 20, 55 and 40: the third before it.
    // D is 0, then 25 ms: J = 25/16 ms. By their numbers it would be 25/16 + (25 - 25/16)/16.
    let overtaken = run(3, up: { $0 == 1 ? 45_000 : 20_000 })
    let jitter = try #require(Jitter(of: OneWayTransit(of: overtaken, in: 0..<3, .up)))
    #expect(abs(jitter.smoothed.base - 1_563) <= 1)
    #expect(jitter.steps == 2)
  }

  @Test func `both jitters are told of the worse direction`() throws {
    var measurement = NetworkMeasurement()
    measurement.packets = run(101, down: { $0 % 2 == 0 ? 30_000 : 34_000 })
    let rows = measurement.assessed(by: .standard).assessments
    let smoothed = try #require(rows.first { $0.metric == .smoothedJitter })
    // 4 (1 - (15/16)^100) = 3.9937 ms.
    #expect(smoothed.measured == .time(Microseconds(base: 3_994)))
    #expect(smoothed.samples == 100)
    #expect(rows.first { $0.metric == .jitter }?.measured == .time(milliseconds(4)))
  }

  @Test func `jitter pairs only packets that were sent one after the other`() throws {
    // 0 and 2 differ by 8 ms, but 1 is missing between them: one pair is left, 2 and 3.
    let delays: [Int64] = [20_000, 0, 28_000, 30_000]
    let gap = run(4, up: { delays[$0] }, lostUp: [1])
    let jitter = try #require(Jitter(of: OneWayTransit(of: gap, in: 0..<4, .up)))
    #expect(jitter.pairs == 1)
    #expect(jitter.mean == milliseconds(2))
  }

  @Test func `delay variation is the percentile over the fastest packet`() throws {
    // 100 packets, 0 to 99 tenths of a millisecond in shuffled order: p95 is the 95th smallest, 9.4 ms.
    let shuffled = run(100, down: { 30_000 + Int64($0 * 37 % 100) * 100 })
    let down = try #require(DelayVariation(of: OneWayTransit(of: shuffled, in: 0..<100, .down)))
    #expect(abs(down.p95.base - 9_400) <= 100)
    #expect(abs(down.p99.base - 9_800) <= 100)
    #expect(down.late(beyond: milliseconds(9.95)) == .zero)
  }

  @Test func `drift of the clocks is removed, a growing queue is not`() throws {
    let drifting = run(300, up: { 20_000 + Int64($0) })  // 1 us in 10 ms: 100 ppm
    let flat = try #require(DelayVariation(of: OneWayTransit(of: drifting, in: 0..<300, .up)))
    #expect(flat.p99 <= Microseconds(base: 2))
    let filling = run(300, up: { 20_000 + Int64($0) * 500 })  // 5 %
    let queue = try #require(DelayVariation(of: OneWayTransit(of: filling, in: 0..<300, .up)))
    #expect(queue.p95 == milliseconds(142))
  }

  @Test func `loss is told by direction, with its bursts`() throws {
    let lossy = run(200, lostUp: [10, 11, 12, 50], lostDown: [30, 31, 199])
    let fates = PacketFates(of: lossy)
    let up = try #require(PacketLoss(of: fates, in: 0..<200, .up))
    #expect((up.sent, up.lost, up.longestBurst) == (200, 4, 3))
    #expect(up.meanBurst == 2)
    #expect(up.ratio == .percent(2))
    let down = try #require(PacketLoss(of: fates, in: 0..<200, .down))
    #expect((down.sent, down.lost, down.longestBurst) == (196, 3, 2))
    #expect(down.meanBurst == 1.5)
  }

  @Test func `without the reflector's count, the packets after the last reply have no fate`() throws {
    let cut = run(100, lostUp: [5], lostDown: Set(90..<100), final: false)
    let fates = PacketFates(of: cut)
    #expect(try #require(PacketLoss(of: fates, in: 0..<100, .up)).lost == 1)
    #expect(try #require(PacketLoss(of: fates, in: 0..<100, .down)).lost == 0)
    #expect(fates.fates.suffix(10).allSatisfy { $0 == .unknown })
  }

  /// Each is numbered as it came, up to six places late.
  @Test(arguments: [UInt64(1), 60])
  func `loss counts are exact for any pattern, overtaking on the way up too`(lateness: UInt64) throws {
    var random = Mutations(seed: 7)
    for _ in 0..<200 {
      let up = Set((0..<300).filter { _ in random.next() % 10 == 0 })
      let down = Set((0..<300).filter { _ in random.next() % 20 == 0 }).subtracting(up)
      var mixed = run(300, lostUp: up)
      let late = mixed.replies.map { Int64($0.sequence) * 10 + Int64(random.next() % lateness) }
      let order = late.indices.sorted { late[$0] < late[$1] }
      for (place, index) in order.enumerated() { mixed.replies[index].reflectorSequence = place }
      mixed.replies.removeAll { down.contains($0.sequence) }
      let fates = PacketFates(of: mixed)
      #expect(try #require(PacketLoss(of: fates, in: 0..<300, .up)).lost == up.count)
      #expect(try #require(PacketLoss(of: fates, in: 0..<300, .down)).lost == down.count)
    }
  }

  @Test(arguments: [
    // Published in the field notes: Wilson 95 %.
    (0, 100, 0, 36_993), (1, 100, 1_767, 54_486), (5, 500, 4_278, 23_193),
  ]) func `the Wilson interval holds the known values`(part: Int, whole: Int, low: Int64, high: Int64) {
    let interval = PacketLoss.wilson(part, of: whole)
    #expect(abs(interval.low.base - low) <= 1)
    #expect(abs(interval.high.base - high) <= 1)
  }

  /// Of 600 packets, with 0.25 supposed for the worth of three losses.
  @Test(
    arguments: [
      // 12 lost in bursts of 3: 8 of 12 follow a loss, r = (2/3 - 0.02) / 0.98 = 0.6599; with what is supposed
      // (12 r + 0.75) / 15 = 0.5779; 600 (1 - r) / (1 + r) = 160.5 packets.
      ([100, 200, 300, 400], 3, 7053, 55385),
      // 12 lost one by one: r = 0.75 / 15 = 0.05; 542.9 packets.
      ((0..<12).map { 20 + 40 * $0 }, 1, 11162, 35583),
      // None lost: r = 0.25; 360 packets, z^2 / (360 + z^2).
      ([], 1, 0, 10558),
    ] as [([Int], Int, Int64, Int64)])
  func `losses in bursts make the interval wider`(starts: [Int], length: Int, low: Int64, high: Int64) throws
  {
    let lost = Set(starts.flatMap { $0..<$0 + length })
    let loss = try #require(PacketLoss(of: PacketFates(of: run(600, lostUp: lost)), in: 0..<600, .up))
    #expect(loss.lost == starts.count * length)
    #expect(abs(loss.low.base - low) <= 1)
    #expect(abs(loss.high.base - high) <= 1)
  }

  @Test func `reordered and repeated packets are counted, and are no loss`() throws {
    var mixed = run(10)
    mixed.replies.swapAt(3, 4)
    mixed.replies.append(mixed.replies[6])
    let order = PacketOrder(of: mixed, in: 0..<10)
    #expect((order.arrived, order.reordered, order.duplicates) == (10, 1, 1))
    let fates = PacketFates(of: mixed)
    #expect(fates.fates.allSatisfy { $0 == .returned })
  }

  @Test func `reordering on the way up is no loss`() throws {
    var mixed = run(10)
    let number = mixed.replies[3].reflectorSequence
    mixed.replies[3].reflectorSequence = mixed.replies[4].reflectorSequence
    mixed.replies[4].reflectorSequence = number
    #expect(PacketFates(of: mixed).fates.allSatisfy { $0 == .returned })
  }

  @Test func `working latency needs packets under load`() throws {
    var loaded = run(40, up: { $0 < 20 ? 20_000 : 120_000 })
    loaded.phases = [PacketRun.Phase(.idle, 0..<20), PacketRun.Phase(.upload, 20..<40)]
    let idle = try #require(RoundTripTime(of: loaded, in: 0..<20))
    let working = try #require(WorkingLatency(of: loaded, under: .upload, idle: idle))
    #expect(working.median == milliseconds(150))
    #expect(working.increase == milliseconds(100))
    #expect(WorkingLatency(of: loaded, under: .download, idle: idle) == nil)
    #expect(!working.isRising)
  }

  /// Of forty packets the queue takes 10 ms more each; those of the last quarter take 330 to 420 ms up, median 370.
  @Test func `working latency that still rises is what it had come to, at least`() throws {
    var rising = run(60, up: { $0 < 20 ? 20_000 : 20_000 + 10_000 * Int64($0 - 19) })
    rising.phases = [PacketRun.Phase(.idle, 0..<20), PacketRun.Phase(.upload, 20..<60)]
    let idle = try #require(RoundTripTime(of: rising, in: 0..<20))
    let working = try #require(WorkingLatency(of: rising, under: .upload, idle: idle))
    #expect(working.isRising)
    #expect(working.median == milliseconds(30 + 20 + 350))
    var measurement = NetworkMeasurement()
    measurement.packets = rising
    measurement.transfers = [
      Transfer(.up, flows: 3, duration: .seconds(1), bins: Array(repeating: 125_000, count: 20))
    ]
    let assessed = measurement.assessed(by: .standard)
    let row = try #require(assessed.assessments.first { $0.metric == .workingLatencyUp })
    #expect(row.low == row.measured && row.high == nil)
    #expect(assessed.findings.contains { $0.kind == .bufferbloat })
  }
}

struct `Goodput of a transfer` {
  private func transfer(_ bins: [Int64]) -> Transfer {
    Transfer(.down, flows: 3, duration: Microseconds(base: Int64(bins.count) * 50_000), bins: bins)
  }

  @Test func `slow start is left out`() throws {
    // 6,250 bytes in 50 ms are 1 Mbit/s.
    let goodput = try #require(
      Goodput(of: transfer([100, 400, 1_600] + Array(repeating: 6_250, count: 12)), roundTrip: .zero))
    #expect(!goodput.isAtLeast)
    #expect(abs(goodput.rate.base - 1_000_000) <= 20_000)
  }

  @Test func `the first burst of a token bucket is left out`() throws {
    let goodput = try #require(
      Goodput(of: transfer([60_000, 40_000] + Array(repeating: 6_250, count: 12)), roundTrip: .zero))
    #expect(!goodput.isAtLeast)
    #expect(goodput.rate == .megabits(1))
  }

  @Test func `a rate that still rises is a lower bound`() throws {
    let goodput = try #require(
      Goodput(of: transfer([1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map { $0 * 1_000 }), roundTrip: .zero))
    #expect(goodput.isAtLeast)
  }

  @Test(arguments: [(12, true), (19, true), (20, false)])
  func `what was cut within a second may be rising still`(spans: Int, isAtLeast: Bool) throws {
    var cut = transfer(Array(repeating: 6_250, count: spans))
    #expect(try #require(Goodput(of: cut, roundTrip: .zero)).isAtLeast == false)
    cut.isCut = true
    let goodput = try #require(Goodput(of: cut, roundTrip: .zero))
    #expect(goodput.isAtLeast == isAtLeast && goodput.rate == .megabits(1))
  }

  @Test func `a long round trip asks for a longer look`() throws {
    let steady = transfer(Array(repeating: 6_250, count: 12))
    #expect(try #require(Goodput(of: steady, roundTrip: .zero)).isAtLeast == false)
    #expect(try #require(Goodput(of: steady, roundTrip: .milliseconds(300))).isAtLeast)
  }

  @Test func `what a stall held back is not counted as speed`() throws {
    // 4 spans of 6,250 bytes, 3 of none, what they missed at once, 7 more.
    let after = Array(repeating: Int64(6_250), count: 7)
    let stalled = [6_250, 6_250, 6_250, 6_250, 0, 0, 0, 25_000] + after
    let goodput = try #require(Goodput(of: transfer(stalled), roundTrip: .zero))
    #expect(goodput.rate == .megabits(1))
    // It begins in the stall: 68,750 bytes in 10 spans, in halves of 37,500 and 31,250: 1.2 and 1 Mbit/s, 0.2 of 1.1
    // apart. Begun behind the burst, 43,750 bytes in 7 spans are 1 Mbit/s.
    #expect(goodput.drift == Share(base: 181_818))
    #expect(goodput.isAtLeast)
    // With more before and after, a part of 16 spans has the stall in its middle: 50,000 bytes in either half.
    let long = try #require(
      Goodput(of: transfer(Array(after.prefix(4)) + stalled + [6_250]), roundTrip: .zero))
    #expect(long.rate == .megabits(1))
    #expect(!long.isAtLeast)
  }

  @Test func `a line that changed meanwhile has the rate of what is steady since`() throws {
    // 2 Mbit/s for half a second, nothing for a second, then 1 Mbit/s.
    let before = Array(repeating: Int64(12_500), count: 10) + Array(repeating: 0, count: 20)
    let long = transfer(before + Array(repeating: 6_250, count: 25))
    let goodput = try #require(Goodput(of: long, roundTrip: .zero))
    #expect(!goodput.isAtLeast)
    #expect(goodput.rate == .megabits(1))
    #expect(goodput.firstSpan == 30)
    // Less than four windows of 200 ms may be a whim.
    let short = transfer(before + Array(repeating: 6_250, count: 15))
    #expect(try #require(Goodput(of: short, roundTrip: .zero)).isAtLeast)
  }

  @Test func `the low bound is the lesser of the last two windows`() throws {
    // 200 ms of 6,250 bytes a span, then 200 ms of 3,125: 1 and 0.5 Mbit/s.
    let bins = Array(repeating: Int64(6_250), count: 8) + Array(repeating: Int64(3_125), count: 4)
    #expect(try #require(Goodput(of: transfer(bins), roundTrip: .zero)).low == .kilobits(500))
    #expect(try #require(Goodput(of: transfer([6_250]), roundTrip: .zero)).low == .zero)
  }

  @Test func `nothing that arrived is no rate`() {
    #expect(Goodput(of: transfer([]), roundTrip: .zero) == nil)
    #expect(Goodput(of: transfer([0, 0, 0]), roundTrip: .zero) == nil)
  }
}
