/// What lets a client use the reflector for a short time: made and checked by the server, opaque to others.
///
/// 32 octets: version, a zero, the session identifier (2), expiry in seconds since 1970 (4), a random
/// number (8), and the seal (16): the first half of HMAC-SHA-256 over the octets before it.
package struct Ticket: Sendable, Hashable {
  package static let length = 32
  package static let sealedLength = 16
  private static let version: UInt8 = 1

  package var sessionID: UInt16
  /// Seconds since 1970 from which it is no longer accepted.
  package var expiry: UInt32
  /// Tells two sessions apart that happen to have the same identifier.
  package var nonce: UInt64
  package var seal: Seal

  package struct Seal: Sendable, Hashable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64, second: UInt64) {
      self.first = first
      self.second = second
    }

    /// Takes the same time whatever differs.
    package func matches(_ other: Seal) -> Bool { (first ^ other.first) | (second ^ other.second) == 0 }
  }

  package init(sessionID: UInt16, expiry: UInt32, nonce: UInt64, seal: Seal = Seal(first: 0, second: 0)) {
    self.sessionID = sessionID
    self.expiry = expiry
    self.nonce = nonce
    self.seal = seal
  }

  /// Reads a ticket; nothing where it is of another version or length. It is not yet checked.
  package init?(_ octets: Span<UInt8>) {
    guard octets.count == Self.length, octets[0] == Self.version, octets[1] == 0 else { return nil }
    sessionID = octets.bigEndian(at: 2)
    expiry = octets.bigEndian(at: 4)
    nonce = octets.bigEndian(at: 8)
    seal = Seal(first: octets.bigEndian(at: 16), second: octets.bigEndian(at: 24))
  }

  package init?(_ octets: [UInt8]) { self.init(octets.span) }

  package func encode() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.length)
    var octets = bytes.mutableSpan
    octets[0] = Self.version
    octets.write(bigEndian: sessionID, at: 2)
    octets.write(bigEndian: expiry, at: 4)
    octets.write(bigEndian: nonce, at: 8)
    octets.write(bigEndian: seal.first, at: 16)
    octets.write(bigEndian: seal.second, at: 24)
    return bytes
  }
}
