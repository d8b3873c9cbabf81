/// How much longer than half of those on the idle line even the fastest of the last packets take: a queue that
/// stands, as congestion controllers of calls look for it (RFC 8836 section 2, delay-based).
///
/// The fastest of a window beside the idle line's median, so that neither spikes and slow swings of Wi-Fi nor a
/// picture's burst count; and a queue that is clearly shorter than in the window before is draining, as after a
/// key picture.
package struct QueueGrowth: Sendable {
  /// Past this a queue is no longer a burst's. Half a second at a seventh more than the line has makes so
  /// much of it.
  package static let tolerance = Microseconds(base: 50_000)
  /// A line of just the call's rate sheds twice as much of a key picture's queue in each window.
  private static let draining = Microseconds(base: 20_000)
  /// Half of it is more than the fastest of a window's packets need on any line of the lab that keeps up.
  private static let doubt = Microseconds(base: 25_000)
  private static let window = Microseconds(base: 150_000)
  /// A call's first packets tell of its key picture only.
  package static let shortest = Microseconds(base: 250_000)

  /// The larger one where the queue stands.
  package let direction: Direction
  /// Of the round trip: no clock but the sender's is in it.
  package let standing: Microseconds
  package let isOverused: Bool
  /// Too much for an idle line, too little to be sure of: going on for longer tells.
  package var isDoubtful: Bool { !isOverused && standing > Self.doubt }

  /// Nothing where too few packets came back to say.
  ///
  /// - Parameter base: the packets that met an empty queue.
  package init?(of run: PacketRun, in sequences: Range<Int>, over base: Range<Int>) {
    let replies = run.answered(in: sequences)
    guard let first = replies.first, let last = replies.last, let idle = Least(run.answered(in: base), run),
      let usual = RoundTripTime(of: run, in: base)?.median
    else { return nil }
    let end = run.sentAt[last.sequence]
    guard end - run.sentAt[first.sequence] >= Self.shortest else { return nil }
    let (recent, before) = (end - Self.window, end - Self.window - Self.window)
    let latest = Least(replies.filter { run.sentAt[$0.sequence] > recent }, run)
    let earlier = Least(
      replies.filter { run.sentAt[$0.sequence] > before && run.sentAt[$0.sequence] <= recent }, run)
    guard let latest else { return nil }
    standing = latest.roundTrip - usual
    direction = latest.up - idle.up > latest.down - idle.down ? .up : .down
    let isDraining = earlier.map { $0.roundTrip - latest.roundTrip >= Self.draining } ?? false
    isOverused = standing > Self.tolerance && !isDraining
  }

  private struct Least {
    var roundTrip: Microseconds
    var up: Microseconds
    var down: Microseconds

    init?(_ replies: [PacketReply], _ run: PacketRun) {
      guard let first = replies.first else { return nil }
      roundTrip = RoundTripTime.time(of: first, in: run)
      up = first.reflectorReceivedAt - run.sentAt[first.sequence]
      down = first.receivedAt - first.reflectorSentAt
      for reply in replies {
        roundTrip = min(roundTrip, RoundTripTime.time(of: reply, in: run))
        up = min(up, reply.reflectorReceivedAt - run.sentAt[reply.sequence])
        down = min(down, reply.receivedAt - reply.reflectorSentAt)
      }
    }
  }
}
