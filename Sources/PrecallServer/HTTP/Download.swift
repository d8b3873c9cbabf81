import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// Bytes that can't be compressed, as fast as the client takes them; how the line's limit is found is the
/// kernel's choice where none is asked for.
struct Download: Sendable {
  /// Small enough that a packet of another flow is not held up behind it for long.
  static let writeLength = 65_536
  /// Seconds a client that stopped reading has after the limit, before its connection is closed.
  static let grace = 1

  /// Tells a client that less came than its answer's head said: its connection or stream breaks off.
  private struct CutOff: Error {}

  let limits: ServerLimits
  private let slots: TestSlots
  private let part: Int
  private let noise: ByteBuffer

  /// `part` is what goes out in one write.
  init(limits: ServerLimits, slots: TestSlots, part: Int = writeLength) {
    self.limits = limits
    self.slots = slots
    self.part = part
    var random = SystemRandomNumberGenerator()
    var noise = ByteBuffer()
    noise.reserveCapacity(16 * part)
    for _ in 0..<(16 * part / 8) { noise.writeInteger(random.next()) }
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
    // Only what goes out in one write is certain to be whole: a longer body may end at the time limit.
    return try answer(count, promising: count <= part ? count : nil, context, congestion)
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
      let written = try await write(count, to: &writer, context: context)
      if let length, written < length { throw CutOff() }
      try await writer.finish(nil)
    }
    let headers: HTTPFields = [
      .contentType: "application/octet-stream", .cacheControl: "no-store, no-transform",
    ]
    return Response(status: .ok, headers: headers, body: body)
  }

  /// Tells how many were written when a limit came.
  @concurrent private func write(
    _ count: Int, to writer: inout any ResponseBodyWriter, context: MeasurementContext
  ) async throws -> Int {
    let closing = context.closeConnection(afterSeconds: limits.testSeconds + Self.grace)
    defer { closing.cancel() }
    let end = ContinuousClock.now + .seconds(limits.testSeconds)
    var written = 0
    while written < count, ContinuousClock.now < end {
      let length = min(count - written, part)
      guard let slice = noise.getSlice(at: written % noise.readableBytes, length: length) else { break }
      try await writer.write(slice)
      // A write returns once it is queued for the connection's event loop, and only that loop knows whether
      // the client keeps up: without waiting for it, all of the body would be queued at once.
      try await context.channel.eventLoop.submit {}.get()
      written += length
    }
    return written
  }
}
