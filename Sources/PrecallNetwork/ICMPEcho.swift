/// Requests and replies of ICMP echo (RFC 792, RFC 4443) as a socket of the kernel's takes and gives them.
package struct ICMPEcho: Sendable {
  private let isVersion6: Bool
  private let isRaw: Bool
  /// Tells our echoes on a raw socket from those of others; a ping socket has the kernel's own.
  private let identifier: UInt16

  package init(isVersion6: Bool, isRaw: Bool, _ identifier: UInt16) {
    (self.isVersion6, self.isRaw, self.identifier) = (isVersion6, isRaw, identifier)
  }

  package func request(_ number: UInt16) -> [UInt8] {
    var packet: [UInt8] = [isVersion6 ? 128 : 8, 0, 0, 0]
    packet += [UInt8(identifier >> 8), UInt8(identifier & 255), UInt8(number >> 8), UInt8(number & 255)]
    packet += [UInt8](repeating: 0, count: 24)
    // Over ICMPv6 and on a ping socket the kernel does it.
    let sum = Self.checksum(packet)
    packet[2] = UInt8(sum >> 8)
    packet[3] = UInt8(sum & 255)
    return packet
  }

  /// The number of the request that these received bytes reply to; nothing where they are something else.
  package func number(ofReply bytes: ArraySlice<UInt8>) -> Int? {
    // A raw socket of IPv4 shows the IP header too.
    let header = isRaw && !isVersion6 ? Int((bytes.first ?? 0) & 15) * 4 : 0
    let reply = Array(bytes.dropFirst(header))
    guard reply.count >= 8, reply[0] == (isVersion6 ? 129 : 0) else { return nil }
    if isRaw, UInt16(reply[4]) << 8 | UInt16(reply[5]) != identifier { return nil }
    return Int(reply[6]) << 8 | Int(reply[7])
  }

  /// RFC 1071, of an even count of bytes.
  package static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
    }
    while sum > 0xFFFF { sum = (sum >> 16) + (sum & 0xFFFF) }
    return ~UInt16(sum)
  }
}
