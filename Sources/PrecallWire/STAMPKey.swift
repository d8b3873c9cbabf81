package import PrecallCore

/// Authenticated STAMP: packets of 112 octets whose first 96 are sealed with HMAC-SHA-256, cut to 16 octets
/// (RFC 8762 sections 4.2.2, 4.3.2 and 4.4), and whose extensions are sealed by one of their own (RFC 8972
/// section 4.8).
package struct STAMPKey: Sendable {
  package static let baseLength = 112
  package static let minimumLength = 16
  private static let sealed = 96
  private static let sealLength = 16
  private let key: [UInt8]

  package init(_ key: [UInt8]) { self.key = key }

  /// A sender's packet; its extensions, a sole padding excepted, are followed by their seal.
  package func seal(_ packet: STAMPSenderPacket, paddedTo length: Int = 0) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: Self.baseLength)
    var span = octets.mutableSpan
    span.write(bigEndian: packet.sequence, at: 0)
    span.write(bigEndian: packet.timestamp.bits, at: 16)
    span.write(bigEndian: packet.errorEstimate.bits, at: 24)
    span.write(bigEndian: packet.sessionID, at: 26)
    sealBase(of: &octets)
    if let ticket = packet.ticket {
      STAMPExtension.append(STAMPExtension.ticket, ticket, to: &octets)
      appendSeal(to: &octets)
    }
    STAMPExtension.pad(&octets, to: length)
    return octets
  }

  /// Reads a sender's packet; nothing where it is too short or not sealed with this key.
  package func open(_ octets: [UInt8]) -> STAMPSenderPacket? {
    guard isBaseSealed(octets) else { return nil }
    let span = octets.span
    let ticket = STAMPExtension.value(of: STAMPExtension.ticket, in: span, from: Self.baseLength)
    return STAMPSenderPacket(
      sequence: span.bigEndian(at: 0), timestamp: NTPTimestamp(bits: span.bigEndian(at: 16)),
      errorEstimate: ErrorEstimate(bits: span.bigEndian(at: 24)), sessionID: span.bigEndian(at: 26),
      ticket: ticket.map { Array(octets[$0]) })
  }

  /// Reads a reflector's packet, as `open` does a sender's.
  package func openReply(_ octets: [UInt8]) -> STAMPReflectorPacket? {
    guard isBaseSealed(octets) else { return nil }
    let span = octets.span
    let request = STAMPSenderPacket(
      sequence: span.bigEndian(at: 48), timestamp: NTPTimestamp(bits: span.bigEndian(at: 64)),
      errorEstimate: ErrorEstimate(bits: span.bigEndian(at: 72)), sessionID: span.bigEndian(at: 26))
    let estimate = ErrorEstimate(bits: span.bigEndian(at: 24))
    return STAMPReflectorPacket(
      replyingTo: request, sequence: span.bigEndian(at: 0),
      received: NTPTimestamp(bits: span.bigEndian(at: 32), beside: estimate),
      sent: NTPTimestamp(bits: span.bigEndian(at: 16), beside: estimate),
      errorEstimate: estimate.ofNTP, senderTimeToLive: octets[80])
  }

  /// Makes `reply` out of the octets of its request, which `open` has read: exactly as long, and sealed.
  package func overwrite(request octets: inout [UInt8], with reply: STAMPReflectorPacket) {
    let seal = STAMPExtension.place(of: STAMPExtension.seal, in: octets.span, from: Self.baseLength)
    let isIntact = seal == nil ? isUnsealed(octets) : isSealed(octets, at: seal)
    write(reply, to: &octets)
    var span = octets.mutableSpan
    if isIntact {
      STAMPExtension.reflect(in: &span, from: Self.baseLength, sequence: reply.sequence)
    } else {
      // They come back as they are, each marked (RFC 8972 section 4.8).
      STAMPExtension.mark(in: &span, from: Self.baseLength)
    }
    if isIntact, let seal {
      octets[seal.start] = 0
      octets.replaceSubrange(seal.value, with: code(of: Self.sealedPart(of: octets, before: seal)))
    }
    sealBase(of: &octets)
  }

  private func write(_ reply: STAMPReflectorPacket, to octets: inout [UInt8]) {
    for index in 0..<Self.sealed { octets[index] = 0 }
    var span = octets.mutableSpan
    span.write(bigEndian: reply.sequence, at: 0)
    span.write(bigEndian: reply.transmitTimestamp.bits, at: 16)
    span.write(bigEndian: reply.errorEstimate.bits, at: 24)
    span.write(bigEndian: reply.sessionID, at: 26)
    span.write(bigEndian: reply.receiveTimestamp.bits, at: 32)
    span.write(bigEndian: reply.senderSequence, at: 48)
    span.write(bigEndian: reply.senderTimestamp.bits, at: 64)
    span.write(bigEndian: reply.senderErrorEstimate.bits, at: 72)
    span[80] = reply.senderTimeToLive
  }
}

// MARK: Seals

extension STAMPKey {
  private func code(of octets: [UInt8]) -> [UInt8] {
    Array(Digest.sha256.code(of: octets, key: key).prefix(Self.sealLength))
  }

  private func sealBase(of octets: inout [UInt8]) {
    octets.replaceSubrange(Self.sealed..<Self.baseLength, with: code(of: Array(octets[..<Self.sealed])))
  }

  private func isBaseSealed(_ octets: [UInt8]) -> Bool {
    octets.count >= Self.baseLength
      && Digest.same(octets[Self.sealed..<Self.baseLength], code(of: Array(octets[..<Self.sealed])))
  }

  private func appendSeal(to octets: inout [UInt8]) {
    let part = Array(octets[..<4]) + Array(octets[Self.baseLength...])
    STAMPExtension.append(STAMPExtension.seal, code(of: part), to: &octets)
  }

  /// The sequence number and the extensions before the seal.
  private static func sealedPart(of octets: [UInt8], before seal: STAMPExtension.Place) -> [UInt8] {
    Array(octets[..<4]) + Array(octets[baseLength..<seal.start])
  }

  /// Only padding may follow the seal, and only padding may go without one.
  private func isSealed(_ octets: [UInt8], at seal: STAMPExtension.Place?) -> Bool {
    guard let seal, seal.value.count == Self.sealLength, onlyPadding(octets, from: seal.value.upperBound)
    else { return false }
    return Digest.same(octets[seal.value], code(of: Self.sealedPart(of: octets, before: seal)))
  }

  private func isUnsealed(_ octets: [UInt8]) -> Bool { onlyPadding(octets, from: Self.baseLength) }

  private func onlyPadding(_ octets: [UInt8], from start: Int) -> Bool {
    var start = start
    while start < octets.count {
      guard let place = STAMPExtension.at(start, in: octets.span), place.type == STAMPExtension.extraPadding
      else { return false }
      start = place.value.upperBound
    }
    return true
  }
}
