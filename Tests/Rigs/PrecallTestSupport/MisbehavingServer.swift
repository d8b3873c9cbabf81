import Dispatch
import Foundation
import Glibc
import Synchronization

/// A TCP listener that does to each connection what a test asks for: real sockets, no HTTP of its own.
package final class MisbehavingServer: Sendable {
  package enum Behaviour: Sendable {
    /// Reads the request and says nothing.
    case silence
    /// Reads the request, sends these bytes and closes.
    case answer(String)
    /// The same, and then zero after zero for as long as anyone listens.
    case endless(String)
    /// The same bytes one by one, a few a second.
    case dribble(String)
    /// Closes at once with a reset.
    case reset
  }

  package var port: UInt16 { listener.port }
  private let listener = LoopbackListener()
  private let behaviour: Behaviour
  private let heard = Mutex("")
  private let connections = Mutex(0)
  private let hangUp = Mutex<ContinuousClock.Instant?>(nil)

  package init(_ behaviour: Behaviour) {
    self.behaviour = behaviour
    listener.accept { [self] connection in
      connections.withLock { $0 += 1 }
      DispatchQueue(label: "misbehaving.connection").async { [self] in serve(connection) }
    }
  }

  deinit { stop() }

  package func stop() { listener.stop() }

  /// All that was received.
  package var request: String { heard.withLock { $0 } }
  /// When the client hung up on a silent server, by this thread's own watch.
  package var hungUpAt: ContinuousClock.Instant? { hangUp.withLock { $0 } }
  package var connectionCount: Int { connections.withLock { $0 } }

  package static func bindToLoopback(_ socket: Int32) -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        _ = bind(socket, generic, size)
        _ = getsockname(socket, generic, &size)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    if case .reset = behaviour {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      return
    }
    read(connection)
    switch behaviour {
    case .silence, .reset: wait(connection)
    case .answer(let text): write(connection, Array(text.utf8))
    case .endless(let text):
      write(connection, Array(text.utf8))
      let zeros = [UInt8](repeating: 0x30, count: 65_536)
      while write(connection, zeros), !listener.isStopped {}
    case .dribble(let text):
      for byte in text.utf8 {
        guard write(connection, [byte]), !listener.isStopped else { return }
        usleep(100_000)
      }
    }
  }

  private func read(_ connection: Int32) {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = recv(connection, &bytes, bytes.count, 0)
    guard count > 0 else { return }
    heard.withLock { $0 += String(decoding: bytes[..<count], as: UTF8.self) }
  }

  private func wait(_ connection: Int32) {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    while recv(connection, &bytes, bytes.count, 0) > 0, !listener.isStopped {}
    hangUp.withLock { $0 = .now }
  }

  @discardableResult
  private func write(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
