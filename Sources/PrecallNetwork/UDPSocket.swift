import CLinuxNet

/// A connected, non-blocking UDP socket; closed when it goes.
@safe final class UDPSocket {
  let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 2_048)

  /// Nothing where the system has no way to the address.
  init?(address: String, port: UInt16) {
    descriptor = unsafe precall_net_udp(address, port)
    guard descriptor >= 0 else { return nil }
  }

  deinit {
    if descriptor >= 0 { precall_net_close(descriptor) }
  }

  /// False where the kernel's buffer is full. An ICMP error of an earlier packet is no reason to stop; the
  /// kernel tells it in place of sending this one, once, so that this one is sent again.
  func send(_ packet: [UInt8]) -> Bool {
    let result = unsafe precall_net_send(descriptor, packet, packet.count)
    return (result < 0 ? unsafe precall_net_send(descriptor, packet, packet.count) : result) != 0
  }

  /// Hands on each packet that has arrived, with the moment at which the kernel had it.
  func receive(_ take: (Swift.Span<UInt8>, Moment) -> Void) {
    for _ in 0..<256 {
      var moment = Moment(nanoseconds: 0)
      let count = unsafe precall_net_receive(descriptor, &buffer, buffer.count, &moment.nanoseconds)
      guard count != 0 else { return }
      // An ICMP error read in place of a packet; there may be packets behind it.
      if count > 0 { take(buffer.span.extracting(0..<count), moment) }
    }
  }
}
