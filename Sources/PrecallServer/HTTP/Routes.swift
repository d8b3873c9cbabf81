import HTTPTypes
import Hummingbird
import PrecallCore

/// Every address the server answers at.
struct Routes: Sendable {
  let limits: ServerLimits
  let usesTLS: Bool
  let proxies: TrustedProxies
  let office: TicketOffice
  let reflector: Reflector
  let slots: TestSlots
  let entrance: Entrance

  func router() -> Router<MeasurementContext> {
    let router = Router(context: MeasurementContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: AnswerMiddleware(usesTLS: usesTLS))
    router.add(middleware: CrossOriginMiddleware())
    router.add(middleware: ClientAddressMiddleware(proxies: proxies))
    router.get("livez") { _, _ in Self.health("pass", .ok) }
    router.get("readyz") { _, _ in
      slots.isStopping ? Self.health("fail", .serviceUnavailable) : Self.health("pass", .ok)
    }
    router.get("v1/ping") { _, _ in
      Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
    router.post("v1/tickets") { _, _ in try ticket() }
    router.get("v1/reflector") { request, _ in try received(request) }
    router.get("v1/download", use: download.respond)
    router.post("v1/upload", use: Upload(limits: limits, slots: slots).respond)
    entrance.add(to: router)
    return router
  }

  /// Without TLS the kernel sends the bytes from a file, so that even a long part takes no memory. Parts of
  /// 2 MiB cost it twice as much a byte where the client keeps up from another core.
  private var download: Download {
    // Three records of TLS, which still fit a buffer of 64 KiB with what is around them; four take one of 128.
    let pace = DownloadPace(
      least: usesTLS ? 49_152 : 65_536, most: 262_144, parts: 2, unsent: usesTLS ? 131_072 : nil)
    return Download(limits: limits, slots: slots, pace: pace, noise: Noise(withFile: !usesTLS))
  }

  private static func health(_ status: StaticString, _ code: HTTPResponse.Status) -> Response {
    var json = JSONWriter()
    json.object { $0.member("status", status) }
    return Response(json: json, status: code)
  }

  private func ticket() throws -> Response {
    guard !slots.isStopping else { throw Problem.stopping }
    let now = WallClock.nanosecondsSince1970()
    let ticket = office.makeTicket(now: now / 1_000_000_000)
    let grant = TicketGrant(
      ticket: ticket.encode(), sessionID: ticket.sessionID, udpPort: reflector.port,
      expiresIn: Microseconds(base: Int64(limits.ticketSeconds) * 1_000_000),
      serverTime: Microseconds(base: now / 1_000),
      limits: TicketGrant.Limits(
        download: ByteCount(base: Int64(limits.downloadBytes)),
        upload: ByteCount(base: Int64(limits.uploadBytes)),
        time: Microseconds(base: Int64(limits.testSeconds) * 1_000_000)))
    var json = JSONWriter()
    grant.write(to: &json)
    return Response(json: json)
  }

  private func received(_ request: Request) throws -> Response {
    guard let text = request.uri.queryParameters["ticket"],
      let ticket = Base64URL.decode([UInt8](text.utf8)).flatMap({ Ticket($0) })
    else { throw Problem.badTicket }
    let session: (count: UInt32, hasEnded: Bool)
    do throws(ReflectorSessions.Refusal) {
      session = try reflector.sessions.received(with: ticket, now: .now)
    } catch {
      throw error == .full ? Problem.busy : Problem.badTicket
    }
    var json = JSONWriter()
    json.object { json in
      json.member("received", Int64(session.count))
      // Whoever was told otherwise, by a clock that ran differently, learns why packets stay away.
      if session.hasEnded { json.member("expired", true) }
    }
    return Response(json: json)
  }
}
