import Dispatch
import Glibc
import ServiceLifecycle
import Synchronization

/// Ends when standard input does, or when it is told to; not before the server listens, so that whoever
/// started it without any input hears the ports.
struct StandardInputEnd: Service {
  private let listening: AsyncStream<Never>

  init(after listening: AsyncStream<Never>) { self.listening = listening }

  func run() async throws {
    for await _ in listening.cancelOnGracefulShutdown() {}
    let stop = Stop()
    await withTaskCancellationOrGracefulShutdownHandler {
      await withCheckedContinuation { continuation in
        // A thread of its own, since waiting for input blocks.
        DispatchQueue(label: "standard-input").async {
          Self.waitForEnd(unless: stop)
          continuation.resume()
        }
      }
    } onCancelOrGracefulShutdown: {
      stop.isSet.store(true, ordering: .relaxed)
    }
  }

  private final class Stop: Sendable {
    let isSet = Atomic(false)
  }

  private static func waitForEnd(unless stop: Stop) {
    var scratch = [UInt8](repeating: 0, count: 4_096)
    while !stop.isSet.load(ordering: .relaxed) {
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&input, 1, 200) != 0 else { continue }
      let count = unsafe read(STDIN_FILENO, &scratch, scratch.count)
      if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { return }
    }
  }
}
