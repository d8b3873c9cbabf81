/// What became of a packet.
package enum Fate: UInt8, CaseIterable {
  case delivered, lostAtRandom, lostInBurst, queueFull, outage, blocked, tooBig
  /// The lab itself had no room left: the truth is then not the link's.
  case overrun

  package var name: StaticString {
    switch self {
    case .delivered: "delivered"
    case .lostAtRandom: "lost_random"
    case .lostInBurst: "lost_burst"
    case .queueFull: "lost_queue"
    case .outage: "lost_outage"
    case .blocked: "lost_blocked"
    case .tooBig: "lost_too_big"
    case .overrun: "lost_overrun"
    }
  }
}

/// What the line decided for one packet.
package struct Decision: Equatable {
  package var fate: Fate
  /// When the packet leaves the far end; for a lost one, when it was lost.
  package var release: Int64
  package var isDuplicated = false
  package var isReordered = false
  package var isCorrupted = false
  /// A number for the place of the corrupted bit.
  package var place: UInt64 = 0
}
