import HTTPTypes
import Hummingbird
import PrecallCore

/// Bytes that can't be compressed, as fast as the client takes them; how the line's limit is found is the
/// kernel's choice where none is asked for.
struct Download: Sendable {
  /// Seconds a client that stopped reading has after the limit, before its connection is closed.
  static let grace = 1

  /// Tells a client that less came than its answer's head said: its connection or stream breaks off.
  private struct CutOff: Error {}

  let limits: ServerLimits
  private let slots: TestSlots
  private let pace: DownloadPace
  private let noise: Noise

  init(limits: ServerLimits, slots: TestSlots, pace: DownloadPace, noise: Noise) {
    self.limits = limits
    self.slots = slots
    self.pace = pace
    self.noise = noise
  }

  /// `GET /v1/download?bytes=N&congestion=cubic`
  @Sendable func respond(to request: Request, context: MeasurementContext) throws -> Response {
    guard let text = request.uri.queryParameters["bytes"], let wanted = Int(text), wanted >= 0 else {
      throw Problem.badByteCount
    }
    let congestion = try request.uri.queryParameters["congestion"].map { name in
      guard let congestion = CongestionControl(rawValue: String(name)) else {
        throw Problem.badCongestionControl
      }
      return congestion
    }
    let count = min(wanted, limits.downloadBytes)
    // Only what goes out in the first part is certain to be whole: a longer body may end at the time limit.
    return try answer(count, promising: count <= pace.least ? count : nil, context, congestion)
  }

  /// So many bytes. Where the head promises a length and a limit comes before it, the answer breaks off: no
  /// client takes a part for the whole.
  func answer(
    _ count: Int, promising length: Int?, _ context: MeasurementContext,
    _ congestion: CongestionControl? = nil
  ) throws -> Response {
    let slot = try slots.take(for: context.clientAddress)
    let body = ResponseBody(contentLength: length) { writer in
      defer { withExtendedLifetime(slot) {} }
      await congestion?.use(on: context.channel)
      await pace.keepShort(context.channel)
      let closing = context.closeConnection(afterSeconds: limits.testSeconds + Self.grace)
      defer { closing.cancel() }
      let written = try await DownloadPump.send(
        count, of: noise, to: context.channel, pace, seconds: limits.testSeconds)
      if let length, written < length { throw CutOff() }
      try await writer.finish(nil)
    }
    let headers: HTTPFields = [
      .contentType: "application/octet-stream", .cacheControl: "no-store, no-transform",
    ]
    return Response(status: .ok, headers: headers, body: body)
  }
}
