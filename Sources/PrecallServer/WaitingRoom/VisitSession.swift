package import PrecallCore

/// One visit as it was arranged: when, with whom, and by which links people come in. What happens in it is
/// the `Room`'s.
package struct VisitSession: Sendable {
  /// Random, for the program that arranged the visit. It opens nothing.
  package let id: String
  /// Seconds since 1970.
  package let startsAt: Int64
  package let expiresAt: Int64
  /// As clients read it, cleaned.
  package let providerName: Text
  package let provider: LinkHash
  /// One link a client; a client's number is its place here, from 1.
  package let clients: [LinkHash]
  /// Where an admitted client's page goes next, with the one-time token in the fragment.
  package let onAdmitted: String?

  package var links: [LinkHash] { [provider] + clients }
}

/// What is asked for when a session is arranged.
package struct SessionOrder: Sendable {
  package static let clientLimit = 16
  /// A visit can be arranged a year and a month ahead.
  static let longestLead: Int64 = 400 * 86_400
  /// How long after its beginning a session's links work, unless it is said: two hours of visit, and two
  /// for a late start.
  package static let standardLifetime: Int64 = 4 * 3_600
  static let longestLifetime: Int64 = 24 * 3_600

  package var startsAt: Int64
  package var lifetime = Self.standardLifetime
  package var providerName: Text
  package var clientCount = 1
  package var onAdmitted: String?

  package init(startsAt: Int64, providerName: Text) {
    self.startsAt = startsAt
    self.providerName = providerName
  }

  /// The session, with the tokens that its links are made of and that are not kept.
  package func session() -> (session: VisitSession, provider: LinkToken, clients: [LinkToken]) {
    let provider = LinkToken()
    let clients = (0..<clientCount).map { _ in LinkToken() }
    let session = VisitSession(
      id: LinkToken().text, startsAt: startsAt, expiresAt: startsAt + lifetime, providerName: providerName,
      provider: provider.hash, clients: clients.map(\.hash), onAdmitted: onAdmitted)
    return (session, provider, clients)
  }
}
