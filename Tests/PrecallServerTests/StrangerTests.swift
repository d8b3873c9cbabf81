import Glibc
import PrecallCore
import PrecallWire
import Testing

import PrecallServer

/// What the reflector does with packets of senders without a ticket.
@Suite struct StrangerTests {
  static let now: Int64 = 1_800_000_000
  let sender: SenderAddress
  let sessions = ReflectorSessions(office: TicketOffice(key: nil, lifetime: 60), capacity: 10)
  let key = STAMPKey([UInt8](repeating: 9, count: 32))

  init() throws { sender = try SenderAddress("192.0.2.7", port: 4_711) }

  func reflection(isOpen: Bool = false, sealed: Bool = false, senders: SenderSessions = SenderSessions())
    -> Reflection
  {
    Reflection(
      sessions: sessions, errorEstimate: ErrorEstimate(bits: 1), key: sealed ? key : nil, isOpen: isOpen,
      senders: senders)
  }

  func answer(
    _ reflection: Reflection, _ octets: [UInt8], from other: SenderAddress? = nil, at second: Int64 = now
  ) throws(Reflection.Refusal) -> [UInt8] {
    var packet = ArrivedPacket()
    packet.octets = octets
    packet.sender = other ?? sender
    packet.received = second * 1_000_000_000
    packet.time = ServerTime(wall: second * 1_000_000_000, steady: second * 1_000_000_000)
    packet.timeToLive = 57
    try reflection.reflect(&packet) { second * 1_000_000_000 + 2_000 }
    return packet.octets
  }

  func packet(_ sequence: UInt32, session: UInt16 = 5) -> STAMPSenderPacket {
    STAMPSenderPacket(
      sequence: sequence, timestamp: NTPTimestamp(bits: 99), errorEstimate: ErrorEstimate(bits: 1),
      sessionID: session)
  }

  // MARK: Open and authenticated STAMP

  @Test func `an open reflector counts each sender's packets by address, port and session`() throws {
    let reflection = reflection(isOpen: true)
    let other = try SenderAddress("192.0.2.7", port: 4_712)
    let cases: [(SenderAddress, UInt16, UInt32)] = [
      (sender, 5, 0), (sender, 5, 1), (other, 5, 0), (sender, 6, 0), (sender, 5, 2),
    ]
    for (address, session, count) in cases {
      let octets = try answer(reflection, packet(77, session: session).encode(paddedTo: 90), from: address)
      let reply = try #require(STAMPReflectorPacket(octets))
      #expect(reply.sequence == count && reply.senderSequence == 77 && octets.count == 90)
    }
  }

  @Test(arguments: 0...60) func `a packet of TWAMP Light is answered in its own length or not at all`(
    length: Int
  )
    throws
  {
    let octets = [UInt8](repeating: 0, count: 12) + [0, 1] + [UInt8](repeating: 0, count: 46)
    let packet = Array(octets[..<min(length, octets.count)])
    if length >= 41 {
      #expect(try answer(reflection(isOpen: true), packet).count == packet.count)
    } else {
      #expect(throws: Reflection.Refusal.tooShort) { try answer(reflection(isOpen: true), packet) }
    }
  }

  @Test func `one address is answered so often and no more; others still are`() throws {
    let reflection = reflection(isOpen: true, senders: SenderSessions(burst: 3, perSecond: 1))
    for number in 0..<3 { _ = try answer(reflection, packet(UInt32(number)).encode()) }
    #expect(throws: Reflection.Refusal.tooOften) { try answer(reflection, packet(3).encode()) }
    _ = try answer(reflection, packet(3).encode(), at: Self.now + 1)
    let other = try SenderAddress("2001:db8::1", port: 4_711)
    _ = try answer(reflection, packet(0).encode(), from: other)
  }

  @Test func `with too many senders to count, each still has its answer, numbered as it was sent`() throws {
    let senders = SenderSessions(capacity: 2, burst: 1_000, perSecond: 1_000)
    let reflection = reflection(isOpen: true, senders: senders)
    for port in 1...50 {
      let address = try SenderAddress("192.0.2.7", port: port)
      let reply = try STAMPReflectorPacket(answer(reflection, packet(40).encode(), from: address))
      #expect(reply?.sequence == (port <= 2 ? 0 : 40))
    }
    #expect(senders.count == 2)
    let reply = try STAMPReflectorPacket(answer(reflection, packet(9).encode(), at: Self.now + 61))
    #expect(reply?.sequence == 0 && senders.count == 1)
  }

  @Test func `authenticated mode answers who has the key, closed or open`() throws {
    for isOpen in [false, true] {
      let reflection = reflection(isOpen: isOpen, sealed: true)
      for count in 0..<3 {
        let octets = try answer(reflection, key.seal(packet(8), paddedTo: 120))
        #expect(octets.count == 120)
        let reply = key.openReply(octets)
        #expect(reply?.sequence == UInt32(count) && reply?.senderTimeToLive == 57)
      }
    }
    let stranger = STAMPKey([UInt8](repeating: 8, count: 32)).seal(packet(8))
    #expect(throws: Reflection.Refusal.forged) { try answer(reflection(sealed: true), stranger) }
    #expect(throws: Reflection.Refusal.noTicket) { try answer(reflection(sealed: true), packet(1).encode()) }
    #expect(throws: Reflection.Refusal.noTicket) { try answer(reflection(), key.seal(packet(8))) }
  }

  @Test func `a reflector fills in what RFC 8972 lets it know`() throws {
    let measurement: [UInt8] = [0x80, 5, 0, 12, 0, 0, 0, 9] + [UInt8](repeating: 0, count: 8)
    let stamps: [UInt8] = [0x80, 3, 0, 4, 0, 0, 0, 0]
    let location: [UInt8] = [0x80, 2, 0, 4, 0, 0, 0, 0]
    let reflection = reflection(isOpen: true)
    _ = try answer(reflection, packet(0).encode())
    let octets = try answer(reflection, packet(1).encode() + measurement + stamps + location)
    #expect(Array(octets[44..<60]) == [0, 5, 0, 12, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2])
    #expect(Array(octets[60..<68]) == [0, 3, 0, 4, 5, 2, 5, 2])
    #expect(Array(octets[68...]) == location)
    let wrong = try answer(reflection, packet(1).encode() + [0x80, 5, 0, 1, 0])
    #expect(Array(wrong[44...]) == [0x40, 5, 0, 1, 0])
  }

  // MARK: STUN

  func binding(_ attributes: [STUNMessage.Attribute], fingerprint: Bool = false) -> (STUNMessage, [UInt8]) {
    let message = STUNMessage(.request, .binding, STUNTransaction(), attributes)
    return (message, message.encode(fingerprint: fingerprint))
  }

  @Test(arguments: ["192.0.2.7", "2001:db8::1"]) func `a padded request learns its address`(text: String)
    throws
  {
    let sender = try SenderAddress(text, port: 4_711)
    for fingerprint in [false, true] {
      let (message, octets) = binding(
        [.init(STUN.padding, [UInt8](repeating: 0, count: 28))], fingerprint: fingerprint)
      let answered = try answer(reflection(), octets, from: sender)
      let reply = try #require(STUNMessage(answered))
      #expect(answered.count <= octets.count)
      #expect(reply.kind == .success && reply.transaction == message.transaction)
      let address = STUNAddress(xor: try #require(reply[STUN.xorMappedAddress]), reply.transaction)
      #expect(address?.port == 4_711 && address?.address.count == (text.contains(":") ? 16 : 4))
    }
  }

  @Test func `no answer is ever longer than its request`() throws {
    var random = SystemRandomNumberGenerator()
    var answered = 0
    for length in 0...64 {
      for type in [STUN.padding, STUN.username, 0x0003, 0x0024, 0x8022] {
        let (_, octets) = binding(
          [.init(type, (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })])
        guard let reply = try? answer(reflection(), octets) else { continue }
        #expect(reply.count <= octets.count)
        answered += 1
      }
    }
    #expect(answered > 200)
    #expect(throws: Reflection.Refusal.tooShort) { try answer(reflection(), binding([]).1) }
  }

  @Test func `an attribute that must be understood and is not is named`() throws {
    let (_, octets) = binding([.init(0x0003, [UInt8](repeating: 0, count: 16))])
    let reply = try #require(STUNMessage(try answer(reflection(), octets)))
    #expect(reply.kind == .error && reply[STUN.errorCode].flatMap(STUNError.init)?.code == 420)
    #expect(reply[STUN.unknownAttributes] == [0, 3])
  }

  @Test func `only binding requests are answered, not answers and not TURN's`() {
    let padding = STUNMessage.Attribute(STUN.padding, [UInt8](repeating: 0, count: 28))
    for (kind, method) in [
      (STUNMessage.Class.success, STUNMessage.Method.binding), (.error, .binding), (.indication, .binding),
      (.request, .allocate),
    ] {
      let octets = STUNMessage(kind, method, STUNTransaction(), [padding]).encode()
      #expect(throws: Reflection.Refusal.malformed) { try answer(reflection(isOpen: true), octets) }
    }
  }
}

extension SenderAddress {
  /// Of an address as text.
  fileprivate init(_ text: String, port: Int) throws {
    var octets = [UInt8](repeating: 0, count: 16)
    let isRead = inet_pton(AF_INET6, text.contains(":") ? text : "::ffff:" + text, &octets)
    try #require(isRead == 1)
    func half(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: half(octets[..<8]), low: half(octets[8...]), port: UInt16(port))
  }
}
