import HTTPTypes
import Hummingbird
import PrecallCore

extension Request {
  /// Seconds that a client may take to send a small body.
  private static let secondsForBody = 10

  /// The body as JSON, of at most so many bytes and sent without delay.
  func json(upTo limit: Int, _ context: MeasurementContext) async throws -> JSONValue {
    let closing = context.closeConnection(afterSeconds: Self.secondsForBody)
    defer { closing.cancel() }
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Problem.tooLarge }
    var request = self
    do {
      let body = try await request.collectBody(upTo: limit)
      return try JSONReader.read(Text(body.readableBytesView), upTo: limit)
    } catch let error as HTTPError where error.status == .contentTooLarge {
      throw Problem.tooLarge
    }
  }
}

extension Response {
  init(jsonText text: Text, status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
  }
}

extension HTTPField.Name {
  static let idempotencyKey = known("Idempotency-Key")
  static let lastEventID = known("Last-Event-ID")
  static let accelBuffering = known("X-Accel-Buffering")
}

extension Problem {
  static let tooLarge = Problem(
    status: .contentTooLarge, code: "too-large", detail: "The request is larger than the server takes.")

  init(_ error: JSONError) {
    self = .badRequest
    detail = error.problem.words
    path = error.path
  }
}
