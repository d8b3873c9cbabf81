import PrecallCore

// MARK: The call rehearsal

extension NetworkSession {
  /// Of each call: twenty packets of sound tell whether it holds; a hundred, where there is time, make a 99th
  /// percentile.
  private var stepLength: Moment.Span { .milliseconds(isFull ? 2_000 : 460) }
  /// And is waited for so long.
  private static let patience = Moment.Span.milliseconds(200)

  /// Plays calls of rising rate, sound alone first, until the line breaks, and a little less where one did.
  func rehearse() {
    guard let sender, let idle else { return }
    let roundTrip = Moment.Span(idle.median)
    for load in Load.calls where mayGoOn {
      guard let rate = policy.rate(of: load) else { continue }
      // What comes next shall not find the queue of a call that was too fast.
      guard play(load, rate, sender, roundTrip) else { return drain(sender) }
    }
  }

  /// - Returns: whether the line carried it, as far as is known yet.
  private func play(_ load: Load, _ rate: BitRate, _ sender: PacketSender, _ roundTrip: Moment.Span) -> Bool {
    let shape = CallShape(rate: rate, for: stepLength.nanoseconds)
    sender.begin(load, shape, rate: rate)
    let holds = playOut(sender, roundTrip)
    // A rate a little above the line's fills its queue slowly.
    if holds, isDoubtful(sender) {
      sender.goOn(shape, after: stepLength.nanoseconds)
      playOut(sender, roundTrip)
    }
    sender.endCall()
    awaitLate(sender, roundTrip)
    return !sender.hasBroken(at: Moment.now, roundTrip)
  }

  /// - Returns: whether the call was played to its end.
  @discardableResult
  private func playOut(_ sender: PacketSender, _ roundTrip: Moment.Span) -> Bool {
    var look = Moment.now + PacketSender.lookSpacing
    loop(until: deadline(in: stepLength + .milliseconds(200)), using: false) { now in
      guard now >= look else { return sender.isCalling }
      look = now + PacketSender.lookSpacing
      return sender.isCalling && !sender.hasBroken(at: now, roundTrip)
    }
    return !sender.isCalling
  }

  private func isDoubtful(_ sender: PacketSender) -> Bool {
    guard let phase = sender.run.phases.last else { return false }
    let idle = sender.run.sequences(under: .idle)
    return QueueGrowth(of: sender.run, in: phase.sequences, over: idle)?.isDoubtful ?? false
  }

  /// Where a queue stands, replies come late: climbing before they are in would only fill it further.
  private func awaitLate(_ sender: PacketSender, _ roundTrip: Moment.Span) {
    guard let phase = sender.run.phases.last else { return }
    loop(until: deadline(in: Self.patience), using: false) { now in
      let due = sender.sequencesDue(in: phase.sequences, at: now, after: roundTrip + PacketSender.lateness)
      return !due.isEmpty && !sender.hasHeard(beyond: due.upperBound - 1)
    }
  }
}
