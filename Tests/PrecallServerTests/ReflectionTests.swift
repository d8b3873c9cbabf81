import PrecallCore
import Testing

import PrecallServer

/// The reflector's decision on one packet, without a socket.
@Suite struct ReflectionTests {
  static let now: Int64 = 1_800_000_000

  /// A second of the steady clock, and of a wall clock that has been set.
  static func time(_ second: Int64 = now, clockSetBy step: Int64 = 0) -> ServerTime {
    ServerTime(wall: (second + step) * 1_000_000_000, steady: second * 1_000_000_000)
  }

  let office = TicketOffice(key: [UInt8](repeating: 7, count: 32), lifetime: 60)

  func reflection(capacity: Int = 10) -> Reflection {
    Reflection(
      sessions: ReflectorSessions(office: office, capacity: capacity), errorEstimate: ErrorEstimate(bits: 1))
  }

  func packet(_ ticket: Ticket?, sessionID: UInt16? = nil, length: Int = 120) -> [UInt8] {
    let packet = STAMPSenderPacket(
      sequence: 41, timestamp: NTPTimestamp(bits: 99), errorEstimate: ErrorEstimate(bits: 1),
      sessionID: sessionID ?? ticket?.sessionID ?? 3, ticket: ticket?.encode())
    return packet.encode(paddedTo: length)
  }

  func reply(
    _ reflection: Reflection, _ octets: [UInt8], at second: Int64 = now, clockSetBy step: Int64 = 0
  ) throws(Reflection.Refusal) -> [UInt8] {
    var packet = ArrivedPacket()
    packet.octets = octets
    packet.received = second * 1_000_000_000
    packet.time = Self.time(second, clockSetBy: step)
    packet.timeToLive = 57
    try reflection.reflect(&packet) { second * 1_000_000_000 + 2_000 }
    return packet.octets
  }

  @Test(arguments: [0, 80, 84, 200, 1_472])
  func `a reply is exactly as long as its request`(length: Int) throws {
    let request = packet(office.makeTicket(now: Self.now), length: length)
    #expect(try reply(reflection(), request).count == request.count)
  }

  @Test func `a reply carries both stamps, the sender's fields and its own count by session`() throws {
    let reflection = reflection()
    let first = office.makeTicket(now: Self.now)
    let second = office.makeTicket(now: Self.now)
    for (ticket, sequence) in [(first, 0), (first, 1), (second, 0), (first, 2)] {
      let answer = try #require(
        STAMPReflectorPacket(try reply(reflection, packet(ticket))))
      #expect(answer.sequence == UInt32(sequence))
      #expect(answer.senderSequence == 41 && answer.senderTimeToLive == 57)
      #expect(answer.senderTimestamp.bits == 99)
      #expect(answer.sessionID == ticket.sessionID)
      #expect(answer.receiveTimestamp.nanosecondsSince1970 == Self.now * 1_000_000_000)
      #expect(answer.transmitTimestamp.nanosecondsSince1970 == Self.now * 1_000_000_000 + 2_000)
    }
    #expect(try reflection.sessions.received(with: first, now: Self.time()).count == 3)
    #expect(try reflection.sessions.received(with: second, now: Self.time()).count == 1)
  }

  @Test func `a packet without a good ticket is refused, each kind by its name`() {
    let reflection = reflection()
    let good = office.makeTicket(now: Self.now)
    #expect(throws: Reflection.Refusal.noTicket) { try reply(reflection, packet(nil)) }
    #expect(throws: Reflection.Refusal.malformed) {
      try reply(reflection, [UInt8](repeating: 0, count: 43))
    }
    #expect(throws: Reflection.Refusal.malformed) { try reply(reflection, []) }
    #expect(throws: Reflection.Refusal.oversize) { try reply(reflection, packet(good, length: 1_473)) }
    #expect(throws: Reflection.Refusal.expired) { try reply(reflection, packet(good), at: Self.now + 60) }
    #expect(throws: Reflection.Refusal.forged) {
      try reply(reflection, packet(good, sessionID: good.sessionID &+ 1))
    }
    let stranger = TicketOffice(key: nil, lifetime: 60).makeTicket(now: Self.now)
    #expect(throws: Reflection.Refusal.forged) { try reply(reflection, packet(stranger)) }
    #expect(reflection.sessions.count == 0)
  }

  @Test func `one changed bit anywhere in a ticket makes it worthless, also beside its true one`() throws {
    let reflection = reflection()
    let good = office.makeTicket(now: Self.now)
    _ = try reply(reflection, packet(good))
    for bit in 0..<(8 * Ticket.length) {
      var octets = good.encode()
      octets[bit / 8] ^= 1 << UInt8(bit % 8)
      let forged = STAMPSenderPacket(
        sequence: 0, timestamp: NTPTimestamp(bits: 0), errorEstimate: ErrorEstimate(bits: 1),
        sessionID: UInt16(octets[2]) << 8 | UInt16(octets[3]), ticket: octets)
      #expect(throws: Reflection.Refusal.forged) { try reply(reflection, forged.encode()) }
    }
    #expect(try reflection.sessions.received(with: good, now: Self.time()).count == 1)
  }

  @Test func `a session that was checked still ends with its ticket`() throws {
    let reflection = reflection()
    let ticket = office.makeTicket(now: Self.now)
    _ = try reply(reflection, packet(ticket), at: Self.now + 59)
    #expect(throws: Reflection.Refusal.expired) { try reply(reflection, packet(ticket), at: Self.now + 60) }
    #expect(
      try reflection.sessions.received(
        with: ticket, now: Self.time(Self.now + 61)
      ).count == 1)
  }

  @Test(arguments: [-3_600, 3_600] as [Int64])
  func `setting the clock neither ends a session, nor prolongs it, nor shows in its stamps`(step: Int64)
    throws
  {
    let reflection = reflection()
    let ticket = office.makeTicket(now: Self.now)
    _ = try reply(reflection, packet(ticket))
    let octets = try reply(reflection, packet(ticket), at: Self.now + 59, clockSetBy: step)
    let answer = try #require(STAMPReflectorPacket(octets))
    #expect(answer.sequence == 1)
    #expect(answer.receiveTimestamp.nanosecondsSince1970 == (Self.now + 59) * 1_000_000_000)
    #expect(answer.transmitTimestamp.nanosecondsSince1970 == (Self.now + 59) * 1_000_000_000 + 2_000)
    #expect(throws: Reflection.Refusal.expired) {
      try reply(reflection, packet(ticket), at: Self.now + 60, clockSetBy: step)
    }
    for (second, hasEnded) in [(59, false), (60, true)] as [(Int64, Bool)] {
      let time = Self.time(Self.now + second, clockSetBy: step)
      let session = try reflection.sessions.received(with: ticket, now: time)
      #expect(session.count == 2 && session.hasEnded == hasEnded)
    }
  }

  @Test func `a session that begins later has the clock as it was set`() throws {
    let reflection = reflection()
    _ = try reply(reflection, packet(office.makeTicket(now: Self.now)))
    let octets = try reply(reflection, packet(office.makeTicket(now: Self.now + 90)), clockSetBy: 90)
    let answer = STAMPReflectorPacket(octets)
    #expect(answer?.receiveTimestamp.nanosecondsSince1970 == (Self.now + 90) * 1_000_000_000)
  }

  @Test func `the table is bounded, and takes new sessions when old ones are over`() throws {
    let reflection = reflection(capacity: 3)
    for _ in 0..<3 { _ = try reply(reflection, packet(office.makeTicket(now: Self.now))) }
    // Who comes to a full table is answered by the sender's own number, and not counted.
    let ticket = office.makeTicket(now: Self.now)
    let answer = try reply(reflection, packet(ticket))
    #expect(STAMPReflectorPacket(answer)?.sequence == 41)
    #expect(reflection.sessions.count == 3)
    #expect(throws: ReflectorSessions.Refusal.full) {
      try reflection.sessions.received(with: ticket, now: Self.time())
    }
    let forged = TicketOffice(key: nil, lifetime: 60).makeTicket(now: Self.now)
    #expect(throws: Reflection.Refusal.forged) { try reply(reflection, packet(forged)) }
    let later = Self.now + 60 + ReflectorSessions.keptAfterExpiry
    _ = try reply(reflection, packet(office.makeTicket(now: later)), at: later)
    #expect(reflection.sessions.count == 1)
  }

  @Test func `no packet from outside gets an answer by chance`() {
    let reflection = reflection()
    var random = SeededGenerator(seed: 862)
    let good = packet(office.makeTicket(now: Self.now))
    for _ in 0..<100_000 {
      var octets = good
      octets.removeLast(Int.random(in: 0...octets.count, using: &random))
      // Change something of the ticket, where there is one left.
      if octets.count > 80 { octets[Int.random(in: 48..<80, using: &random)] ^= 1 }
      for _ in 0..<3 where !octets.isEmpty {
        let place = Int.random(in: 0..<min(octets.count, 48), using: &random)
        octets[place] = UInt8.random(in: 0...255, using: &random)
      }
      if octets.count == 80 { octets[79] ^= 1 }
      #expect(throws: Reflection.Refusal.self) { try reply(reflection, octets) }
    }
  }
}
