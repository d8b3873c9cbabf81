/// A reflected test packet as it came back: RFC 8762's four stamps without the first, which the sender keeps.
package struct PacketReply: Sendable, Hashable {
  /// The sender's count of the packet, from zero.
  package var sequence: Int
  /// When it reached the reflector (T2) and left again (T3), by the reflector's clock from any origin.
  package var reflectorReceivedAt: Microseconds
  package var reflectorSentAt: Microseconds
  /// The reflector's own count of the packets of this session, from zero.
  package var reflectorSequence: Int
  /// When it came back (T4), by the sender's clock.
  package var receivedAt: Microseconds

  package init(
    sequence: Int, reflectorReceivedAt: Microseconds, reflectorSentAt: Microseconds, reflectorSequence: Int,
    receivedAt: Microseconds
  ) {
    self.sequence = sequence
    self.reflectorReceivedAt = reflectorReceivedAt
    self.reflectorSentAt = reflectorSentAt
    self.reflectorSequence = reflectorSequence
    self.receivedAt = receivedAt
  }
}

/// What the line carried while packets were sent.
package enum Load: Int, Sendable, Hashable, CaseIterable {
  case idle, download, upload
  /// The packets themselves, as many and as long as those of a call of each tier, both ways at once; the
  /// last has a shared screen beside its video.
  case audioCall, lowVideoCall, standardVideoCall, hdVideoCall, screenShareCall

  /// The steps of the call rehearsal, in their order.
  package static var calls: ArraySlice<Load> { allCases[3...] }

  package var name: StaticString {
    switch self {
    case .idle: "idle"
    case .download: "download"
    case .upload: "upload"
    case .audioCall: "audio-call"
    case .lowVideoCall: "low-video-call"
    case .standardVideoCall: "standard-video-call"
    case .hdVideoCall: "hd-video-call"
    case .screenShareCall: "screen-share-call"
    }
  }

  package static func named(_ text: some Collection<UInt8>) -> Load? {
    for load in allCases where load.name.equals(text) { return load }
    return nil
  }
}

/// The packets that were sent one after the other in one session, and what came back of them.
package struct PacketRun: Sendable, Hashable {
  /// When each packet left (T1), by the sender's clock; the index is its sequence number.
  package var sentAt: [Microseconds] = []
  /// Every reply in the order it arrived, repeated ones included.
  package var replies: [PacketReply] = []
  /// How many packets of the session reached the reflector, as it says at the end; nothing where it was
  /// not asked.
  package var reflectorReceived: Int?
  /// Which sequence numbers were sent under which load, in order.
  package var phases: [Phase] = []

  package struct Phase: Sendable, Hashable {
    package var load: Load
    package var sequences: Range<Int>
    /// What a call's packets were meant to carry each way; nothing of other packets.
    package var rate: BitRate?

    package init(_ load: Load, _ sequences: Range<Int>, rate: BitRate? = nil) {
      self.load = load
      self.sequences = sequences
      self.rate = rate
    }
  }

  package init() {}

  package func sequences(under load: Load) -> Range<Int> {
    for phase in phases where phase.load == load { return phase.sequences }
    return 0..<0
  }

  /// The first reply to each of the packets in `sequences`, by sequence number.
  package func answered(in sequences: Range<Int>) -> [PacketReply] {
    var first = [PacketReply?](repeating: nil, count: sequences.count)
    for reply in replies where sequences.contains(reply.sequence) && reply.sequence < sentAt.count {
      let index = reply.sequence - sequences.lowerBound
      if first[index] == nil { first[index] = reply }
    }
    return first.compactMap { $0 }
  }
}
