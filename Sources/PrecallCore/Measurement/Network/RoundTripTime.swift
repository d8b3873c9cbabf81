/// Round-trip times (RFC 2681) of reflected packets, the time that the reflector held each one taken off:
/// (T4 - T1) - (T3 - T2).
package struct RoundTripTime: Sendable {
  package let count: Int
  package let minimum: Microseconds
  package let median: Microseconds
  package let p95: Microseconds

  /// Nothing where no packet came back.
  package init?(of run: PacketRun, in sequences: Range<Int>) {
    guard let order = OrderStatistics(run.answered(in: sequences).map { Self.time(of: $0, in: run).base })
    else { return nil }
    count = order.count
    minimum = Microseconds(base: order.minimum)
    median = Microseconds(base: order.median)
    p95 = Microseconds(base: order.percentile(95))
  }

  /// A reflector that claims to have held a packet longer than it was away is not believed.
  static func time(of reply: PacketReply, in run: PacketRun) -> Microseconds {
    let away = reply.receivedAt - run.sentAt[reply.sequence]
    let held = reply.reflectorSentAt - reply.reflectorReceivedAt
    return held > .zero && held < away ? away - held : away
  }
}
