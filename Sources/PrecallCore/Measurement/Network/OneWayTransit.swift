/// Which way a packet went, from the person's side.
package enum Direction: Int, Sendable, Hashable, CaseIterable {
  case up, down
}

/// The transit times of one direction, each with an unknown but common offset: the two clocks agree on no
/// origin. Only differences between them mean anything.
package struct OneWayTransit: Sendable {
  package struct Sample: Sendable {
    package var sequence: Int
    package var sentAt: Int64
    package var transit: Int64
  }
  /// By sequence number.
  package let samples: [Sample]

  package init(of run: PacketRun, in sequences: Range<Int>, _ direction: Direction) {
    samples = run.answered(in: sequences).map { reply in
      let sentAt = direction == .up ? run.sentAt[reply.sequence] : reply.reflectorSentAt
      let receivedAt = direction == .up ? reply.reflectorReceivedAt : reply.receivedAt
      return Sample(sequence: reply.sequence, sentAt: sentAt.base, transit: receivedAt.base - sentAt.base)
    }
  }
}
