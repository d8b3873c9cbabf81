import PrecallCore

// MARK: The call rehearsal

extension NetworkSession {
  private static let stepLength = Moment.Span.milliseconds(460)
  /// How often the line is looked at; each look reads all replies of the step.
  private static let lookSpacing = Moment.Span.milliseconds(25)
  /// A reply that takes so much longer than on the idle line is late: no higher rate is tried meanwhile.
  private static let lateness = Moment.Span.milliseconds(50)
  /// After so much longer it is held for lost until it comes.
  private static let patience = Moment.Span.milliseconds(200)
  /// So much without a reply, after patience, is a line that went silent.
  private static let silence = Microseconds(base: 150_000)
  /// Video breaks from this loss on; see `CallRehearsal`. Fewer packets tell nothing.
  private static let breakingLoss = Share.percent(10)
  private static let fewest = 20

  /// Plays calls of rising rate, sound alone first, until the line breaks, and a little less where one did.
  func rehearse() {
    guard let sender, let idle = RoundTripTime(of: sender.run, in: sender.run.sequences(under: .idle)) else {
      return
    }
    let roundTrip = Moment.Span(nanoseconds: idle.median.base * 1_000)
    for load in Load.calls where mayGoOn {
      guard let rate = policy.rate(of: load) else { continue }
      guard play(load, rate, sender, roundTrip) else { break }
    }
    sender.endCall()
    drain(sender)
  }

  /// - Returns: whether the line carried it, as far as is known yet.
  private func play(_ load: Load, _ rate: BitRate, _ sender: PacketSender, _ roundTrip: Moment.Span) -> Bool {
    sender.begin(load, CallShape(rate: rate, for: Self.stepLength.nanoseconds), rate: rate)
    let plays = holds(for: Self.stepLength + .milliseconds(200), sender, roundTrip) { _ in sender.isCalling }
    // Where a queue stands, its replies come late: climbing before they are in would only fill it further.
    return plays
      && holds(for: Self.patience, sender, roundTrip) { now in
        guard let phase = sender.run.phases.last else { return false }
        let due = sender.sequencesDue(in: phase.sequences, at: now, after: roundTrip + Self.lateness)
        return sender.run.answered(in: due).count < due.count
      }
  }

  /// Goes on for `span` at most or until `goesOn` says no, and looks at the line now and then and at the end.
  private func holds(
    for span: Moment.Span, _ sender: PacketSender, _ roundTrip: Moment.Span, while goesOn: (Moment) -> Bool
  ) -> Bool {
    var look = Moment.now + Self.lookSpacing
    var isBroken = false
    loop(until: deadline(in: span), using: false) { now in
      if now >= look {
        look = now + Self.lookSpacing
        isBroken = breaks(sender, at: now, roundTrip)
      }
      return goesOn(now) && !isBroken
    }
    return !isBroken && !breaks(sender, at: Moment.now, roundTrip)
  }

  /// Whether a queue grows or packets vanish in this step, so that going on would only do harm.
  private func breaks(_ sender: PacketSender, at now: Moment, _ roundTrip: Moment.Span) -> Bool {
    let run = sender.run
    guard let phase = run.phases.last else { return false }
    let idle = run.sequences(under: .idle)
    if let growth = QueueGrowth(of: run, in: phase.sequences, over: idle), growth.isOverused { return true }
    let due = sender.sequencesDue(in: phase.sequences, at: now, after: roundTrip + Self.patience)
    guard let last = due.last else { return false }
    let answered = run.answered(in: due)
    let heard = run.sentAt[answered.last?.sequence ?? due.lowerBound]
    if run.sentAt[last] - heard >= Self.silence { return true }
    guard due.count >= Self.fewest else { return false }
    return PacketLoss.wilson(due.count - answered.count, of: due.count).low > Self.breakingLoss
  }
}
