package import NIOCore
package import PrecallCore

/// What the reflector does with one packet: answers in the packet's own octets, or says why it does not.
package struct Reflection: Sendable {
  package enum Refusal: Error { case malformed, oversize, noTicket, forged, expired, full }

  /// Octets of UDP data in one Ethernet frame of 1,500; a larger packet would come back in fragments.
  static let maximumLength = 1_472

  package let sessions: ReflectorSessions
  private let errorEstimate: ErrorEstimate

  package init(sessions: ReflectorSessions, errorEstimate: ErrorEstimate) {
    self.sessions = sessions
    self.errorEstimate = errorEstimate
  }

  /// Turns `packet` into its reply, exactly as long. `clock` is read once more for the stamp of sending.
  package func reflect(
    _ packet: inout ByteBuffer, received: Int64, clock: () -> Int64
  ) throws(Refusal) {
    guard packet.readableBytes <= Self.maximumLength else { throw .oversize }
    guard let request = STAMPSenderPacket(packet.readableBytesUInt8Span) else { throw .malformed }
    guard let octets = request.ticket else { throw .noTicket }
    guard let ticket = Ticket(octets), ticket.sessionID == request.sessionID else { throw .forged }
    let sequence = try number(for: ticket, now: received / 1_000_000_000)
    let reply = STAMPReflectorPacket(
      replyingTo: request, sequence: sequence, received: NTPTimestamp(nanosecondsSince1970: received),
      sent: NTPTimestamp(nanosecondsSince1970: clock()), errorEstimate: errorEstimate)
    unsafe packet.withUnsafeMutableReadableBytes { bytes in
      var span = unsafe MutableSpan<UInt8>(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))
      reply.overwrite(request: &span)
    }
  }

  private func number(for ticket: Ticket, now: Int64) throws(Refusal) -> UInt32 {
    do {
      return try sessions.admit(ticket, now: now)
    } catch {
      switch error {
      case .forged: throw .forged
      case .expired: throw .expired
      case .full: throw .full
      }
    }
  }
}
