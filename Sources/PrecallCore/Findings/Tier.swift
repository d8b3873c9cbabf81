/// What kind of visit is possible: the ladder from a phone call up to high-definition video.
package enum Tier: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// Nothing over the internet: use the telephone.
  case phone
  case audioOnly
  case lowVideo
  case standardVideo
  case hdVideo

  package var name: StaticString {
    switch self {
    case .phone: "phone"
    case .audioOnly: "audio-only"
    case .lowVideo: "low-video"
    case .standardVideo: "standard-video"
    case .hdVideo: "hd-video"
    }
  }

  package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

  package static func named(_ text: some Collection<UInt8>) -> Tier? {
    for tier in allCases where tier.name.equals(text) { return tier }
    return nil
  }
}

/// How much a finding matters.
package enum Severity: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// Worth knowing; the visit works.
  case note
  /// The visit works with limits.
  case warning
  /// Some part of the visit will not work.
  case problem

  package var name: StaticString {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .problem: "problem"
    }
  }

  package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}
