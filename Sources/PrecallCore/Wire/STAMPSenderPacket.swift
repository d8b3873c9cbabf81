/// A test packet from the session sender: RFC 8762 section 4.2.1, unauthenticated mode, with the session
/// identifier of RFC 8972 section 3.
package struct STAMPSenderPacket: Sendable, Equatable {
  /// Octets before the extensions.
  package static let baseLength = 44

  /// Counts from zero, by one a packet.
  package var sequence: UInt32
  /// When the packet left, by the sender's clock (T1).
  package var timestamp: NTPTimestamp
  package var errorEstimate: ErrorEstimate
  /// Never zero in a session of ours.
  package var sessionID: UInt16
  /// The ticket that lets the server answer, as it was handed out; nothing in a packet of others.
  package var ticket: [UInt8]?

  package init(
    sequence: UInt32, timestamp: NTPTimestamp, errorEstimate: ErrorEstimate, sessionID: UInt16,
    ticket: [UInt8]? = nil
  ) {
    self.sequence = sequence
    self.timestamp = timestamp
    self.errorEstimate = errorEstimate
    self.sessionID = sessionID
    self.ticket = ticket
  }

  /// Reads a received packet; nothing where it is too short to be one.
  package init?(_ packet: Span<UInt8>) {
    guard packet.count >= Self.baseLength else { return nil }
    sequence = packet.bigEndian(at: 0)
    timestamp = NTPTimestamp(bits: packet.bigEndian(at: 4))
    errorEstimate = ErrorEstimate(bits: packet.bigEndian(at: 12))
    sessionID = packet.bigEndian(at: 14)
    ticket = STAMPExtension.value(of: STAMPExtension.ticket, in: packet).map { place in
      place.map { packet[$0] }
    }
  }

  package init?(_ packet: [UInt8]) { self.init(packet.span) }

  /// The packet with an Extra Padding extension up to `length` octets; longer where the base and the ticket
  /// are, or where fewer than the four octets of an extension's header are missing.
  package func encode(paddedTo length: Int = 0) -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: Self.baseLength)
    var octets = packet.mutableSpan
    octets.write(bigEndian: sequence, at: 0)
    octets.write(bigEndian: timestamp.bits, at: 4)
    octets.write(bigEndian: errorEstimate.bits, at: 12)
    octets.write(bigEndian: sessionID, at: 14)
    if let ticket { STAMPExtension.append(STAMPExtension.ticket, ticket, to: &packet) }
    STAMPExtension.pad(&packet, to: length)
    return packet
  }
}
