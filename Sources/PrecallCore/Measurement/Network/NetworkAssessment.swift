extension NetworkMeasurement {
  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) {
    var judge = NetworkJudge(policy: policy)
    judge.judge(reach)
    if let failure { judge.judge(failure, reach) }
    let account = ReflectorAccount(of: packets)
    let packets = account.isClockSteady ? self.packets : self.packets.withoutReflectorClock
    judge.believesClock = account.isClockSteady
    judge.blamesLine = failure.map { !NetworkFinding.isServerFault($0) } ?? true
    judge.blamesSilence = failure.map { !NetworkFinding.explainsSilence($0) } ?? true
    if !account.isBelieved { judge.add(Finding(.reflectorNotBelieved)) }
    let fates = PacketFates(of: packets)
    let rehearsal = CallRehearsal(of: packets, fates)
    judge.judge(packets, fates, rehearsal)
    if let rehearsal { judge.judge(rehearsal, packets, failure: failure) }
    let idle = RoundTripTime(of: packets, in: packets.sequences(under: .idle))
    if let pings { judge.judge(pings) }
    let held = rehearsal?.held.last?.phase.rate ?? .zero
    for transfer in transfers { judge.judge(transfer, packets, idle, call: held) }
    if let call { judge.judge(call, packets) }
    #if !hasFeature(Embedded)
      if let path { judge.judge(path, packets) }
      let isStuck = held > .zero && failure == nil && lacksTransfer(idle?.median ?? .zero)
      judge.judgeStall(isStuck, call: held)
    #endif
    return (judge.assessments, judge.findings)
  }
}

#if !hasFeature(Embedded)
  extension NetworkMeasurement {
    /// Whether a load that was begun, and kept up long enough for a first answer and another, brought nothing at all.
    private func lacksTransfer(_ roundTrip: Microseconds) -> Bool {
      let shortest = max(.milliseconds(600), Microseconds(base: 5 * roundTrip.base))
      return [(Load.download, Direction.down), (.upload, .up)].contains { load, direction in
        let sequences = packets.sequences(under: load)
        guard transfer(direction) == nil, let first = sequences.first, let last = sequences.last else {
          return false
        }
        return packets.sentAt[last] - packets.sentAt[first] > shortest
      }
    }
  }

  extension NetworkJudge {
    /// Once all else is judged: packets that vanish for their length are a reason why a transfer stalls, and so are
    /// those that any packet may be among: TCP waits for seconds where its first ones are lost (RFC 6298).
    mutating func judgeStall(_ isStuck: Bool, call: BitRate) {
      let reasons: [FindingKind] = [.largePacketsLost, .packetLoss]
      guard isStuck || stalled != nil, !findings.contains(where: { reasons.contains($0.kind) }) else {
        return
      }
      add(Finding(.transferStalled, measured: stalled?.measured, limit: stalled == nil ? nil : .rate(call)))
    }
  }
#endif

/// Holds figures against a policy one after the other and keeps what comes of it.
struct NetworkJudge {
  let policy: Policy
  /// Whether the reflector's stamps make figures of one direction.
  var believesClock = true
  /// Whether a call that was cut off may be told as the line's.
  var blamesLine = true
  /// Whether silence of test packets may be told as the network's.
  var blamesSilence = true
  #if !hasFeature(Embedded)
    /// The rate of a transfer that got stuck.
    private(set) var stalled: Assessment?
  #endif
  /// In how many directions a transfer carried twice what high definition needs.
  private(set) var ampleTransfers = 0
  private(set) var assessments: [Assessment] = []
  private(set) var findings: [Finding] = []

  init(policy: Policy) { self.policy = policy }

  @discardableResult @inline(never)
  mutating func note(
    _ metric: Metric, _ value: Quantity, low: Quantity? = nil, high: Quantity? = nil, samples: Int? = nil
  ) -> Assessment {
    let assessment = Assessment(metric, value, low: low, high: high, samples: samples, by: policy)
    assessments.append(assessment)
    return assessment
  }

  mutating func add(_ finding: Finding) { findings.append(finding) }
  mutating func remove(_ kind: FindingKind) { findings.removeAll { $0.kind == kind } }

  #if !hasFeature(Embedded)
    /// Moves what was found of `kind` to where it was found to be.
    mutating func place(_ kind: FindingKind, at place: Place) {
      for (index, old) in findings.enumerated() where old.kind == kind {
        findings[index] = Finding(
          kind, severity: old.severity, cap: old.cap, at: place, measured: old.measured, limit: old.limit)
      }
    }
  #endif

  /// One or two lost packets are events and no share: of few they read as more than 1 %. A line that loses one in a
  /// thousand loses one of a hundred in every tenth check, two of two hundred in every fiftieth, and three in one of a
  /// thousand.
  private static let fewestLost = 3

  /// Gives back what can be held against a limit.
  @inline(never)
  private mutating func note(_ metric: Metric, _ loss: PacketLoss?) -> Assessment? {
    guard let loss else { return nil }
    let row = note(
      metric, .share(loss.ratio), low: .share(loss.low), high: .share(loss.high), samples: loss.sent)
    return loss.lost < Self.fewestLost ? nil : row
  }

  /// Adds `kind` where the figure is past a limit. Past the blocking one it is a problem, and the visit is
  /// held down to `blocked`.
  @inline(never)
  mutating func find(_ kind: FindingKind, _ assessment: Assessment, blocked: Tier) {
    switch assessment.level {
    case .good, .unjudged: return
    case .limited:
      findings.append(Finding(kind, measured: assessment.measured, limit: assessment.limit?.warn))
    case .blocking:
      let limit = assessment.limit?.block
      findings.append(
        Finding(kind, severity: .problem, cap: blocked, measured: assessment.measured, limit: limit))
    }
  }
}

// MARK: The way to the server

extension NetworkJudge {
  mutating func judge(_ reach: Reach) {
    if let time = reach.nameLookup {
      find(.slowLookup, note(.nameLookupTime, .time(time), samples: 1), blocked: .hdVideo)
    }
    noteConnecting(.connectTime, reach.connect)
    noteConnecting(.tlsTime, reach.tls)
    noteConnecting(.firstByteTime, reach.firstByte)
    if let offset = reach.clockOffset, abs(offset.base) > NetworkFinding.clockTolerance.base {
      findings.append(
        Finding(
          .wrongClock, measured: .time(Microseconds(base: abs(offset.base))),
          limit: .time(NetworkFinding.clockTolerance)))
    }
  }

  @inline(never)
  private mutating func noteConnecting(_ metric: Metric, _ time: Microseconds?) {
    guard let time else { return }
    let assessment = note(metric, .time(time), samples: 1)
    guard !findings.contains(where: { $0.kind == .slowConnect }) else { return }
    find(.slowConnect, assessment, blocked: .hdVideo)
  }

  mutating func judge(_ failure: NetworkFailure, _ reach: Reach) {
    let kind = NetworkFinding.kind(of: failure, reach)
    if kind == .clockBreaksTLS {
      findings.removeAll { $0.kind == .wrongClock }
    }
    findings.append(Finding(kind, measured: failure.status.map { .count($0) }))
  }
}

// MARK: Packets on the idle line

extension NetworkJudge {
  /// So many packets without one reply are no chance.
  private static let fewestToBlock = 20
  /// Fewer replies than this make no figure.
  private static let fewest = 10
  /// Where a de-jitter buffer gives up waiting.
  static let longestWait = Microseconds(base: 200_000)

  mutating func judge(_ run: PacketRun, _ fates: PacketFates, _ rehearsal: CallRehearsal?) {
    let idle = run.sequences(under: .idle)
    let answered = run.answered(in: idle)
    if answered.isEmpty, idle.count >= Self.fewestToBlock, blamesSilence {
      findings.append(Finding(.udpBlocked))
    }
    guard answered.count >= Self.fewest, let trip = RoundTripTime(of: run, in: idle) else { return }
    let time = note(.roundTripTime, .time(trip.median), samples: trip.count)
    note(.leastRoundTripTime, .time(trip.minimum), samples: trip.count)
    note(.slowRoundTripTime, .time(trip.p95), samples: trip.count)
    find(.highLatency, time, blocked: .audioOnly)
    let variation = judgeVariation(run, idle)
    let loss = judgeLoss(fates, rehearsal?.pooled ?? idle)
    let order = PacketOrder(of: run, in: idle)
    note(.reordering, .share(order.reorderedShare), samples: order.arrived)
    // At the rate of a call where one was rehearsed: of the best that held, or else of its sound.
    let call = (rehearsal?.held.last ?? rehearsal?.steps.first)?.phase.sequences ?? idle
    let atCall = call == idle ? variation : self.variation(run, call)
    judgeSound(RoundTripTime(of: run, in: call) ?? trip, atCall ?? variation, loss)
  }

  /// The direction with the longer buffer.
  private func variation(_ run: PacketRun, _ sequences: Range<Int>) -> DelayVariation? {
    guard believesClock else { return nil }
    var variation: DelayVariation?
    for direction in Direction.allCases {
      let transit = OneWayTransit(of: run, in: sequences, direction)
      if let one = DelayVariation(of: transit), one.p95 >= variation?.p95 ?? .zero { variation = one }
    }
    return variation
  }

  private mutating func judgeVariation(_ run: PacketRun, _ idle: Range<Int>) -> DelayVariation? {
    guard believesClock else { return nil }
    let jitters = Direction.allCases.compactMap { Jitter(of: OneWayTransit(of: run, in: idle, $0)) }
    let variation = self.variation(run, idle)
    if let worse = jitters.max(by: { $0.mean < $1.mean }) {
      find(.highJitter, note(.jitter, .time(worse.mean), samples: worse.pairs), blocked: .audioOnly)
    }
    if let worse = jitters.max(by: { $0.smoothed < $1.smoothed }) {
      note(.smoothedJitter, .time(worse.smoothed), samples: worse.steps)
    }
    if let variation {
      let count = variation.variations.count
      note(.delayVariation, .time(variation.p95), samples: count)
      note(.slowDelayVariation, .time(variation.p99), samples: count)
      note(.latePackets, .share(variation.late(beyond: Self.longestWait)), samples: count)
    }
    return variation
  }

  /// Loss by direction, and the longest run of it.
  @discardableResult
  @inline(__always)
  mutating func noteLoss(
    _ fates: PacketFates, _ sequences: Range<Int>
  ) -> (up: PacketLoss?, down: PacketLoss?, rows: [Assessment]) {
    let up = PacketLoss(of: fates, in: sequences, .up)
    let down = PacketLoss(of: fates, in: sequences, .down)
    let rows = [note(.lossUp, up), note(.lossDown, down)].compactMap { $0 }
    let longest = max(up?.longestBurst ?? 0, down?.longestBurst ?? 0)
    note(.longestLoss, .count(Int64(longest)), samples: sequences.count)
    return (up, down, rows)
  }

  private mutating func judgeLoss(_ fates: PacketFates, _ pooled: Range<Int>) -> PacketLoss? {
    let (up, down, rows) = noteLoss(fates, pooled)
    if let worst = rows.max(by: { $0.measured.base < $1.measured.base }) {
      find(.packetLoss, worst, blocked: .audioOnly)
    }
    guard let up, let down else { return up ?? down }
    return up.ratio > down.ratio ? up : down
  }

  /// The E-model over the worse direction: half the round trip, a buffer that lets 1 % come late, the codec.
  private mutating func judgeSound(_ trip: RoundTripTime, _ variation: DelayVariation?, _ loss: PacketLoss?) {
    guard let variation, let loss else { return }
    let buffer = min(variation.p99, Self.longestWait)
    let delay = Microseconds(base: trip.median.base / 2) + buffer + EModel.codecDelay
    let missing = min(loss.ratio + variation.late(beyond: buffer), Share(base: 1_000_000))
    let random = 1 / max(1 - loss.ratio.fraction, 0.01)
    let rating = EModel.rating(
      oneWayDelay: delay, loss: missing, burstRatio: max(1, (loss.meanBurst ?? 1) / random), codec: .opus)
    let score = note(.audioScore, .score(EModel.score(rating: rating)), samples: trip.count)
    find(.poorSound, score, blocked: .phone)
  }
}

// MARK: Transfers and what they do to the delay

extension NetworkJudge {
  /// `call` is the rate of the best call that held in the rehearsal. A transfer with less than a tenth of it stalled,
  /// and says nothing of the line's rate.
  mutating func judge(_ transfer: Transfer, _ run: PacketRun, _ idle: RoundTripTime?, call: BitRate) {
    let held = call > .zero ? policy.tier(carriedBy: call) : .phone
    let isDown = transfer.direction == .down
    if let goodput = Goodput(of: transfer, roundTrip: idle?.median ?? .zero) {
      let rate = Quantity.rate(goodput.rate)
      let metric: Metric = isDown ? .downloadRate : .uploadRate
      #if !hasFeature(Embedded)
        if goodput.rate.base < call.base / 10 {
          stalled = note(metric, rate, low: rate, samples: goodput.spans)
          return
        }
      #endif
      let row = note(metric, rate, low: goodput.isAtLeast ? rate : nil, samples: goodput.spans)
      if let need = policy.need(of: .hdVideo), goodput.rate.base >= 2 * need.base { ampleTransfers += 1 }
      if !goodput.isAtLeast || !isCallLimited {
        findSlow(isDown ? .slowDownload : .slowUpload, goodput.rate, row, held: held)
      }
    }
    guard let idle, let working = WorkingLatency(of: run, under: isDown ? .download : .upload, idle: idle)
    else { return }
    let row = note(
      isDown ? .workingLatencyDown : .workingLatencyUp, .time(working.median),
      low: working.isRising ? .time(working.median) : nil, samples: working.count)
    note(
      isDown ? .slowWorkingLatencyDown : .slowWorkingLatencyUp, .time(working.p95), samples: working.count)
    let known = findings.contains { $0.kind == .bufferbloat }
    if !known, working.increase.base > idle.median.base / 2 { find(.bufferbloat, row, blocked: .lowVideo) }
  }

  /// Whether the rehearsal showed which call is too fast: then "at least" some lower rate says nothing against the line.
  private var isCallLimited: Bool {
    let kinds: [FindingKind] = [.videoTooFastUp, .videoTooFastDown, .screenShareTooFast, .audioBreaksUp]
    return findings.contains { kinds.contains($0.kind) }
  }

  /// A bulk transfer that lost packets may fall short of a call that held: then the call is right.
  mutating func findSlow(_ kind: FindingKind, _ rate: BitRate, _ row: Assessment, held: Tier) {
    let tier = max(policy.tier(carriedBy: rate), held)
    guard tier < .hdVideo else { return }
    let severity: Severity = tier <= .audioOnly ? .problem : tier < policy.ready ? .warning : .note
    let next = Tier(rawValue: tier.rawValue + 1).flatMap { policy.need(of: $0) }
    findings.append(
      Finding(kind, severity: severity, cap: tier, measured: row.measured, limit: next.map { .rate($0) }))
  }
}
