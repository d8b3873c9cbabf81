/// What the line reads of an IP packet (RFC 791, RFC 8200); extension headers count as another protocol.
package struct PacketHeader: Hashable {
  package enum Kind: UInt8 {
    case other = 0
    case icmp = 1
    case tcp = 6
    case udp = 17
    case icmpv6 = 58

    package var name: StaticString {
      switch self {
      case .other: "other"
      case .icmp: "icmp"
      case .tcp: "tcp"
      case .udp: "udp"
      case .icmpv6: "icmpv6"
      }
    }
  }

  package var family: UInt8
  package var kind: Kind
  package var source: UInt16
  package var destination: UInt16
  package var headerLength: UInt16
  package var mayBeFragmented: Bool
  /// To a group: neighbour discovery and the like, which stay on the link.
  package var isMulticast: Bool

  package init?(_ packet: UnsafeRawBufferPointer) {
    guard let first = packet.first else { return nil }
    family = first >> 4
    let ports: Int
    switch family {
    case 4 where packet.count >= 20:
      kind = Kind(rawValue: packet[9]) ?? .other
      ports = Int(first & 15) * 4
      mayBeFragmented = packet[6] & 0x40 == 0
      isMulticast = packet[16] >= 224
    case 6 where packet.count >= 40:
      kind = Kind(rawValue: packet[6]) ?? .other
      ports = 40
      mayBeFragmented = false
      isMulticast = packet[24] == 0xFF
    default: return nil
    }
    headerLength = UInt16(ports)
    let isFragment = family == 4 && (packet[6] & 0x1F != 0 || packet[7] != 0)
    let hasPorts = (kind == .udp || kind == .tcp) && packet.count >= ports + 4 && !isFragment
    source = hasPorts ? UInt16(packet[ports]) << 8 | UInt16(packet[ports + 1]) : 0
    destination = hasPorts ? UInt16(packet[ports + 2]) << 8 | UInt16(packet[ports + 3]) : 0
  }

  private static let udpHeader = 8

  /// The sender's count of a STAMP packet (RFC 8762) of UDP, which a reply repeats; of other packets of UDP
  /// some other number.
  package func testNumber(_ packet: UnsafeRawBufferPointer, isUp: Bool) -> UInt32 {
    let start = Int(headerLength) + Self.udpHeader + (isUp ? 0 : 24)
    guard kind == .udp, packet.count >= start + 4 else { return .max }
    return packet[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
