import CLinuxNet

/// ICMP echo (RFC 792, RFC 4443) to one address, without waiting.
@safe final class EchoSocket {
  private let descriptor: Int32
  private let echo: ICMPEcho
  private var sentAt: [Moment] = []
  private var isAnswered: [Bool] = []
  private var buffer = [UInt8](repeating: 0, count: 512)

  /// Nothing where the system permits it not.
  init?(_ address: String) {
    var raw = false
    descriptor = unsafe precall_net_echo(address, &raw)
    echo = ICMPEcho(isVersion6: address.contains(":"), isRaw: raw, .random(in: 1...UInt16.max))
    guard descriptor >= 0 else { return nil }
  }

  deinit {
    if descriptor >= 0 { precall_net_close(descriptor) }
  }

  /// Sends the next echo request; says whether it left.
  func send() -> Bool {
    let packet = echo.request(UInt16(truncatingIfNeeded: sentAt.count))
    let now = Moment.now
    guard unsafe precall_net_send(descriptor, packet, packet.count) == 1 else { return false }
    sentAt.append(now)
    isAnswered.append(false)
    return true
  }

  /// Hands on the number and the round trip of each reply that has come, the first one only.
  func receive(_ take: (_ number: Int, Moment.Span) -> Void) {
    for _ in 0..<64 {
      var moment = Moment(nanoseconds: 0)
      let count = unsafe precall_net_receive(descriptor, &buffer, buffer.count, &moment.nanoseconds)
      guard count != 0 else { return }
      guard count > 0, let number = echo.number(ofReply: buffer.prefix(count)),
        number < sentAt.count, !isAnswered[number]
      else { continue }
      isAnswered[number] = true
      take(number, moment - sentAt[number])
    }
  }
}
