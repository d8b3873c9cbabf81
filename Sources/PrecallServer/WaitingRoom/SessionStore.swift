/// Where arranged sessions are kept.
package protocol SessionStore: AnyObject, Sendable {
  /// False where no more can be kept.
  func insert(_ session: VisitSession, now: Int64) -> Bool
  func find(_ link: LinkHash, now: Int64) -> LinkFound
  func session(_ id: String, now: Int64) -> VisitSession?
  /// Ends a session before its time; false where there is none.
  func revoke(_ id: String, now: Int64) -> Bool
  /// Forgets what is over, and names the sessions that have expired since the last time.
  func sweep(now: Int64) -> [String]
}

/// What a link leads to.
package enum LinkFound: Sendable {
  case provider(VisitSession)
  /// With the client's number, from 1.
  case client(VisitSession, Int)
  case ended(LinkEnd)
  case unknown
}

/// Why a link that once worked does not.
package enum LinkEnd: Sendable, Equatable {
  case expired, revoked

  package var name: StaticString {
    switch self {
    case .expired: "expired"
    case .revoked: "revoked"
    }
  }
}
