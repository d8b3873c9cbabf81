/// What a router on the way says to the sender of a packet it does not carry (RFC 792, RFC 1191, RFC 4443).
enum ICMPAnswer {
  case tooBig(Int)
  case prohibited

  /// An IP packet from the packet's destination back to its source, which quotes it.
  func message(about packet: UnsafeRawBufferPointer) -> [UInt8] {
    packet.first.map { $0 >> 4 } == 6 ? version6(packet) : version4(packet)
  }

  private func version4(_ packet: UnsafeRawBufferPointer) -> [UInt8] {
    let quote = packet.prefix(Int(packet[0] & 15) * 4 + 8)
    var icmp: [UInt8] =
      switch self {
      case .tooBig(let size): [3, 4, 0, 0, 0, 0, UInt8(size >> 8), UInt8(size & 255)]
      case .prohibited: [3, 13, 0, 0, 0, 0, 0, 0]
      }
    icmp += quote
    Self.write(Self.checksum(icmp), to: &icmp, at: 2)
    let total = 20 + icmp.count
    var header: [UInt8] = [0x45, 0xC0, UInt8(total >> 8), UInt8(total & 255), 0, 0, 0, 0, 64, 1, 0, 0]
    header += packet[16..<20]
    header += packet[12..<16]
    Self.write(Self.checksum(header), to: &header, at: 10)
    return header + icmp
  }

  private func version6(_ packet: UnsafeRawBufferPointer) -> [UInt8] {
    var icmp: [UInt8] =
      switch self {
      case .tooBig(let size): [2, 0, 0, 0, 0, 0, UInt8(size >> 8), UInt8(size & 255)]
      case .prohibited: [1, 1, 0, 0, 0, 0, 0, 0]
      }
    icmp += packet.prefix(1232)
    let length = [UInt8(icmp.count >> 8), UInt8(icmp.count & 255)]
    let addresses = Array(packet[24..<40]) + Array(packet[8..<24])
    Self.write(Self.checksum(addresses + [0, 0] + length + [0, 0, 0, 58] + icmp), to: &icmp, at: 2)
    return [0x60, 0, 0, 0] + length + [58, 64] + addresses + icmp
  }

  private static func write(_ value: UInt16, to bytes: inout [UInt8], at place: Int) {
    bytes[place] = UInt8(value >> 8)
    bytes[place + 1] = UInt8(value & 255)
  }

  /// The internet checksum (RFC 1071).
  private static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt32(bytes[index]) << 8 | UInt32(index + 1 < bytes.count ? bytes[index + 1] : 0)
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return ~UInt16(sum)
  }
}
