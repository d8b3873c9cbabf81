import Glibc
import NIOCore

/// How a connection finds the limit of its line, where a client asks for one of the kernel's ways. A test
/// that mixes both fills queues as most senders do, and still fills a line that loses packets at random.
enum CongestionControl: String, Sendable {
  /// Grows until packets are lost (RFC 9438).
  case cubic
  /// Goes by the rate that was delivered (draft-ietf-ccwg-bbr).
  case bbr

  /// Leaves the kernel's default where it does not allow this one.
  func use(on channel: any Channel) async {
    guard let socket = channel as? any SocketOptionProvider else { return }
    var name: UInt64 = 0
    for byte in rawValue.utf8.reversed() { name = name << 8 | UInt64(byte) }
    // The option's value is the name, which ends at its length or at a zero byte.
    try? await socket.unsafeSetSocketOption(
      level: SocketOptionLevel(IPPROTO_TCP), name: TCP_CONGESTION, value: name.littleEndian
    ).get()
  }
}
