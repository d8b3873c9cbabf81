import NIOCore

/// Sends a download from its connection's own event loop, which alone knows when a client has taken something:
/// while one part is sent the next ones wait behind it.
final class DownloadPump {
  private let source: Noise.Source
  private let channel: any Channel
  private let count: Int
  private let pace: DownloadPace
  private let start = NIODeadline.now()
  private let end: NIODeadline
  private let done: EventLoopPromise<Int>
  /// Bytes handed over, of them sent, and parts under way.
  private var given = 0
  private var sent = 0
  private var underWay = 0
  private var failure: (any Error)?
  private var isOver = false

  private init(_ count: Int, of noise: Noise, to channel: any Channel, _ pace: DownloadPace, seconds: Int) {
    source = noise.source(for: channel)
    (self.channel, self.count, self.pace) = (channel, count, pace)
    end = start + .seconds(Int64(seconds))
    done = channel.eventLoop.makePromise()
  }

  /// Sends `count` bytes behind what was written before, and tells how many were when the time was over.
  static func send(
    _ count: Int, of noise: Noise, to channel: any Channel, _ pace: DownloadPace, seconds: Int
  ) async throws -> Int {
    try await withTaskCancellationHandler {
      try await channel.eventLoop.flatSubmit {
        let pump = DownloadPump(count, of: noise, to: channel, pace, seconds: seconds)
        pump.proceed()
        return pump.done.futureResult
      }.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  /// Writes while there is room and time, and ends once nothing is under way any more.
  private func proceed() {
    fill()
    guard underWay == 0, !isOver else { return }
    isOver = true
    source.close()
    if let failure { done.fail(failure) } else { done.succeed(sent) }
  }

  private func fill() {
    let now = NIODeadline.now()
    let length = pace.length(after: sent, in: now - start)
    var hasWritten = false
    while underWay < pace.parts, given < count, now < end, failure == nil {
      let promise = channel.eventLoop.makePromise(of: Void.self)
      let written = source.write(from: given, upTo: min(length, count - given), promise)
      underWay += 1
      given += written
      hasWritten = true
      promise.futureResult.assumeIsolated().whenComplete { self.settle(written, $0) }
    }
    if hasWritten { channel.flush() }
  }

  private func settle(_ length: Int, _ result: Result<Void, any Error>) {
    underWay -= 1
    switch result {
    case .success: sent += length
    case .failure(let error): failure = failure ?? error
    }
    proceed()
  }
}
