import CLinuxNet

/// ICMP echo (RFC 792, RFC 4443) to one address, without waiting.
@safe final class EchoSocket {
  private let descriptor: Int32
  private let isRaw: Bool
  private let isVersion6: Bool
  /// Tells our echoes on a raw socket from those of others; a ping socket has the kernel's own.
  private let identifier = UInt16.random(in: 1...UInt16.max)
  private var sentAt: [Moment] = []
  private var isAnswered: [Bool] = []
  private var buffer = [UInt8](repeating: 0, count: 512)

  /// Nothing where the system permits it not.
  init?(_ address: String) {
    var raw = false
    descriptor = unsafe precall_net_echo(address, &raw)
    isRaw = raw
    isVersion6 = address.contains(":")
    guard descriptor >= 0 else { return nil }
  }

  deinit {
    if descriptor >= 0 { precall_net_close(descriptor) }
  }

  /// Sends the next echo request; says whether it left.
  func send() -> Bool {
    let sequence = UInt16(truncatingIfNeeded: sentAt.count)
    var packet: [UInt8] = [isVersion6 ? 128 : 8, 0, 0, 0]
    packet += [UInt8(identifier >> 8), UInt8(identifier & 255), UInt8(sequence >> 8), UInt8(sequence & 255)]
    packet += [UInt8](repeating: 0, count: 24)
    // Over ICMPv6 and on a ping socket the kernel does it.
    let sum = Self.checksum(packet)
    packet[2] = UInt8(sum >> 8)
    packet[3] = UInt8(sum & 255)
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
      guard count > 0, let number = number(ofReply: buffer.prefix(count)) else { continue }
      isAnswered[number] = true
      take(number, moment - sentAt[number])
    }
  }

  private func number(ofReply bytes: ArraySlice<UInt8>) -> Int? {
    // A raw socket of IPv4 shows the IP header too.
    let header = isRaw && !isVersion6 ? Int((bytes.first ?? 0) & 15) * 4 : 0
    let reply = Array(bytes.dropFirst(header))
    guard reply.count >= 8, reply[0] == (isVersion6 ? 129 : 0) else { return nil }
    if isRaw, UInt16(reply[4]) << 8 | UInt16(reply[5]) != identifier { return nil }
    let number = Int(reply[6]) << 8 | Int(reply[7])
    return number < sentAt.count && !isAnswered[number] ? number : nil
  }

  /// RFC 1071, of an even count of bytes.
  static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
    }
    while sum > 0xFFFF { sum = (sum >> 16) + (sum & 0xFFFF) }
    return ~UInt16(sum)
  }
}
