import PrecallWire

/// Where a packet came from. Two words and a port, since one is made for every packet.
package struct SenderAddress: Sendable, Hashable {
  /// The halves of the address, one of IPv4 as IPv6 carries it (RFC 4291 section 2.5.5.2).
  private let high: UInt64
  private let low: UInt64
  package let port: UInt16

  package init(high: UInt64, low: UInt64, port: UInt16) {
    (self.high, self.low, self.port) = (high, low, port)
  }

  private var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Without the port, as AddressLimit takes it.
  var text: String {
    let octets = octets
    guard !isIPv4 else { return octets.map { String($0) }.joined(separator: ".") }
    return stride(from: 0, to: 16, by: 2).map {
      String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16)
    }.joined(separator: ":")
  }

  /// Four octets or sixteen, in network order.
  var octets: [UInt8] {
    let all = [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    return isIPv4 ? Array(all.suffix(4)) : all
  }
}

extension STUNAddress {
  init(_ sender: SenderAddress) { self.init(address: sender.octets, port: sender.port) }
}
