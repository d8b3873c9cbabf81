import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// Judges what a page measured, with the same engine and the clinic's policy: the report that counts is the
/// server's. Nothing is kept, but what a person sends to the helpdesk.
struct Reports: Sendable {
  private static let largest = 512 * 1_024
  let policy: ClinicPolicy?
  let doorkeeper: Doorkeeper
  let limit: AddressLimit
  let clock: @Sendable () -> Int64
  private let kept = KeptReports()

  init(
    policy: ClinicPolicy?, doorkeeper: Doorkeeper, limit: AddressLimit, clock: @escaping @Sendable () -> Int64
  ) {
    self.policy = policy
    self.doorkeeper = doorkeeper
    self.limit = limit
    self.clock = clock
  }

  func add(to router: Router<MeasurementContext>) {
    router.post("v1/reports") { request, context in
      Response(jsonText: try await report(request, context).json())
    }
    router.post("v1/helpdesk/reports", use: keep)
    router.get("v1/helpdesk/reports/:code", use: find)
    router.get("v1/policy") { _, _ in
      policy.map { Response(jsonText: $0.text) } ?? Response(status: .noContent)
    }
  }

  private func report(_ request: Request, _ context: MeasurementContext) async throws -> Report {
    guard limit.take(context.clientAddress, now: clock()) else { throw Problem.askedTooOften }
    let json = try await request.json(upTo: Self.largest, context)
    return Report(try Measurements(json: json), policy: policy?.policy ?? .standard)
  }

  @Sendable private func keep(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    guard doorkeeper.apiToken != nil else { throw Problem.helpdeskOff }
    var report = try await report(request, context)
    report.startedAt = clock()
    let code = kept.keep(report.json(), from: context.clientAddress, now: clock())
    var json = JSONWriter()
    json.object { $0.member("code", Text(code.utf8)) }
    return Response(json: json, status: .created)
  }

  @Sendable private func find(_ request: Request, _ context: MeasurementContext) async throws -> Response {
    try doorkeeper.requireAPIToken(request, context)
    guard let report = kept.report(context.parameters.get("code") ?? "", now: clock()) else {
      throw Problem.reportUnknown
    }
    return Response(jsonText: report)
  }
}

extension Problem {
  static let askedTooOften = Problem(
    status: .tooManyRequests, code: "too-often",
    detail: "Too much was asked from this address. Wait a moment.", retryAfterSeconds: 5)
  static let helpdeskOff = Problem(
    status: .forbidden, code: "helpdesk-off",
    detail: "Nobody could ask this server for reports; start it with --api-token-file.")
  static let reportUnknown = Problem(
    status: .notFound, code: "report-unknown",
    detail: "There is no report of this code. Codes are forgotten after a day, and when the server restarts.")
}
