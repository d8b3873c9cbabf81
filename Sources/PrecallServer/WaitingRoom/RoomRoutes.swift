import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// What the pages of a waiting room ask for. Each request carries the link's token as its bearer token:
/// it is the only proof of who asks, and stands in no address that a log would keep.
struct RoomRoutes: Sendable {
  let rooms: WaitingRooms
  let doorkeeper: Doorkeeper
  let onAdmitted: String?
  let policy: Policy

  func add(to router: Router<MeasurementContext>) {
    let group = router.group("v1/room")
    group.get { request, context in
      let (session, participant) = try doorkeeper.guest(request, context)
      return Response(jsonText: rooms.json(of: session, for: participant))
    }
    group.get("events", use: events)
    group.post("actions", use: act)
    group.post("admission", use: admission)
    group.get("clients/:number/report", use: report)
  }

  @Sendable private func act(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    let (session, participant) = try doorkeeper.guest(request, context)
    guard let key = request.headers[.idempotencyKey], (1...64).contains(key.utf8.count) else {
      throw Problem.noIdempotencyKey
    }
    let action = try RoomAction(json: await request.json(upTo: 512 * 1_024, context), policy: policy)
    switch rooms.perform(action, key: key, by: participant, in: session) {
    case .done: return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    case .tooOften: throw Problem.tooOften
    case .otherAction: throw Problem.otherAction
    case .refused(.notYours): throw Problem.notYours
    case .refused(.namelessClient): throw Problem.nameless
    case .refused(.wrongStage): throw Problem.wrongStage
    }
  }

  /// The token with which an admitted client's page goes on to the visit.
  @Sendable private func admission(
    _ request: Request, _ context: MeasurementContext
  ) async throws -> Response {
    let (session, participant) = try doorkeeper.guest(request, context)
    guard case .client(let number) = participant else { throw Problem.notYours }
    guard let token = rooms.makeAdmission(for: number, in: session) else { throw Problem.wrongStage }
    var json = JSONWriter()
    json.object { json in
      json.member("token", Text(token.text.utf8))
      if let url = session.onAdmitted ?? onAdmitted {
        // In the fragment, which browsers keep from servers, their logs and the next page's referrer.
        json.member("url", Text("\(url)#token=\(token.text)".utf8))
      }
    }
    return Response(json: json)
  }

  @Sendable private func report(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    let (session, participant) = try doorkeeper.guest(request, context)
    guard participant == .provider else { throw Problem.notYours }
    guard let number = context.parameters.get("number", as: Int.self),
      let report = rooms.report(of: number, in: session)
    else { throw Problem.notFound }
    return Response(jsonText: report)
  }
}

// MARK: Events

extension RoomRoutes {
  /// Server-Sent Events (WHATWG HTML section 9.2), from the one after `Last-Event-ID` where that is known.
  @Sendable private func events(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    let (session, participant) = try doorkeeper.guest(request, context)
    let after = request.headers[.lastEventID].flatMap { Int64($0) }
    let page = String(request.uri.queryParameters["page"]?.prefix(32) ?? "")
    let channel = context.channel
    try? await channel.setOption(.tcpUserTimeout, value: 30_000).get()
    let headers: HTTPFields = [
      .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
    ]
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        let (stream, frames) = RoomStream.make(page: page) { channel.close(promise: nil) }
        rooms.join(session, participant, stream, after: after)
        defer { rooms.leave(session, participant, stream) }
        // Without this a closed page would be found out only by a write that fails, much later.
        try await request.body.consumeWithCancellationOnInboundClose { _ in
          for await frame in frames { try await writer.write(frame) }
        }
        try await writer.finish(nil)
      })
  }
}

extension ChannelOption where Self == ChannelOptions.Types.SocketOption {
  /// Milliseconds that sent data may stay unacknowledged before the connection is given up (tcp(7)): a phone
  /// that has left without a word is noticed after the next heartbeat.
  fileprivate static var tcpUserTimeout: Self {
    .init(level: .tcp, name: NIOBSDSocket.Option(rawValue: 18))
  }
}

extension Problem {
  static let noIdempotencyKey = Problem(
    status: .badRequest, code: "no-idempotency-key",
    detail: "Every action needs an Idempotency-Key header of 1 to 64 letters.")
  /// As draft-ietf-httpapi-idempotency-key-header asks, section 2.7.
  static let otherAction = Problem(
    status: .unprocessableContent, code: "other-action",
    detail: "This Idempotency-Key was used for another action. Give each action a key of its own.")
  static let tooOften = Problem(
    status: .tooManyRequests, code: "too-often", detail: "That was too much at once. Wait a moment.",
    retryAfterSeconds: 2)
  static let notYours = Problem(
    status: .forbidden, code: "not-yours", detail: "This link does not allow that.")
  static let nameless = Problem(
    status: .conflict, code: "nameless", detail: "Say the name to show first.")
  static let wrongStage = Problem(
    status: .conflict, code: "wrong-stage", detail: "That is not possible now; read the room's state again.")
}
