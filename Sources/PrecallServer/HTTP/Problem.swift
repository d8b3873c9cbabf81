import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// An answer that says what went wrong, for a program and for a person (RFC 9457).
struct Problem: Error, HTTPResponseError {
  var status: HTTPResponse.Status
  /// Stable; programs decide by it.
  var code: StaticString
  var detail: StaticString
  var retryAfterSeconds: Int?
  /// The member of the request's body that can't be used.
  var path: Text = []

  func response(from request: Request, context: some RequestContext) -> Response { response }

  var response: Response {
    var json = JSONWriter()
    json.object { json in
      json.member("type", "about:blank")
      json.member("title", [UInt8](status.reasonPhrase.utf8))
      json.member("status", Int64(status.code))
      json.member("code", code)
      json.member("detail", detail)
      if !path.isEmpty { json.member("path", path) }
    }
    var response = Response(json: json, status: status, type: "application/problem+json")
    if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
    return response
  }
}

extension Problem {
  static let busy = Problem(
    status: .serviceUnavailable, code: "server-busy",
    detail: "The server carries as many tests as it can. Try again shortly.", retryAfterSeconds: 2)
  static let tooMany = Problem(
    status: .tooManyRequests, code: "too-many-tests",
    detail: "Too many tests run from this address. Wait for one to end.", retryAfterSeconds: 2)
  static let stopping = Problem(
    status: .serviceUnavailable, code: "server-stopping", detail: "The server is about to stop.",
    retryAfterSeconds: 5)
  static let badTicket = Problem(
    status: .forbidden, code: "bad-ticket", detail: "The ticket is not one of this server, or has expired.")
  static let badByteCount = Problem(
    status: .badRequest, code: "bad-byte-count", detail: "bytes must be a whole number of at least 0.")
  static let badCongestionControl = Problem(
    status: .badRequest, code: "bad-congestion-control", detail: "congestion must be cubic or bbr.")
  static let notFound = Problem(
    status: .notFound, code: "not-found", detail: "There is nothing at this address.")
  static let badRequest = Problem(
    status: .badRequest, code: "bad-request", detail: "The request can't be understood.")
  static let internalError = Problem(
    status: .internalServerError, code: "internal-error", detail: "The server failed. Try again.")
}

extension Response {
  init(json: JSONWriter, status: HTTPResponse.Status = .ok, type: String = "application/json") {
    self.init(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.text)))
  }
}
