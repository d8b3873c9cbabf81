// What the rehearsal of a call says of the visit.

extension NetworkJudge {
  mutating func judge(_ rehearsal: CallRehearsal, _ run: PacketRun, failure: NetworkFailure?) {
    let isWhole = failure == nil || failure?.reason == .outOfTime
    let isEndedByServer = failure?.step == .rehearsal && !blamesLine
    let rate = rehearsal.held.last?.phase.rate ?? .zero
    // A server that stayed away does not say that the line carries nothing, or no more than what had come.
    let isCutOff = rehearsal.broken?.outcome == .silence && !blamesLine
    if !isEndedByServer, !rehearsal.held.isEmpty || rehearsal.broken != nil && !isCutOff {
      note(.rehearsedRate, .rate(rate), samples: rehearsal.pooled.count)
    }
    if let last = rehearsal.held.last { noteCall(last.phase.sequences, run) }
    guard let broken = rehearsal.broken else { return }
    switch broken.outcome {
    case .held, .cut: return
    // Where the line or the server then stayed away, that is the finding.
    case .silence: if isWhole { add(Finding(.rehearsalCutOff)) }
    case .queue(let direction), .loss(let direction): findTooFast(broken.phase, direction, held: rate)
    }
  }

  private mutating func findTooFast(_ phase: PacketRun.Phase, _ direction: Direction, held: BitRate) {
    let limit = phase.rate.map { Quantity.rate($0) }
    if phase.load == .screenShareCall {
      return add(Finding(.screenShareTooFast, measured: .rate(held), limit: limit))
    }
    let tier = policy.tier(carriedBy: held)
    if tier == .phone { return add(Finding(.audioBreaksUp, measured: .rate(held), limit: limit)) }
    let severity: Severity = tier == .audioOnly ? .problem : tier < policy.ready ? .warning : .note
    let kind = direction == .up ? FindingKind.videoTooFastUp : .videoTooFastDown
    add(Finding(kind, severity: severity, cap: tier, measured: .rate(held), limit: limit))
  }

  /// One step by itself.
  mutating func noteStep(_ sequences: Range<Int>, _ run: PacketRun, _ fates: PacketFates) {
    noteLoss(fates, sequences)
    noteCall(sequences, run)
  }

  private mutating func noteCall(_ sequences: Range<Int>, _ run: PacketRun) {
    if let trip = RoundTripTime(of: run, in: sequences) {
      note(.rehearsalRoundTrip, .time(trip.median), samples: trip.count)
    }
    guard believesClock else { return }
    var late: Share?
    for direction in Direction.allCases {
      guard let one = DelayVariation(of: OneWayTransit(of: run, in: sequences, direction)) else { continue }
      let (isUp, count) = (direction == .up, one.variations.count)
      note(isUp ? .rehearsalVariationUp : .rehearsalVariationDown, .time(one.p95), samples: count)
      note(isUp ? .slowRehearsalVariationUp : .slowRehearsalVariationDown, .time(one.p99), samples: count)
      late = max(late ?? .zero, one.late(beyond: Self.longestWait))
    }
    if let late { note(.rehearsalLate, .share(late), samples: sequences.count) }
  }
}
