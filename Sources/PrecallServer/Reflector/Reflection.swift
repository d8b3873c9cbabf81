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

  /// Turns `packet` into its answer. `clock` is the steady one, read once more for the stamp of sending.
  package func reflect(_ packet: inout ArrivedPacket, clock: () -> Int64) throws(Refusal) {
    if STUNMessage.isSTUN(packet.octets.span) {
      // Answers are short, also those to the 1,500 octets of padding that others send (RFC 5780).
      packet.octets = try BindingAnswer.octets(to: packet.octets, from: packet.sender)
      return
    }
    let length = packet.octets.count
    guard length <= Self.maximumLength else { throw .oversize }
    let (mode, request, place) = try admit(&packet)
    let reply = STAMPReflectorPacket(
      replyingTo: request, sequence: place.number,
      received: NTPTimestamp(nanosecondsSince1970: packet.received + place.lead),
      sent: NTPTimestamp(nanosecondsSince1970: clock() + place.lead), errorEstimate: errorEstimate,
      senderTimeToLive: packet.timeToLive)
    Self.write(reply, mode, to: &packet.octets)
    packet.octets.removeLast(packet.octets.count - length)
  }

  private static func write(_ reply: STAMPReflectorPacket, _ mode: Mode, to octets: inout [UInt8]) {
    switch mode {
    case .plain:
      var span = octets.mutableSpan
      reply.overwrite(request: &span)
    case .sealed(let key): key.overwrite(request: &octets, with: reply)
    }
  }
}

// MARK: Who is answered

extension Reflection {
  private enum Mode { case plain, sealed(STAMPKey) }
  private typealias Admitted = (Mode, STAMPSenderPacket, PlaceInSession)

  /// How the packet is answered, or why it is not. A packet of TWAMP Light (RFC 8762
  /// section 4.6), whose answer has no more than 41 octets that are not zero, gets the ones that it lacks.
  private func admit(_ packet: inout ArrivedPacket) throws(Refusal) -> Admitted {
    let now = packet.time
    let request = STAMPSenderPacket(packet.octets)
    if let request, let octets = request.ticket {
      guard let ticket = Ticket(octets), ticket.sessionID == request.sessionID else { throw .forged }
      return (.plain, request, try place(for: ticket, request, now: now))
    }
    if let key, packet.octets.count >= STAMPKey.baseLength {
      if let request = key.open(packet.octets) {
        return (.sealed(key), request, senders.place(packet.sender, request, now: now))
      }
      if !isOpen { throw .forged }
    }
    guard isOpen else { throw request == nil ? .malformed : .noTicket }
    guard packet.octets.count >= STAMPReflectorPacket.leastLength else { throw .tooShort }
    guard senders.admits(packet.sender, now: now) else { throw .tooOften }
    let missing = max(0, STAMPSenderPacket.baseLength - packet.octets.count)
    packet.octets.append(contentsOf: repeatElement(0, count: missing))
    guard var request = STAMPSenderPacket(packet.octets) else { throw .malformed }
    if Self.isTWAMP(packet.octets) { request.sessionID = 0 }
    return (.plain, request, senders.place(packet.sender, request, now: now))
  }

  /// Whether TWAMP's padding, often random and new in each packet (RFC 5357 section 4.1.2), is where STAMP
  /// has a session's identifier and then zeros (RFC 8762 section 4.2.1).
  private static func isTWAMP(_ octets: [UInt8]) -> Bool {
    octets[16..<STAMPSenderPacket.baseLength].contains { $0 != 0 }
  }

  private func place(
    for ticket: Ticket, _ request: STAMPSenderPacket, now: ServerTime
  ) throws(Refusal) -> PlaceInSession {
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
