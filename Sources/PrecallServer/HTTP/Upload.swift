import HTTPTypes
import Hummingbird
import NIOCore
import PrecallCore
import Synchronization

/// `POST /v1/upload`: takes what the client sends, keeps nothing of it, and says what arrived when.
struct Upload: Sendable {
  /// Seconds that a client has to read the receipt when it is cut off at a limit.
  static let grace = 2

  let limits: ServerLimits
  let slots: TestSlots

  @Sendable func respond(to request: Request, context: MeasurementContext) async throws -> Response {
    try await answer(request, context) { receipt in
      var json = JSONWriter()
      receipt.write(to: &json)
      return Response(json: json)
    }
  }

  /// Takes the body in, and answers what `words` makes of it. A client that would not end is cut off.
  func answer(
    _ request: Request, _ context: MeasurementContext, _ words: (UploadReceipt) -> Response
  ) async throws -> Response {
    let slot = try slots.take(for: context.clientAddress)
    defer { withExtendedLifetime(slot) {} }
    let arrivals = Arrivals(limit: limits.uploadBytes)
    let isWhole = await isRead(request.body, into: arrivals, withinSeconds: limits.testSeconds)
    var response = words(arrivals.receipt)
    if !isWhole {
      // HTTP/2 has no such field (RFC 9113 section 8.2.2): there the stream ends, not the connection.
      if !context.isMultiplexed { response.headers[.connection] = "close" }
      _ = context.closeConnection(afterSeconds: Self.grace)
    }
    return response
  }

  /// Whether the body ended by itself within the limits.
  private func isRead(
    _ body: RequestBody, into arrivals: Arrivals, withinSeconds seconds: Int
  ) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          for try await part in body {
            guard arrivals.add(part.readableBytes) else { return false }
          }
          return true
        } catch {
          return false
        }
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(seconds))
        return false
      }
      let isWhole = await group.next() ?? false
      group.cancelAll()
      return isWhole
    }
  }
}

/// Bytes by the time they arrived.
final class Arrivals: Sendable {
  private struct State {
    var received = 0
    var last: Duration = .zero
    var bins: [(index: Int64, bytes: Int)] = []
  }

  private let start = ContinuousClock.now
  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Counts bytes that arrived now; false once the limit is reached.
  func add(_ count: Int) -> Bool {
    let time = ContinuousClock.now - start
    let index = Self.microseconds(time) / UploadReceipt.binWidth.base
    return state.withLock { state in
      let bytes = min(count, limit - state.received)
      state.received += bytes
      state.last = time
      if let last = state.bins.last, last.index == index {
        state.bins[state.bins.count - 1].bytes += bytes
      } else {
        state.bins.append((index, bytes))
      }
      return state.received < limit
    }
  }

  /// What has arrived; the time is that of the last bytes.
  var receipt: UploadReceipt {
    state.withLock { state in
      UploadReceipt(
        received: ByteCount(base: Int64(state.received)),
        elapsed: Microseconds(base: Self.microseconds(state.last)),
        arrivals: state.bins.map { bin in
          UploadReceipt.Arrival(
            time: Microseconds(base: bin.index * UploadReceipt.binWidth.base),
            bytes: ByteCount(base: Int64(bin.bytes)))
        })
    }
  }

  private static func microseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
