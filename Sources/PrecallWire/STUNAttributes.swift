import PrecallCore

/// Types of attributes: RFC 8489 section 18.3, RFC 8656 section 18, RFC 5780 section 9.
package enum STUN {
  package static let username: UInt16 = 0x0006
  package static let messageIntegrity: UInt16 = 0x0008
  package static let errorCode: UInt16 = 0x0009
  package static let unknownAttributes: UInt16 = 0x000A
  package static let channelNumber: UInt16 = 0x000C
  package static let lifetime: UInt16 = 0x000D
  package static let xorPeerAddress: UInt16 = 0x0012
  package static let data: UInt16 = 0x0013
  package static let realm: UInt16 = 0x0014
  package static let nonce: UInt16 = 0x0015
  package static let xorRelayedAddress: UInt16 = 0x0016
  package static let requestedAddressFamily: UInt16 = 0x0017
  package static let requestedTransport: UInt16 = 0x0019
  package static let messageIntegritySHA256: UInt16 = 0x001C
  package static let passwordAlgorithm: UInt16 = 0x001D
  package static let xorMappedAddress: UInt16 = 0x0020
  /// Makes a request as long as its answer (RFC 5780 section 7.6).
  package static let padding: UInt16 = 0x0026
  package static let passwordAlgorithms: UInt16 = 0x8002
  package static let fingerprint: UInt16 = 0x8028

  /// Those that prove something of the message before them.
  static let seals = [messageIntegrity, messageIntegritySHA256, fingerprint]
}

/// Goes through the attributes of a message, which the caller knows to have a whole header.
struct STUNAttributeWalk {
  struct Place {
    var type: UInt16
    /// Where the attribute begins, with its header of four octets.
    var start: Int
    var value: Range<Int>
  }

  private var position = STUNMessage.headerLength
  /// Nothing counts behind FINGERPRINT (RFC 8489 section 14.7).
  private var isSealed = false

  mutating func next(in octets: Span<UInt8>) -> Place? {
    guard position <= octets.count - 4, !isSealed else { return nil }
    let type: UInt16 = octets.bigEndian(at: position)
    let length: UInt16 = octets.bigEndian(at: position + 2)
    let first = position + 4
    let end = first + (Int(length) + 3) / 4 * 4
    guard end <= octets.count else { return nil }
    let place = Place(type: type, start: position, value: first..<(first + Int(length)))
    position = end
    isSealed = type == STUN.fingerprint
    return place
  }

  /// Whether the attributes filled the message to its end.
  func isWhole(_ octets: Span<UInt8>) -> Bool { position == octets.count }
}

/// An address and port as STUN carries them.
package struct STUNAddress: Sendable, Hashable {
  /// Four octets or sixteen, in network order.
  package var address: [UInt8]
  package var port: UInt16

  package init(address: [UInt8], port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Octets of an XOR-MAPPED-ADDRESS with its header.
  package var attributeLength: Int { 8 + address.count }

  /// Reads the value of an attribute as XOR-MAPPED-ADDRESS (RFC 8489 section 14.2); nothing where it is none.
  package init?(xor value: [UInt8], _ transaction: STUNTransaction) {
    guard value.count == 8 && value[1] == 1 || value.count == 20 && value[1] == 2 else { return nil }
    let mixed = Self.mixed(Array(value[2...]), transaction)
    port = mixed.span.bigEndian(at: 0)
    address = Array(mixed[2...])
  }

  /// The value of an XOR-MAPPED-ADDRESS or one of its kind.
  package func xor(_ transaction: STUNTransaction) -> [UInt8] {
    [0, address.count == 4 ? 1 : 2]
      + Self.mixed([UInt8(port >> 8), UInt8(port & 0xFF)] + address, transaction)
  }

  /// Port and address, mixed with the cookie and the transaction: doing it twice undoes it.
  private static func mixed(_ octets: [UInt8], _ transaction: STUNTransaction) -> [UInt8] {
    let cookie: [UInt8] = [0x21, 0x12, 0xA4, 0x42]
    let key = cookie + transaction.octets
    return octets.enumerated().map { index, octet in octet ^ (index < 2 ? key[index] : key[index - 2]) }
  }
}

/// The value of ERROR-CODE (RFC 8489 section 14.8).
package struct STUNError: Sendable, Equatable {
  package static let unauthenticated = 401
  package static let forbidden = 403
  package static let unknownAttribute = 420
  /// There is no such allocation (any more).
  package static let allocationMismatch = 437
  package static let staleNonce = 438
  package static let familyNotSupported = 440

  package var code: Int
  package init(code: Int) { self.code = code }

  package init?(_ value: [UInt8]) {
    guard value.count >= 4, (3...6).contains(value[2] & 7), value[3] < 100 else { return nil }
    code = Int(value[2] & 7) * 100 + Int(value[3])
  }

  /// Without a reason phrase, which programs don't need.
  package var value: [UInt8] { [0, 0, UInt8(code / 100), UInt8(code % 100)] }
}
