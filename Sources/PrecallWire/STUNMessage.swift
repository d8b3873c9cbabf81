import PrecallCore

/// A STUN message: RFC 8489 section 5, a header of 20 octets and attributes.
package struct STUNMessage: Sendable, Equatable {
  package static let headerLength = 20
  /// The number that tells STUN from everything else on a port (RFC 8489 section 5). A STAMP sender whose
  /// clock is right never has it in the same place before September 2053.
  package static let cookie: UInt32 = 0x2112_A442

  package enum Class: UInt16, Sendable {
    case request = 0x0000
    case indication = 0x0010
    case success = 0x0100
    case error = 0x0110
  }

  /// RFC 8489 section 18.1 and RFC 8656 section 17.
  package enum Method: UInt16, Sendable {
    case binding = 1
    case allocate = 3
    case refresh = 4
    case send = 6
    case data = 7
    case createPermission = 8
    case channelBind = 9
  }

  package struct Attribute: Sendable, Equatable {
    package var type: UInt16
    package var value: [UInt8]

    package init(_ type: UInt16, _ value: [UInt8] = []) {
      self.type = type
      self.value = value
    }
  }

  package var kind: Class
  package var method: Method
  package var transaction: STUNTransaction
  /// In their order, without those that seal the message.
  package var attributes: [Attribute]

  package init(
    _ kind: Class, _ method: Method, _ transaction: STUNTransaction = STUNTransaction(),
    _ attributes: [Attribute] = []
  ) {
    self.kind = kind
    self.method = method
    self.transaction = transaction
    self.attributes = attributes
  }

  /// Whether octets are a STUN message by their first eight, and not STAMP or TURN's channel data.
  package static func isSTUN(_ octets: Span<UInt8>) -> Bool {
    guard octets.count >= headerLength, octets[0] & 0xC0 == 0 else { return false }
    return octets.bigEndian(at: 4) == cookie
  }

  /// Reads a received message; nothing where it is none, is cut short, is of a method not known here, or
  /// carries a wrong fingerprint.
  package init?(_ octets: Span<UInt8>) {
    guard Self.isSTUN(octets) else { return nil }
    let length: UInt16 = octets.bigEndian(at: 2)
    let type: UInt16 = octets.bigEndian(at: 0)
    guard length % 4 == 0, Self.headerLength + Int(length) == octets.count,
      let kind = Class(rawValue: type & 0x0110),
      let method = Method(rawValue: type & 0xF | (type & 0xE0) >> 1 | (type & 0x3E00) >> 2)
    else { return nil }
    self.init(kind, method, STUNTransaction(octets, at: 8))
    var walk = STUNAttributeWalk()
    while let place = walk.next(in: octets) {
      if place.type == STUN.fingerprint {
        guard STUNSeal.isFingerprint(place, in: octets) else { return nil }
      } else if !STUN.seals.contains(place.type) {
        attributes.append(Attribute(place.type, place.value.map { octets[$0] }))
      }
    }
    guard walk.isWhole(octets) else { return nil }
  }

  package init?(_ octets: [UInt8]) { self.init(octets.span) }

  /// The value of the first attribute of a type.
  package subscript(type: UInt16) -> [UInt8]? { attributes.first { $0.type == type }?.value }

  /// The message as octets.
  /// - Parameters:
  ///   - seal: what its sender proves to know.
  ///   - fingerprint: adds FINGERPRINT (RFC 8489 section 14.7).
  package func encode(sealedWith seal: STUNSeal? = nil, fingerprint: Bool = false) -> [UInt8] {
    let method = method.rawValue
    let type = kind.rawValue | method & 0xF | (method & 0x70) << 1 | (method & 0xF80) << 2
    var octets = [UInt8](repeating: 0, count: Self.headerLength)
    var header = octets.mutableSpan
    header.write(bigEndian: type, at: 0)
    header.write(bigEndian: Self.cookie, at: 4)
    transaction.write(to: &header, at: 8)
    for attribute in attributes { Self.append(attribute, to: &octets) }
    if let seal { Self.append(seal.attribute(for: octets), to: &octets) }
    if fingerprint { Self.append(STUNSeal.fingerprint(of: octets), to: &octets) }
    return octets
  }

  /// Appends an attribute with its padding, and counts it in the header's length.
  private static func append(_ attribute: Attribute, to octets: inout [UInt8]) {
    let count = attribute.value.count
    octets += [UInt8(attribute.type >> 8), UInt8(attribute.type & 0xFF), UInt8(count >> 8 & 0xFF)]
    octets += [UInt8(count & 0xFF)] + attribute.value + [UInt8](repeating: 0, count: -count & 3)
    let length = octets.count - headerLength
    var header = octets.mutableSpan
    header.write(bigEndian: UInt16(truncatingIfNeeded: length), at: 2)
  }
}

/// 96 bits that tell one request from every other (RFC 8489 section 5).
package struct STUNTransaction: Sendable, Hashable {
  private var first: UInt32
  private var second: UInt64

  /// A random one, which nobody beside the path can guess.
  package init() {
    var random = SystemRandomNumberGenerator()
    first = UInt32(truncatingIfNeeded: random.next())
    second = random.next()
  }

  init(_ octets: Span<UInt8>, at offset: Int) {
    first = octets.bigEndian(at: offset)
    second = octets.bigEndian(at: offset + 4)
  }

  func write(to octets: inout MutableSpan<UInt8>, at offset: Int) {
    octets.write(bigEndian: first, at: offset)
    octets.write(bigEndian: second, at: offset + 4)
  }

  /// The octets with which an IPv6 address is mixed (RFC 8489 section 14.2), after the cookie.
  var octets: [UInt8] {
    var octets = [UInt8](repeating: 0, count: 12)
    var span = octets.mutableSpan
    write(to: &span, at: 0)
    return octets
  }
}
