import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// Judges what a page measured, with the same engine: the report that counts is the server's.
struct Reports: Sendable {
  private static let largest = 512 * 1_024
  let policy = Policy.standard
  let limit: AddressLimit
  let clock: @Sendable () -> Int64

  @Sendable func respond(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    guard limit.take(context.clientAddress, now: clock()) else { throw Problem.askedTooOften }
    let json = try await request.json(upTo: Self.largest, context)
    return Response(jsonText: Report(try Measurements(json: json), policy: policy).json())
  }
}

extension Problem {
  static let askedTooOften = Problem(
    status: .tooManyRequests, code: "too-often",
    detail: "Too much was asked from this address. Wait a moment.", retryAfterSeconds: 5)
}
