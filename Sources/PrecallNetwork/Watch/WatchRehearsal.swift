import PrecallCore

/// A call that is played for two seconds over a sender whose packets of the idle line go on beside it.
final class WatchRehearsal {
  let begunAt = Moment.now
  private let sender: PacketSender
  private let roundTrip: Moment.Span
  private var look = Moment.now
  private var endedAt: Moment?

  /// A key picture and what follows until its queue is gone, on any line that keeps up.
  private static let length = Moment.Span.milliseconds(2_000)
  private static let patience = Moment.Span(WatchRecord.patience)

  /// Nothing where the idle line is not known yet, which the call is held against.
  init?(_ load: Load, _ rate: BitRate, over sender: PacketSender) {
    guard let idle = RoundTripTime(of: sender.run, in: sender.run.sequences(under: .idle)) else { return nil }
    self.sender = sender
    roundTrip = Moment.Span(idle.median)
    sender.begin(load, CallShape(rate: rate, for: Self.length.nanoseconds), rate: rate)
  }

  /// Sends what is due, backs off where the line breaks, and says when the next packet is due.
  func goOn(at now: Moment) -> Moment? {
    guard endedAt == nil else { return nil }
    if now >= look {
      look = now + PacketSender.lookSpacing
      if sender.hasBroken(at: now, roundTrip) { sender.endCall() }
    }
    let due = sender.sendDue(every: nil)
    if !sender.isCalling {
      endedAt = now
      sender.begin(.idle)
    }
    return due
  }

  /// Whether no more replies are waited for.
  func isOver(at now: Moment) -> Bool { endedAt.map { now - $0 > Self.patience } ?? false }

  /// What became of it; nothing where not a packet could leave.
  func played(by policy: Policy) -> RehearsedCall? {
    var measurement = NetworkMeasurement()
    measurement.packets = sender.run
    return measurement.rehearsedCalls(by: policy).last
  }
}
