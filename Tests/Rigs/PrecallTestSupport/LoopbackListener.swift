import Dispatch
import Glibc
import Synchronization

/// Takes TCP connections on a free port of loopback until it is stopped.
package final class LoopbackListener: Sendable {
  package let port: UInt16
  private let descriptor: Int32
  private let stopped = Atomic(false)

  package init() {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = MisbehavingServer.bindToLoopback(descriptor)
    listen(descriptor, 16)
  }

  /// `take` is called for one connection after the other.
  package func accept(_ take: @escaping @Sendable (Int32) -> Void) {
    DispatchQueue(label: "listener").async { [descriptor] in
      while true {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else {
          close(descriptor)
          return
        }
        take(connection)
      }
    }
  }

  package var isStopped: Bool { stopped.load(ordering: .relaxed) }

  /// Refuses from now on. The thread that accepts closes it: a number closed here could be another's there.
  package func stop() {
    guard !stopped.exchange(true, ordering: .relaxed) else { return }
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
