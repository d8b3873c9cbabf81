import PrecallCore

// MARK: The call rehearsal

extension NetworkSession {
  private static let stepLength = Moment.Span.milliseconds(460)
  /// How often the line is looked at; each look reads all replies of the step.
  private static let lookSpacing = Moment.Span.milliseconds(25)
  /// A reply that takes so much longer than the idle line's slowest is held for lost until it comes.
  private static let patience = Moment.Span.milliseconds(250)
  /// Video breaks from this loss on; see `CallRehearsal`. Fewer packets tell nothing.
  private static let breakingLoss = Share.percent(10)
  private static let fewest = 20

  /// Plays calls of rising rate, sound alone first, until the line breaks, and a little less where one did.
  func rehearse() {
    guard let sender, sender.answered > 0 else { return }
    let slowest = slowestRoundTrip(sender)
    for load in Load.calls where mayGoOn {
      guard let rate = policy.rate(of: load) else { continue }
      guard play(load, rate, sender, slowest) else { break }
    }
    sender.endCall()
    drain(sender)
  }

  /// - Returns: whether the line carried it, as far as is known yet.
  private func play(
    _ load: Load, _ rate: BitRate, _ sender: PacketSender, _ slowest: Moment.Span
  ) -> Bool {
    let shape = CallShape(rate: rate, for: Self.stepLength.nanoseconds)
    sender.begin(load, shape, rate: rate)
    var look = Moment.now + Self.lookSpacing
    var isBroken = false
    loop(until: deadline(in: Self.stepLength + .milliseconds(200)), using: false) { now in
      if now >= look {
        look = now + Self.lookSpacing
        isBroken = breaks(sender, at: now, slowest)
      }
      return sender.isCalling && !isBroken
    }
    return !isBroken
  }

  private func slowestRoundTrip(_ sender: PacketSender) -> Moment.Span {
    let run = sender.run
    let slowest = run.answered(in: run.sequences(under: .idle))
      .map { ($0.receivedAt - run.sentAt[$0.sequence]).base }.max()
    return Moment.Span(nanoseconds: (slowest ?? 0) * 1_000)
  }

  /// Whether a queue grows or packets vanish in the call so far, so that going on would only do harm.
  private func breaks(_ sender: PacketSender, at now: Moment, _ slowest: Moment.Span) -> Bool {
    let run = sender.run
    guard let phase = run.phases.last else { return false }
    let idle = run.sequences(under: .idle)
    if let growth = QueueGrowth(of: run, in: phase.sequences, over: idle), growth.isOverused { return true }
    let due = sender.sequencesDue(in: phase.sequences, at: now, after: slowest + Self.patience)
    guard due.count >= Self.fewest else { return false }
    let lost = due.count - run.answered(in: due).count
    return PacketLoss.wilson(lost, of: due.count).low > Self.breakingLoss
  }
}
