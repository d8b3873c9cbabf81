/// The type-length-value extensions that may follow a test packet's first 44 octets (RFC 8972 section 4):
/// one octet of flags, one of type, two of length, then the value.
package enum STAMPExtension {
  package static let headerLength = 4
  /// Fills a packet to a wanted length (RFC 8972 section 4.1).
  package static let extraPadding: UInt8 = 1
  /// How the reflector came by its stamps (RFC 8972 section 4.3).
  package static let timestampInformation: UInt8 = 3
  /// The reflector's counts of this session's packets (RFC 8972 section 4.5).
  package static let directMeasurement: UInt8 = 5
  /// HMAC over the extensions before it (RFC 8972 section 4.8); known only to who has the key.
  package static let seal: UInt8 = 8
  /// Our ticket: the first of the types for private use (RFC 8972 section 5.1).
  package static let ticket: UInt8 = 252

  /// Set by every sender, and by a reflector that does not know the type.
  package static let unrecognised: UInt8 = 0x80
  /// Set by a reflector where the length can't be right.
  package static let malformed: UInt8 = 0x40
  /// Set by a reflector in all extensions where their seal is not right.
  package static let notIntact: UInt8 = 0x20

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

  /// Where the first extension of a type lies.
  package static func place(
    of type: UInt8, in packet: Span<UInt8>, from first: Int = STAMPSenderPacket.baseLength
  ) -> Place? {
    var start = first
    while let place = at(start, in: packet) {
      if place.type == type { return place }
      start = place.value.upperBound
    }
    return nil
  }

  /// Where the value of the first extension of a type lies.
  package static func value(
    of type: UInt8, in packet: Span<UInt8>, from first: Int = STAMPSenderPacket.baseLength
  ) -> Range<Int>? {
    place(of: type, in: packet, from: first)?.value
  }

  /// Appends an extension as a sender writes it.
  package static func append(_ type: UInt8, _ value: [UInt8], to packet: inout [UInt8]) {
    packet += [unrecognised, type, UInt8(value.count >> 8 & 0xFF), UInt8(value.count & 0xFF)]
    packet += value
  }

  /// Fills `packet` up to `length`, which is rounded up where less than a header is missing.
  package static func pad(_ packet: inout [UInt8], to length: Int) {
    guard packet.count < length else { return }
    let count = min(max(0, length - packet.count - headerLength), Int(UInt16.max))
    append(extraPadding, [UInt8](repeating: 0, count: count), to: &packet)
  }

  /// Turns the extensions of a received packet into those of its reflection, in place: the flags say which
  /// types are known here and where the chain breaks off (RFC 8972 section 4).
  /// - Parameter sequence: the reply's number in its session.
  package static func reflect(
    in packet: inout MutableSpan<UInt8>, from first: Int = STAMPSenderPacket.baseLength, sequence: UInt32
  ) {
    var start = first
    while start < packet.count {
      guard let place = at(start, in: packet.span) else {
        packet[start] = malformed
        return
      }
      packet[start] = answer(place, in: &packet, sequence)
      start = place.value.upperBound
    }
  }

  /// Sets the flag for a wrong seal in each extension, and changes nothing else.
  package static func mark(in packet: inout MutableSpan<UInt8>, from first: Int) {
    var start = first
    while let place = at(start, in: packet.span) {
      packet[start] |= notIntact
      start = place.value.upperBound
    }
  }

  /// Fills in what an extension asks for, and gives its flags.
  private static func answer(
    _ place: Place, in packet: inout MutableSpan<UInt8>, _ sequence: UInt32
  ) -> UInt8 {
    let value = place.value
    switch place.type {
    case extraPadding, ticket: return 0
    case timestampInformation:
      guard value.count == 4 else { return malformed }
      // Both stamps: a local clock whose source is not known here (5), read by software (2).
      for index in value { packet[index] = (index - value.lowerBound) % 2 == 0 ? 5 : 2 }
      return 0
    case directMeasurement:
      guard value.count == 12 else { return malformed }
      // Received and sent: every packet counted is answered.
      packet.write(bigEndian: sequence &+ 1, at: value.lowerBound + 4)
      packet.write(bigEndian: sequence &+ 1, at: value.lowerBound + 8)
      return 0
    default: return unrecognised
    }
  }
}
