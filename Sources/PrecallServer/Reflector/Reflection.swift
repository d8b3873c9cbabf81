package import NIOCore
package import PrecallCore
package import PrecallWire

/// What the reflector does with one packet: answers in the packet's own octets, or says why it does not.
///
/// An answer is never longer than what it answers, so that nobody can be flooded by way of it with more than
/// the sender spends.
package struct Reflection: Sendable {
  package enum Refusal: Error {
    case malformed, oversize, noTicket, forged, expired, full
    /// The answer would be longer than the packet.
    case tooShort
    /// One address asks more often than strangers may.
    case tooOften
  }

  /// Octets of UDP data in one Ethernet frame of 1,500; a larger packet would come back in fragments.
  static let maximumLength = 1_472

  package let sessions: ReflectorSessions
  private let errorEstimate: ErrorEstimate
  /// Opens authenticated packets; without it there are none.
  private let key: STAMPKey?
  private let senders: SenderSessions
  /// Whether packets with neither ticket nor seal are reflected.
  private let isOpen: Bool

  package init(
    sessions: ReflectorSessions, errorEstimate: ErrorEstimate, key: STAMPKey? = nil, isOpen: Bool = false,
    senders: SenderSessions = SenderSessions()
  ) {
    self.sessions = sessions
    self.errorEstimate = errorEstimate
    self.key = key
    self.isOpen = isOpen
    self.senders = senders
  }

  /// Turns `packet` into its answer. `clock` is read once more for the stamp of sending.
  package func reflect(
    _ packet: inout ByteBuffer, from sender: SocketAddress? = nil, received: Int64, clock: () -> Int64
  ) throws(Refusal) {
    if STUNMessage.isSTUN(packet.readableBytesUInt8Span) {
      // Answers are short, also those to the 1,500 octets of padding that others send (RFC 5780).
      packet = ByteBuffer(bytes: try BindingAnswer.octets(to: [UInt8](buffer: packet), from: sender))
      return
    }
    guard packet.readableBytes <= Self.maximumLength else { throw .oversize }
    let length = packet.readableBytes
    let (mode, request, sequence) = try admit(&packet, from: sender, now: received / 1_000_000_000)
    let reply = STAMPReflectorPacket(
      replyingTo: request, sequence: sequence, received: NTPTimestamp(nanosecondsSince1970: received),
      sent: NTPTimestamp(nanosecondsSince1970: clock()), errorEstimate: errorEstimate)
    Self.write(reply, mode, to: &packet)
    packet.moveWriterIndex(to: packet.readerIndex + length)
  }

  private static func write(_ reply: STAMPReflectorPacket, _ mode: Mode, to packet: inout ByteBuffer) {
    switch mode {
    case .plain:
      unsafe packet.withUnsafeMutableReadableBytes { bytes in
        var span = unsafe MutableSpan<UInt8>(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))
        reply.overwrite(request: &span)
      }
    case .sealed(let key):
      var octets = [UInt8](buffer: packet)
      key.overwrite(request: &octets, with: reply)
      packet = ByteBuffer(bytes: octets)
    }
  }
}

// MARK: Who is answered

extension Reflection {
  private enum Mode { case plain, sealed(STAMPKey) }
  private typealias Admitted = (Mode, STAMPSenderPacket, UInt32)

  /// How the packet is answered and by which number, or why it is not. A packet of TWAMP Light (RFC 8762
  /// section 4.6), whose answer has no more than 41 octets that are not zero, gets the ones that it lacks.
  private func admit(
    _ packet: inout ByteBuffer, from sender: SocketAddress?, now: Int64
  ) throws(Refusal) -> Admitted {
    let request = STAMPSenderPacket(packet.readableBytesUInt8Span)
    if let request, let octets = request.ticket {
      guard let ticket = Ticket(octets), ticket.sessionID == request.sessionID else { throw .forged }
      return (.plain, request, try number(for: ticket, request, now: now))
    }
    if let key, let sender, packet.readableBytes >= STAMPKey.baseLength {
      if let request = key.open([UInt8](buffer: packet)) {
        return (.sealed(key), request, senders.number(sender, request, now: now))
      }
      if !isOpen { throw .forged }
    }
    guard isOpen, let sender else { throw request == nil ? .malformed : .noTicket }
    guard packet.readableBytes >= SenderSessions.shortestPacket else { throw .tooShort }
    guard senders.admits(sender, now: now) else { throw .tooOften }
    packet.writeRepeatingByte(0, count: max(0, STAMPSenderPacket.baseLength - packet.readableBytes))
    guard let request = STAMPSenderPacket(packet.readableBytesUInt8Span) else { throw .malformed }
    return (.plain, request, senders.number(sender, request, now: now))
  }

  private func number(
    for ticket: Ticket, _ request: STAMPSenderPacket, now: Int64
  ) throws(Refusal) -> UInt32 {
    do {
      return try sessions.admit(ticket, sequence: request.sequence, now: now)
    } catch {
      switch error {
      case .forged: throw .forged
      case .expired: throw .expired
      case .full: throw .full
      }
    }
  }
}
