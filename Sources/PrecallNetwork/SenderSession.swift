import PrecallCore
import PrecallWire

/// By what a reflector knows a sender: a ticket of a Precall server, a shared key (authenticated STAMP, RFC 8762
/// section 4.4), or nothing but the address, as any reflector does.
struct SenderSession: Sendable {
  /// Zero where the reflector need not know the identifier of RFC 8972 section 3.
  var sessionID: UInt16 = 0
  var ticket: [UInt8]?
  var key: STAMPKey?

  init(key: STAMPKey? = nil) { self.key = key }

  init(_ grant: TicketGrant) {
    sessionID = grant.sessionID
    ticket = grant.ticket
  }

  /// The octets of a test packet, as long as `length` where the base and its extensions leave room.
  func octets(_ sequence: Int, at stamp: NTPTimestamp, paddedTo length: Int) -> [UInt8] {
    let packet = STAMPSenderPacket(
      sequence: UInt32(sequence), timestamp: stamp,
      errorEstimate: ErrorEstimate(synchronised: false, nanoseconds: 1_000_000), sessionID: sessionID,
      ticket: ticket)
    return key?.seal(packet, paddedTo: length) ?? packet.encode(paddedTo: length)
  }

  /// What a reflector answered; nothing where it is no answer to this session. Only those of others may leave
  /// out the last octets.
  func reply(_ octets: Swift.Span<UInt8>) -> STAMPReflectorPacket? {
    let reply: STAMPReflectorPacket?
    if let key {
      reply = key.openReply(octets.indices.map { octets[$0] })
    } else {
      guard ticket == nil || octets.count >= STAMPReflectorPacket.baseLength else { return nil }
      reply = STAMPReflectorPacket(octets)
    }
    return reply?.sessionID == sessionID ? reply : nil
  }
}
