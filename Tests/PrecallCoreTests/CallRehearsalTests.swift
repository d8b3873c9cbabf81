import PrecallCore
import Testing

/// The line that a made-up rehearsal runs over: 20 ms each way and, up, a queue of its rate.
private struct MadeLine {
  /// Bits a second that pass upwards; nothing where all do.
  var rate: Double?
  /// Milliseconds of queue; what comes to a full one is lost.
  var queue = 10_000.0
  var lostUp: (Int) -> Bool = { _ in false }
  var lostDown: (Int) -> Bool = { _ in false }
  /// Added to the reflector's clock from this packet on.
  var clockStep: (from: Int, by: Int64) = (.max, 0)

  private static let octets = 1_000

  /// A hundred packets 10 ms apart on the idle line, then half a second of each of `loads`, in packets of
  /// 1,000 octets at equal distances.
  func measurement(_ loads: some Sequence<Load> = Load.calls) -> NetworkMeasurement {
    var measurement = NetworkMeasurement()
    var times = (0..<100).map { Int64($0) * 10_000 }
    var phases = [PacketRun.Phase(.idle, 0..<100)]
    for load in loads {
      guard let rate = Policy.standard.rate(of: load) else { continue }
      let count = Int(Double(rate.base) * 0.5 / 8 / Double(Self.octets))
      let start = Int64(1_000_000 + (phases.count - 1) * 500_000)
      phases.append(PacketRun.Phase(load, times.count..<(times.count + count), rate: rate))
      times += (0..<count).map { start + Int64($0) * 500_000 / Int64(count) }
    }
    measurement.packets = packets(at: times)
    measurement.packets.phases = phases
    return measurement
  }

  private func packets(at times: [Int64]) -> PacketRun {
    var run = PacketRun()
    var free = 0.0
    var reflected = 0
    for (sequence, time) in times.enumerated() {
      run.sentAt.append(Microseconds(base: time))
      let length = sequence < 100 ? 0.0 : rate.map { Double(Self.octets) * 8e6 / $0 } ?? 0
      let wait = max(0, free - Double(time))
      if lostUp(sequence) || wait > queue * 1_000 { continue }
      free = Double(time) + wait + length
      defer { reflected += 1 }
      if lostDown(sequence) { continue }
      let there = Int64(free) + 20_000
      let clock = sequence >= clockStep.from ? clockStep.by : 0
      run.replies.append(
        PacketReply(
          sequence: sequence, reflectorReceivedAt: Microseconds(base: there + clock),
          reflectorSentAt: Microseconds(base: there + clock), reflectorSequence: reflected,
          receivedAt: Microseconds(base: there + 20_000)))
    }
    run.reflectorReceived = reflected
    return run
  }
}

private func rehearsal(_ measurement: NetworkMeasurement) throws -> CallRehearsal {
  try #require(CallRehearsal(of: measurement.packets, PacketFates(of: measurement.packets)))
}

private func codes(_ measurement: NetworkMeasurement) -> [String] {
  measurement.assessed(by: .standard).findings.map { "\($0.kind.code)" }
}

private func verdict(_ measurement: NetworkMeasurement) -> Verdict {
  Report(Measurements(network: .measured(measurement)), policy: .standard).verdict
}

@Suite struct `The call rehearsal` {
  @Test func `a line with room holds every call, and nothing is found`() throws {
    let good = MadeLine().measurement()
    let found = try rehearsal(good)
    #expect(found.held.map(\.phase.load) == Array(Load.calls))
    #expect(found.broken == nil)
    // 100 idle packets and half a second of 64, 350, 750, 1,500 and 2,500 kbit/s in packets of 8 kbit.
    #expect(found.pooled == 0..<(100 + 4 + 21 + 46 + 93 + 156))
    #expect(codes(good).isEmpty)
    let row = good.assessed(by: .standard).assessments.first { $0.metric == .rehearsedRate }
    #expect(row?.measured == .rate(.kilobits(2_500)))
    #expect(verdict(good).screenShare == .yes)
  }

  /// Of half a second above the line's rate, a share of (call - line) / line becomes queue: over 50 ms of it
  /// in the last 150 ms is the end. 350 over 280 kbit/s is 88 ms there, and does not hold.
  @Test(
    arguments: [
      (30_000, nil, "network.audio-breaks-up"), (280_000, .audioCall, "network.video-too-fast-up"),
      (550_000, .lowVideoCall, "network.video-too-fast-up"),
      (1_100_000, .standardVideoCall, "network.video-too-fast-up"),
      (1_800_000, .hdVideoCall, "network.screen-share-too-fast"),
    ] as [(Double, Load?, String)]) func `the first call that the line can't carry ends it`(
      rate: Double, best: Load?, code: String
    ) throws
  {
    let measurement = MadeLine(rate: rate).measurement()
    let found = try rehearsal(measurement)
    #expect(found.held.last?.phase.load == best)
    #expect(found.broken?.outcome == .queue(.up))
    #expect(codes(measurement).contains(code))
    let finding = try #require(
      measurement.assessed(by: .standard).findings.first { "\($0.kind.code)" == code })
    let held = best.flatMap { Policy.standard.rate(of: $0) } ?? .zero
    #expect(finding.cap == Policy.standard.tier(carriedBy: held))
    #expect(finding.measured == .rate(held))
  }

  @Test func `a shallow queue shows as loss, by direction`() throws {
    var line = MadeLine(rate: 1_000_000, queue: 30)
    let up = try rehearsal(line.measurement())
    #expect(up.held.last?.phase.load == .standardVideoCall)
    #expect(up.broken?.outcome == .loss(.up))
    // The HD call's packets are 171 to 263; every third is lost on the way down.
    line = MadeLine(lostDown: { $0 >= 171 && $0 % 3 == 0 })
    let down = try rehearsal(line.measurement())
    #expect(down.broken?.outcome == .loss(.down))
    #expect(codes(line.measurement()) == ["network.video-too-fast-down"])
  }

  @Test func `what was lost in an overload is not held against the calls that held`() throws {
    let measurement = MadeLine(rate: 1_000_000, queue: 30).measurement()
    let loss = measurement.assessed(by: .standard).assessments.first { $0.metric == .lossUp }
    #expect(loss?.measured == .share(.zero))
    #expect(loss?.samples == 171)
  }

  @Test func `five in a hundred lost at random end no call, and are told as loss`() throws {
    let measurement = MadeLine(lostUp: { $0 % 20 == 7 }).measurement()
    #expect(try rehearsal(measurement).broken == nil)
    #expect(Set(codes(measurement)) == ["network.packet-loss", "network.audio-quality"])
  }

  @Test func `a line that goes silent in a call is told as that`() throws {
    let measurement = MadeLine(lostUp: { $0 >= 190 }).measurement()
    let found = try rehearsal(measurement)
    #expect(found.held.last?.phase.load == .standardVideoCall)
    #expect(found.broken?.outcome == .silence)
    #expect(codes(measurement) == ["network.rehearsal-cut-off"])
    var dead = measurement
    dead.failure = NetworkFailure(.download, .timedOut)
    #expect(codes(dead) == ["network.line-lost"])
  }

  @Test func `a reflector whose clock is set in the middle makes no queue`() throws {
    for step in [3_600_000_000, -3_600_000_000] as [Int64] {
      let measurement = MadeLine(clockStep: (from: 210, by: step)).measurement()
      #expect(try rehearsal(measurement).broken == nil)
    }
  }

  @Test func `cut off before it could tell, it tells of no call`() throws {
    var measurement = MadeLine().measurement([.audioCall, .lowVideoCall])
    let phase = measurement.packets.phases[2]
    let end = phase.sequences.lowerBound + 10
    measurement.packets.phases[2].sequences = phase.sequences.lowerBound..<end
    measurement.packets.sentAt.removeLast(phase.sequences.upperBound - end)
    measurement.packets.replies.removeAll { $0.sequence >= end }
    let found = try rehearsal(measurement)
    #expect(found.steps.last?.outcome == .cut)
    #expect(found.held.map(\.phase.load) == [.audioCall])
    #expect(found.broken == nil)
    #expect(codes(measurement).isEmpty)
    // What a server that went away then let it carry is no figure of the line; one that goes later has let it be one.
    func rates(_ step: NetworkFailure.Step) -> [Assessment] {
      measurement.failure = NetworkFailure(step, .refused)
      return measurement.assessed(by: .standard).assessments.filter { $0.metric == .rehearsedRate }
    }
    #expect(rates(.rehearsal).isEmpty && rates(.download).count == 1)
  }

  @Test func `a call that held is believed over a bulk transfer that fell short`() {
    var measurement = MadeLine().measurement()
    measurement.transfers = [
      Transfer(.up, flows: 3, duration: .seconds(1), bins: Array(repeating: 2_500, count: 20))
    ]
    #expect(codes(measurement).isEmpty)
    measurement.packets.phases.removeLast(3)
    #expect(codes(measurement) == ["network.slow-upload"])
  }

  /// What a line with a long way brings within a second of which most goes into connecting.
  @Test func `where a call was too fast, a transfer that only began says nothing against the line`() throws {
    var measurement = MadeLine(rate: 1_100_000).measurement()
    let begun = Array(repeating: Int64(0), count: 18) + [1_000, 2_500, 5_000, 7_500]
    measurement.transfers = [Transfer(.down, flows: 3, duration: .milliseconds(1_100), bins: begun)]
    let (assessments, findings) = measurement.assessed(by: .standard)
    #expect(findings.map(\.kind) == [.videoTooFastUp])
    let row = try #require(assessments.first { $0.metric == .downloadRate })
    #expect(row.low == row.measured && row.high == nil)
    let steady = Array(repeating: Int64(5_000), count: 40)
    measurement.transfers = [Transfer(.down, flows: 3, duration: .seconds(2), bins: steady)]
    #expect(Set(codes(measurement)) == ["network.video-too-fast-up", "network.slow-download"])
  }

  /// 2.5 Mbit/s held: 248 kbit/s are under a tenth of it, 250 are not.
  @Test func `a transfer that stalls beside a call that held is no rate, but a bound`() throws {
    func measured(_ bytes: Int64) -> NetworkMeasurement {
      var measurement = MadeLine().measurement()
      let bins = Array(repeating: bytes, count: 20)
      measurement.transfers = [Transfer(.up, flows: 3, duration: .seconds(1), bins: bins)]
      return measurement
    }
    let (assessments, findings) = measured(1_550).assessed(by: .standard)
    #expect(findings.map(\.kind) == [.transferStalled])
    let row = try #require(assessments.first { $0.metric == .uploadRate })
    #expect(row.low == row.measured && row.high == nil)
    #expect(!codes(measured(1_563)).contains("network.transfer-stalled"))
    // Where packets of any length are lost, that is the reason.
    var lossy = measured(1_550)
    let idle = lossy.packets.sequences(under: .idle)
    lossy.packets.replies.removeAll { idle.contains($0.sequence) && $0.sequence % 4 == 0 }
    #expect(codes(lossy).contains("network.packet-loss"))
    #expect(!codes(lossy).contains("network.transfer-stalled"))
    // Without a call that held it is the line that is slow.
    var silent = measured(1_550)
    silent.packets.phases.removeLast(silent.packets.phases.count - 1)
    #expect(codes(silent) == ["network.slow-upload"])
  }

  @Test func `a transfer that never began beside a call that held is said, not passed over`() {
    var measurement = MadeLine().measurement()
    let end = measurement.packets.sentAt.count
    for index in 0..<100 {
      measurement.packets.sentAt.append(.milliseconds(Double(5_000 + 10 * index)))
    }
    measurement.packets.phases.append(PacketRun.Phase(.download, end..<end + 100))
    #expect(codes(measurement).contains("network.transfer-stalled"))
    measurement.packets.phases.removeLast()
    #expect(!codes(measurement).contains("network.transfer-stalled"))
    measurement.packets.phases.append(PacketRun.Phase(.download, end..<end + 20))
    #expect(!codes(measurement).contains("network.transfer-stalled"))
  }

  @Test func `rates are written, read back, and refused where they can't be`() throws {
    let measurement = MadeLine(rate: 700_000).measurement()
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    #expect(try NetworkMeasurement(json: JSONReader.read(writer.text)) == measurement)
    let bad = #"{"packets":{"sent_us":[0],"phases":[{"load":"idle","from":0,"to":1,"rate_bps":0}]}}"#
    #expect(throws: JSONError.self) { try NetworkMeasurement(json: JSONReader.read(Array(bad.utf8))) }
  }

  /// More rate never makes for a worse visit, whatever the queue.
  @Test func `a faster line never holds less`() throws {
    for queue in [20.0, 80, 400, 5_000] {
      var last = -1
      for rate in stride(from: 20_000.0, to: 4_000_000, by: 40_000) {
        let held = try rehearsal(MadeLine(rate: rate, queue: queue).measurement()).held.count
        #expect(held >= last, "\(rate) bit/s, \(queue) ms")
        last = held
      }
      #expect(last == Load.calls.count)
    }
  }
}
