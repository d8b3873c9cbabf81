package import PrecallCore

/// One client's place in a room: kept as long as the session, whether the client's page is open or not.
package struct Seat: Sendable {
  package enum Stage: Sendable, Equatable {
    /// Nobody has said a name at this link yet.
    case empty
    case waiting
    /// Let in; the one-time token for the visit has not been used.
    case admitted
    /// The token has been used: the client is in the visit, or was.
    case joined
    case declined

    package var name: StaticString {
      switch self {
      case .empty: "empty"
      case .waiting: "waiting"
      case .admitted: "admitted"
      case .joined: "joined"
      case .declined: "declined"
      }
    }
  }

  package let number: Int
  package var stage = Stage.empty
  package var name: Text = []
  /// Seconds since 1970 at which the client began to wait.
  package var since: Int64 = 0
  package var isHere = false
  package var isReady = false
  /// What the server concluded from the client's last check; nothing before one.
  package var outcome: Verdict.Outcome?
  /// The report behind it, only where the client agreed that the provider reads it.
  package var report: Text?
  /// The event that last told the provider about this client.
  package var toldBy: Int64 = 0
  /// Whether the provider's page has said that it received that event.
  package var isKnown = false
  /// Of the one-time token for the visit.
  package var admission: LinkHash?

  init(number: Int) { self.number = number }
}

/// A line of the waiting room's chat.
package struct RoomMessage: Sendable {
  package let number: Int64
  /// The client's number; nothing for the provider.
  package let seat: Int?
  package let name: Text
  package let at: Int64
  package let text: Text
}
