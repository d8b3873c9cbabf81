import HTTPTypes
import Hummingbird

/// What a page may load, do and be shown in (CSP Level 3, Permissions Policy).
struct PageHeaders: Sendable {
  /// Origins whose pages may show `/embed` in a frame.
  let embedders: [String]

  func secured(_ response: Response, isEmbedded: Bool) -> Response {
    var response = response
    let ancestors = isEmbedded ? (["'self'"] + embedders).joined(separator: " ") : "'none'"
    response.headers[.contentSecurityPolicy] = Self.policy + ancestors
    // A frame gets camera and microphone from its host by `allow`, within what is said here.
    response.headers[.permissionsPolicy] =
      "camera=(self), microphone=(self), geolocation=(), display-capture=(), payment=(), usb=()"
    response.headers[.crossOriginResourcePolicy] = nil
    return response
  }

  private static let policy = [
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self' data:",
    "media-src 'self' blob:", "connect-src 'self'", "worker-src 'self'", "base-uri 'none'",
    "form-action 'self'", "frame-ancestors ",
  ].joined(separator: "; ")
}

/// Lets pages of other origins use the element, its files and the measurements behind it, which belong to
/// nobody. What belongs to a session is for our own pages only.
struct CrossOriginMiddleware: RouterMiddleware {
  typealias Context = MeasurementContext

  /// What the addresses begin with.
  let open: [String]
  /// Fields that their pages may send.
  let fields: String

  init(_ open: [String] = Self.ours, fields: String = "Content-Type") {
    self.open = open
    self.fields = fields
  }

  static let ours = [
    "/assets/", "/v1/ping", "/v1/tickets", "/v1/reflector", "/v1/download", "/v1/upload",
    "/v1/turn-credentials", "/v1/reports", "/v1/helpdesk/reports", "/v1/policy",
  ]

  @concurrent func handle(
    _ request: Request, context: MeasurementContext,
    next: @concurrent (Request, MeasurementContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    guard open.contains(where: path.hasPrefix) else { return try await next(request, context) }
    var response: Response
    if request.method == .options {
      response = Response(status: .noContent)
      response.headers[.accessControlAllowMethods] = "GET, POST"
      response.headers[.accessControlAllowHeaders] = fields
      response.headers[.accessControlMaxAge] = "86400"
    } else {
      do {
        response = try await next(request, context)
      } catch {
        // Also an error is an answer, which the page must be able to read.
        response = Problem(of: error, context).response
      }
    }
    response.headers[.accessControlAllowOrigin] = "*"
    response.headers[.accessControlExposeHeaders] = "Server-Timing, Retry-After"
    return response
  }
}

extension HTTPField.Name {
  static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
  fileprivate static let permissionsPolicy = known("Permissions-Policy")
}
