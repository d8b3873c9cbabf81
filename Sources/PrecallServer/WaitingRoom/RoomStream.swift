package import NIOCore

/// The way to one open page. A later page of the same person has another token, so that the end of an old
/// connection can't remove a new one.
package struct RoomStream: Sendable {
  /// Frames that may wait for a page that reads slowly; more than a replay and its state need.
  private static let capacity = 2 * RoomLog.capacity

  package let token = UInt64.random(in: .min ... .max)
  /// Which opened page it is, as it says itself; the same after it has reconnected.
  package let page: String
  private let continuation: AsyncStream<ByteBuffer>.Continuation
  private let closeConnection: @Sendable () -> Void

  package static func make(
    page: String, closeConnection: @escaping @Sendable () -> Void
  ) -> (stream: RoomStream, frames: AsyncStream<ByteBuffer>) {
    let (frames, continuation) = AsyncStream<ByteBuffer>.makeStream(
      bufferingPolicy: .bufferingOldest(capacity))
    let stream = RoomStream(page: page, continuation: continuation, closeConnection: closeConnection)
    return (stream, frames)
  }

  /// False where the page has not read what was sent before.
  func send(_ frame: ByteBuffer) -> Bool {
    if case .dropped = continuation.yield(frame) { false } else { true }
  }

  /// Ends after what has been sent.
  func end() { continuation.finish() }

  /// Ends at once.
  func cut() {
    continuation.finish()
    closeConnection()
  }
}
