import PrecallCore

/// What seals a STUN message: the key of a long-term credential (RFC 8489 section 9.2.2), and the check sum
/// that needs none.
package struct STUNSeal: Sendable {
  package enum Algorithm: UInt16, Sendable {
    /// The key is MD5 of the credential; the code HMAC-SHA-1. Older servers know nothing else.
    case md5 = 1
    case sha256 = 2
  }

  package let algorithm: Algorithm
  private let key: [UInt8]

  package init(_ algorithm: Algorithm, user: [UInt8], realm: [UInt8], password: [UInt8]) {
    let colon = [UInt8(ascii: ":")]
    let text = user + colon + realm + colon + password
    self.algorithm = algorithm
    switch algorithm {
    case .md5: key = Digest.md5.hash(of: text)
    case .sha256: key = Digest.sha256.hash(of: text)
    }
  }

  private var type: UInt16 {
    algorithm == .md5 ? STUN.messageIntegrity : STUN.messageIntegritySHA256
  }
  private var length: Int { algorithm == .md5 ? 20 : 32 }

  /// MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 for a message that lacks only that.
  func attribute(for octets: [UInt8]) -> STUNMessage.Attribute {
    STUNMessage.Attribute(type, code(of: Self.counted(octets, with: length)))
  }

  /// Whether a received message holds a code of this key over all that stands before the code.
  package func seals(_ octets: [UInt8]) -> Bool {
    guard STUNMessage.isSTUN(octets.span) else { return false }
    var walk = STUNAttributeWalk()
    while let place = walk.next(in: octets.span) {
      guard place.type == type, place.value.count == length else { continue }
      return Digest.same(
        Array(octets[place.value]), code(of: Self.counted(Array(octets[..<place.start]), with: length)))
    }
    return false
  }

  private func code(of octets: [UInt8]) -> [UInt8] {
    (algorithm == .md5 ? Digest.sha1 : .sha256).code(of: octets, key: key)
  }

  /// The message up to a seal, its header counting a seal of `length` octets already.
  private static func counted(_ octets: [UInt8], with length: Int) -> [UInt8] {
    var octets = octets
    let count = octets.count - STUNMessage.headerLength + 4 + length
    var header = octets.mutableSpan
    header.write(bigEndian: UInt16(truncatingIfNeeded: count), at: 2)
    return octets
  }
}

// MARK: FINGERPRINT (RFC 8489 section 14.7)

extension STUNSeal {
  static func fingerprint(of octets: [UInt8]) -> STUNMessage.Attribute {
    let sum = CRC32.sum(counted(octets, with: 4)) ^ 0x5354_554E
    return STUNMessage.Attribute(STUN.fingerprint, (0..<4).map { UInt8(sum >> (24 - 8 * UInt32($0)) & 0xFF) })
  }

  static func isFingerprint(_ place: STUNAttributeWalk.Place, in octets: Span<UInt8>) -> Bool {
    guard place.value.count == 4, place.value.upperBound == octets.count else { return false }
    let before = (0..<place.start).map { octets[$0] }
    return CRC32.sum(counted(before, with: 4)) ^ 0x5354_554E == octets.bigEndian(at: place.value.lowerBound)
  }
}

/// The check sum of ISO/IEC 13239, as FINGERPRINT takes it.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  static func sum(_ octets: [UInt8]) -> UInt32 {
    ~octets.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
