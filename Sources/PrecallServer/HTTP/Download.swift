import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore

/// `GET /v1/download?bytes=N&congestion=cubic`: bytes that can't be compressed, as fast as the client takes
/// them; how the line's limit is found is the kernel's choice where none is asked for.
struct Download: Sendable {
  /// Small enough that a packet of another flow is not held up behind it for long.
  static let writeLength = 65_536
  /// Seconds a client that stopped reading has after the limit, before its connection is closed.
  static let grace = 1

  private let limits: ServerLimits
  private let slots: TestSlots
  private let noise: ByteBuffer

  init(limits: ServerLimits, slots: TestSlots) {
    self.limits = limits
    self.slots = slots
    var random = SystemRandomNumberGenerator()
    var noise = ByteBuffer()
    noise.reserveCapacity(16 * Self.writeLength)
    for _ in 0..<(16 * Self.writeLength / 8) { noise.writeInteger(random.next()) }
    self.noise = noise
  }

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
    let slot = try slots.take(for: context.clientAddress)
    // Only what goes out in one write is certain to be whole: a longer body may end at the time limit.
    let body = ResponseBody(contentLength: count <= Self.writeLength ? count : nil) { writer in
      defer { withExtendedLifetime(slot) {} }
      await congestion?.use(on: context.channel)
      try await write(count, to: &writer, context: context)
    }
    let headers: HTTPFields = [
      .contentType: "application/octet-stream", .cacheControl: "no-store, no-transform",
    ]
    return Response(status: .ok, headers: headers, body: body)
  }

  @concurrent private func write(
    _ count: Int, to writer: inout any ResponseBodyWriter, context: MeasurementContext
  ) async throws {
    let closing = context.closeConnection(afterSeconds: limits.testSeconds + Self.grace)
    defer { closing.cancel() }
    let end = ContinuousClock.now + .seconds(limits.testSeconds)
    var rest = count
    var offset = 0
    while rest > 0, ContinuousClock.now < end {
      let length = min(rest, Self.writeLength)
      guard let part = noise.getSlice(at: offset, length: length) else { break }
      try await writer.write(part)
      // A write returns once it is queued for the connection's event loop, and only that loop knows whether
      // the client keeps up: without waiting for it, all of the body would be queued at once.
      try await context.channel.eventLoop.submit {}.get()
      rest -= length
      offset = (offset + Self.writeLength) % noise.readableBytes
    }
    try await writer.finish(nil)
  }
}
