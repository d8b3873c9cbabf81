import HTTPTypes
import Hummingbird
import Logging
import PrecallCore

/// What every answer has in common: headers that keep a browser from guessing, the time the server took,
/// and problems instead of bare errors.
struct AnswerMiddleware: RouterMiddleware {
  typealias Context = MeasurementContext

  let usesTLS: Bool

  @concurrent func handle(
    _ request: Request, context: MeasurementContext,
    next: @concurrent (Request, MeasurementContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = Problem(of: error, context).response
    }
    addHeaders(to: &response, took: ContinuousClock.now - start)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func addHeaders(to response: inout Response, took time: Duration) {
    if response.headers[.serverTiming] == nil {
      response.headers[.serverTiming] = "total;dur=\(time.milliseconds)"
    }
    response.headers[.timingAllowOrigin] = "*"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "no-referrer"
    if usesTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
  }
}

extension Problem {
  /// What a request that ended with `error` is answered.
  init(of error: any Error, _ context: MeasurementContext) {
    switch error {
    case let problem as Problem: self = problem
    case let error as JSONError: self.init(error)
    case let error as HTTPError: self = error.status == .notFound ? .notFound : .badRequest
    default:
      context.logger.error("A request failed.", metadata: ["error": "\(error)"])
      self = .internalError
    }
  }
}

extension Duration {
  /// As `Server-Timing` counts it, to the microsecond.
  var milliseconds: Double {
    let exact = Double(components.attoseconds) / 1e15 + Double(components.seconds) * 1e3
    return (exact * 1_000).rounded() / 1_000
  }
}

extension HTTPField.Name {
  static let serverTiming = known("Server-Timing")
  fileprivate static let timingAllowOrigin = known("Timing-Allow-Origin")
  fileprivate static let referrerPolicy = known("Referrer-Policy")

  static func known(_ name: String) -> Self {
    guard let name = Self(name) else { preconditionFailure("not a header's name: \(name)") }
    return name
  }
}
