import HTTPTypes
import Hummingbird

/// Reads who asks from a request, and keeps those out who guess: whoever holds a link or the token is not kept out with
/// a guesser behind the same address.
struct Doorkeeper: Sendable {
  let rooms: WaitingRooms
  let apiToken: LinkHash?
  let wrong: AddressLimit

  /// The session and the side of it that the request's link belongs to.
  func guest(
    _ request: Request, _ context: MeasurementContext
  ) throws(Problem) -> (session: VisitSession, participant: Participant) {
    try guest(Self.bearer(request).flatMap { LinkToken($0) }, context)
  }

  func guest(
    _ token: LinkToken?, _ context: MeasurementContext
  ) throws(Problem) -> (session: VisitSession, participant: Participant) {
    switch token.map(rooms.find) ?? .unknown {
    case .provider(let session): return (session, .provider)
    case .client(let session, let number): return (session, .client(number))
    case .ended(.expired): throw .linkExpired
    case .ended(.revoked): throw .linkRevoked
    case .unknown:
      try note(context)
      throw .linkUnknown
    }
  }

  /// Lets only programs pass that hold the server's own token.
  func requireAPIToken(_ request: Request, _ context: MeasurementContext) throws(Problem) {
    guard let apiToken else { throw .sessionsOff }
    guard let bearer = Self.bearer(request), LinkHash(of: String(bearer)) == apiToken else {
      try note(context)
      throw .badAPIToken
    }
  }

  /// One more wrong guess; throws where there have been too many.
  private func note(_ context: MeasurementContext) throws(Problem) {
    guard !wrong.isExhausted(context.clientAddress, now: rooms.now) else { throw .tooManyWrongLinks }
    wrong.take(context.clientAddress, now: rooms.now)
  }

  private static func bearer(_ request: Request) -> Substring? {
    guard let value = request.headers[.authorization], value.count <= 600 else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1]
  }
}

extension Problem {
  static let linkUnknown = Problem(
    status: .notFound, code: "link-unknown",
    detail: "This link is not one of ours. Check that it is complete, or ask for a new one.")
  static let linkExpired = Problem(
    status: .gone, code: "link-expired", detail: "This link's time is over. Ask for a new one.")
  static let linkRevoked = Problem(
    status: .gone, code: "link-revoked", detail: "This link has been withdrawn. Ask for a new one.")
  static let tooManyWrongLinks = Problem(
    status: .tooManyRequests, code: "too-many-wrong-links",
    detail: "Too many wrong links came from this address. Wait a minute and try again.",
    retryAfterSeconds: 60)
  static let sessionsOff = Problem(
    status: .forbidden, code: "sessions-off",
    detail: "This server arranges no sessions; start it with --api-token-file.")
  static let badAPIToken = Problem(
    status: .unauthorized, code: "bad-api-token", detail: "The token is not the one of this server.")
}
