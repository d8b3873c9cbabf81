/// The type-length-value extensions that may follow a test packet's first 44 octets (RFC 8972 section 4):
/// one octet of flags, one of type, two of length, then the value.
package enum STAMPExtension {
  package static let headerLength = 4
  /// Fills a packet to a wanted length (RFC 8972 section 4.1).
  package static let extraPadding: UInt8 = 1
  /// Our ticket: the first of the types for private use (RFC 8972 section 5.1).
  package static let ticket: UInt8 = 252

  /// Set by every sender, and by a reflector that does not know the type.
  package static let unrecognised: UInt8 = 0x80
  /// Set by a reflector where the length can't be right.
  package static let malformed: UInt8 = 0x40

  /// One extension's place in a packet.
  package struct Place: Sendable, Equatable {
    package var type: UInt8
    package var start: Int
    package var value: Range<Int>
  }

  /// The extension that begins at `start`; nothing where no whole one does.
  package static func at(_ start: Int, in packet: Span<UInt8>) -> Place? {
    guard start >= 0, start <= packet.count - headerLength else { return nil }
    let length: UInt16 = packet.bigEndian(at: start + 2)
    let first = start + headerLength
    guard first + Int(length) <= packet.count else { return nil }
    return Place(type: packet[start + 1], start: start, value: first..<(first + Int(length)))
  }

  /// Where the value of the first extension of a type lies.
  package static func value(of type: UInt8, in packet: Span<UInt8>) -> Range<Int>? {
    var start = STAMPSenderPacket.baseLength
    while let place = at(start, in: packet) {
      if place.type == type { return place.value }
      start = place.value.upperBound
    }
    return nil
  }

  /// Appends an extension as a sender writes it.
  static func append(_ type: UInt8, _ value: [UInt8], to packet: inout [UInt8]) {
    packet += [unrecognised, type, UInt8(value.count >> 8 & 0xFF), UInt8(value.count & 0xFF)]
    packet += value
  }

  /// Fills `packet` up to `length`, which is rounded up where less than a header is missing.
  static func pad(_ packet: inout [UInt8], to length: Int) {
    guard packet.count < length else { return }
    let count = min(max(0, length - packet.count - headerLength), Int(UInt16.max))
    append(extraPadding, [UInt8](repeating: 0, count: count), to: &packet)
  }

  /// Turns the extensions of a received packet into those of its reflection, in place: the flags say which
  /// types are known here and where the chain breaks off (RFC 8972 section 4).
  static func reflect(in packet: inout MutableSpan<UInt8>) {
    var start = STAMPSenderPacket.baseLength
    while start < packet.count {
      guard let place = at(start, in: packet.span) else {
        packet[start] = malformed
        return
      }
      let known = place.type == extraPadding || place.type == ticket
      packet[start] = known ? 0 : unrecognised
      start = place.value.upperBound
    }
  }
}
