import HTTPTypes
import Hummingbird
import NIOCore

/// Web pages and their files.
struct PageRoutes: Sendable {
  let library: AssetLibrary
  let pages: RoomPages
  let doorkeeper: Doorkeeper
  let headers: PageHeaders

  func add(to router: Router<MeasurementContext>) {
    router.get("/") { _, _ in Response.redirect(to: "/check") }
    router.get("check") { request, _ in try page("check.html", request) }
    router.get("embed") { request, _ in try page("embed.html", request, isEmbedded: true) }
    router.get("assets/**") { request, context in
      // Pages have addresses of their own, with what protects them.
      guard let asset = library[context.parameters.getCatchAll().joined(separator: "/")], !asset.isPage else {
        throw Problem.notFound
      }
      return send(asset, request)
    }
    // A link that was cut off leads to the page that says so too.
    for path in ["s", "s/:token"] as [RouterPath] {
      router.get(path) { request, context in room(request, context, isProvider: false) }
    }
    for path in ["p", "p/:token"] as [RouterPath] {
      router.get(path) { request, context in room(request, context, isProvider: true) }
    }
  }

  private func page(_ name: String, _ request: Request, isEmbedded: Bool = false) throws -> Response {
    guard let asset = library[name] else { throw Problem.notFound }
    return headers.secured(send(asset, request), isEmbedded: isEmbedded)
  }

  /// The client's or provider's page, or one that says why the link does not lead there.
  private func room(_ request: Request, _ context: MeasurementContext, isProvider: Bool) -> Response {
    let (kind, status) = kind(context, isProvider: isProvider)
    guard let asset = pages[kind, PageLanguage.of(request)] else { return Problem.internalError.response }
    var response = headers.secured(send(asset, request, status: status), isEmbedded: false)
    response.headers[.vary] = "Accept-Language, Accept-Encoding"
    response.headers[.cacheControl] = "no-store"
    return response
  }

  private func kind(
    _ context: MeasurementContext, isProvider: Bool
  ) -> (RoomPages.Kind, HTTPResponse.Status) {
    do throws(Problem) {
      let token = context.parameters.get("token").flatMap { LinkToken($0) }
      let guest = try doorkeeper.guest(token, context)
      // A link of the other side is as good as none here: the two never stand in for each other.
      guard (guest.participant == .provider) == isProvider else { return (.unknown, .notFound) }
      return (isProvider ? .provider : .client, .ok)
    } catch {
      switch error.code.description {
      case Problem.linkExpired.code.description: return (.expired, error.status)
      case Problem.linkRevoked.code.description: return (.revoked, error.status)
      case Problem.tooManyWrongLinks.code.description: return (.tooMany, error.status)
      default: return (.unknown, error.status)
      }
    }
  }

  private func send(_ asset: Asset, _ request: Request, status: HTTPResponse.Status = .ok) -> Response {
    let sent = asset.representation(accepting: request.headers[.acceptEncoding])
    var headers: HTTPFields = [
      .contentType: asset.type, .eTag: sent.tag, .cacheControl: "no-cache", .vary: "Accept-Encoding",
      .crossOriginResourcePolicy: "cross-origin",
    ]
    if status == .ok, request.headers[.ifNoneMatch]?.contains(sent.tag) == true {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentEncoding] = sent.encoding
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: sent.bytes)))
  }
}
