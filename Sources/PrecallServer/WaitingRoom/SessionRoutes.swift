import HTTPTypes
import Hummingbird
package import PrecallCore

/// What other programs ask for: arranging sessions, ending them, and taking admitted clients in.
struct SessionRoutes: Sendable {
  let rooms: WaitingRooms
  let doorkeeper: Doorkeeper
  let address: PublicAddress

  func add(to router: Router<MeasurementContext>) {
    router.post("v1/sessions", use: create)
    router.delete("v1/sessions/:id") { request, context in
      try doorkeeper.requireAPIToken(request, context)
      guard rooms.revoke(context.parameters.get("id") ?? "") else { throw Problem.notFound }
      return Response(status: .noContent)
    }
    router.post("v1/admissions", use: redeem)
  }

  @Sendable private func create(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    try doorkeeper.requireAPIToken(request, context)
    let order = try SessionOrder(json: await request.json(upTo: 16_384, context), now: rooms.now)
    let (session, provider, clients) = order.session()
    guard rooms.insert(session) else { throw Problem.tooManySessions }
    let base = address.base(for: request)
    var json = JSONWriter()
    json.object { json in
      json.member("id", Text(session.id.utf8))
      json.member("starts_at", Timestamp.text(of: session.startsAt))
      json.member("expires_at", Timestamp.text(of: session.expiresAt))
      json.key("client_links")
      json.array { json in
        for client in clients { json.value(Text("\(base)/s/\(client.text)".utf8)) }
      }
      json.member("provider_link", Text("\(base)/p/\(provider.text)".utf8))
    }
    return Response(json: json, status: .created)
  }

  /// Tells the visit who comes with a one-time token, once.
  @Sendable private func redeem(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    try doorkeeper.requireAPIToken(request, context)
    let object = try JSONObject(await request.json(upTo: 4_096, context))
    let text = String(decoding: try object.text("token") ?? [], as: UTF8.self)
    guard let token = LinkToken(text), let (session, seat) = rooms.redeem(token) else {
      throw Problem.admissionUsed
    }
    var json = JSONWriter()
    json.object { json in
      json.member("session", Text(session.utf8))
      json.member("client", Int64(seat.number))
      json.member("name", seat.name)
    }
    return Response(json: json)
  }
}

extension SessionOrder {
  /// Reads `{"at":"2026-11-24T09:00:00Z","provider":"Dr. Rivera","clients":2}`.
  package init(json: JSONValue, now: Int64) throws(JSONError) {
    let object = try JSONObject(json)
    guard let startsAt = try object.timestamp("at") else { throw object.error("at", "this is missing") }
    guard let name = try object.text("provider").flatMap(ShownText.name) else {
      throw object.error("provider", "this must be a name of 1 to 60 letters")
    }
    self.init(startsAt: startsAt, providerName: name)
    clientCount = try Self.bounded(object, "clients", 1...Int64(Self.clientLimit)).map(Int.init) ?? 1
    lifetime = try Self.bounded(object, "lifetime_s", 60...Self.longestLifetime) ?? Self.standardLifetime
    guard startsAt + lifetime > now, startsAt - now <= Self.longestLead else {
      throw object.error("at", "this must be neither over nor more than 400 days ahead")
    }
    onAdmitted = try object.text("on_admitted").map { String(decoding: $0, as: UTF8.self) }
    guard onAdmitted.map(PublicAddress.isWeb) ?? true else {
      throw object.error("on_admitted", "this must be an address that begins with https:// and has no #")
    }
  }

  private static func bounded(
    _ object: JSONObject, _ key: StaticString, _ range: ClosedRange<Int64>
  ) throws(JSONError) -> Int64? {
    guard let value = try object.integer(key) else { return nil }
    guard range.contains(value) else { throw object.error(key, "this number is out of range") }
    return value
  }
}

extension Problem {
  static let tooManySessions = Problem(
    status: .serviceUnavailable, code: "too-many-sessions",
    detail: "The server keeps as many sessions as it may.", retryAfterSeconds: 60)
  static let admissionUsed = Problem(
    status: .conflict, code: "admission-used", detail: "The token is not known here, or has been used.")
}
