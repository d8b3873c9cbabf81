import HTTPTypes
import Hummingbird
import PrecallCore

/// Hands out the way to the TURN server.
struct TurnRoutes: Sendable {
  let turn: Turn
  let address: PublicAddress
  let limit: AddressLimit
  let clock: @Sendable () -> Int64

  enum Turn: Sendable {
    case none
    case external(urls: [String], secret: String)
    case managed(ManagedTurnServer)
  }

  func add(to router: Router<MeasurementContext>) {
    router.post("v1/turn-credentials") { request, context in
      guard limit.take(context.clientAddress, now: clock()) else { throw Problem.askedTooOften }
      switch turn {
      case .none: throw Problem.noTurn
      case .external(let urls, let secret): return answer(urls, secret)
      case .managed(let server):
        guard server.isReady else { throw Problem.turnRestarts }
        return answer(server.urls(host: address.host(for: request)), server.secret)
      }
    }
  }

  private func answer(_ urls: [String], _ secret: String) -> Response {
    let credentials = TurnCredentials(secret: secret, now: clock())
    var json = JSONWriter()
    json.object { json in
      json.key("urls")
      json.array { json in
        for url in urls { json.value(Text(url.utf8)) }
      }
      json.member("username", Text(credentials.username.utf8))
      json.member("credential", Text(credentials.credential.utf8))
      json.member("ttl_s", TurnCredentials.lifetime)
    }
    return Response(json: json)
  }
}

extension Problem {
  static let noTurn = Problem(
    status: .notFound, code: "no-turn-server",
    detail: "This server has no TURN server, so the path of a call can't be tested.")
  static let turnRestarts = Problem(
    status: .serviceUnavailable, code: "turn-server-starts",
    detail: "The TURN server is being started. Try again in a moment.", retryAfterSeconds: 3)
}
