/// A test packet from the session reflector: RFC 8762 section 4.3.1, unauthenticated mode, stateful (the
/// reflector counts its own packets, which tells loss by direction).
package struct STAMPReflectorPacket: Sendable, Equatable {
  package static let baseLength = 44
  /// As TWAMP's reflectors end it (RFC 5357 section 4.2.1), without the last octets, which must be zero.
  package static let leastLength = 41

  /// The reflector's own count of this session's packets, from zero.
  package var sequence: UInt32
  /// When the reply left, by the reflector's clock (T3).
  package var transmitTimestamp: NTPTimestamp
  package var errorEstimate: ErrorEstimate
  package var sessionID: UInt16
  /// When the sender's packet arrived, by the reflector's clock (T2).
  package var receiveTimestamp: NTPTimestamp
  /// The sender's count and stamp (T1), returned as they came.
  package var senderSequence: UInt32
  package var senderTimestamp: NTPTimestamp
  package var senderErrorEstimate: ErrorEstimate
  /// Time to live, or hop limit, with which the sender's packet arrived; 255 where it is not known.
  package var senderTimeToLive: UInt8

  package init(
    replyingTo request: STAMPSenderPacket, sequence: UInt32, received: NTPTimestamp, sent: NTPTimestamp,
    errorEstimate: ErrorEstimate, senderTimeToLive: UInt8 = 255
  ) {
    self.sequence = sequence
    transmitTimestamp = sent
    self.errorEstimate = errorEstimate
    sessionID = request.sessionID
    receiveTimestamp = received
    senderSequence = request.sequence
    senderTimestamp = request.timestamp
    senderErrorEstimate = request.errorEstimate
    self.senderTimeToLive = senderTimeToLive
  }

  /// Reads a received reply, its reflector's stamps in PTP's format too; nothing where it is too short to be one.
  package init?(_ packet: Span<UInt8>) {
    guard packet.count >= Self.leastLength else { return nil }
    sequence = packet.bigEndian(at: 0)
    let estimate = ErrorEstimate(bits: packet.bigEndian(at: 12))
    transmitTimestamp = NTPTimestamp(bits: packet.bigEndian(at: 4), beside: estimate)
    errorEstimate = estimate.ofNTP
    sessionID = packet.bigEndian(at: 14)
    receiveTimestamp = NTPTimestamp(bits: packet.bigEndian(at: 16), beside: estimate)
    senderSequence = packet.bigEndian(at: 24)
    senderTimestamp = NTPTimestamp(bits: packet.bigEndian(at: 28))
    senderErrorEstimate = ErrorEstimate(bits: packet.bigEndian(at: 36))
    senderTimeToLive = packet[40]
  }

  package init?(_ packet: [UInt8]) { self.init(packet.span) }

  /// The packet with an Extra Padding extension up to `length` octets, as the sender's `encode` does.
  package func encode(paddedTo length: Int = 0) -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: Self.baseLength)
    var octets = packet.mutableSpan
    writeBase(to: &octets)
    STAMPExtension.pad(&packet, to: length)
    return packet
  }

  /// Makes this reply out of the request's own octets, so that it is exactly as long. The request must have
  /// been read from them, and so be at least `baseLength` long.
  package func overwrite(request: inout MutableSpan<UInt8>) {
    writeBase(to: &request)
    STAMPExtension.reflect(in: &request, sequence: sequence)
  }

  private func writeBase(to octets: inout MutableSpan<UInt8>) {
    octets.write(bigEndian: sequence, at: 0)
    octets.write(bigEndian: transmitTimestamp.bits, at: 4)
    octets.write(bigEndian: errorEstimate.bits, at: 12)
    octets.write(bigEndian: sessionID, at: 14)
    octets.write(bigEndian: receiveTimestamp.bits, at: 16)
    octets.write(bigEndian: senderSequence, at: 24)
    octets.write(bigEndian: senderTimestamp.bits, at: 28)
    octets.write(bigEndian: senderErrorEstimate.bits, at: 36)
    octets.write(bigEndian: UInt16(0), at: 38)
    octets.write(bigEndian: UInt32(senderTimeToLive) << 24, at: 40)
  }
}
