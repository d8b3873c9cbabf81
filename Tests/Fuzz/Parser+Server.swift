import PrecallCore
import PrecallServer
import PrecallWire

// MARK: What the reflector reads from anybody

extension Parser {
  static let reflectors = [Parser("reflection", reflection), Parser("stun-binding", binding)]

  private static let now: Int64 = 1_800_000_000
  private static let office = TicketOffice(key: [UInt8](repeating: 7, count: 32), lifetime: 60)
  private static let key = STAMPKey([UInt8](repeating: 9, count: 32))
  private static let sender = SenderAddress(high: 0, low: 0xFFFF_C000_0201, port: 4_000)

  /// What is answered; nothing where the packet is refused.
  private static func answer(_ octets: [UInt8], isOpen: Bool, hasKey: Bool) -> [UInt8]? {
    let reflection = Reflection(
      sessions: ReflectorSessions(office: office, capacity: 10), errorEstimate: ErrorEstimate(bits: 1),
      key: hasKey ? key : nil, isOpen: isOpen)
    var packet = ArrivedPacket()
    (packet.octets, packet.sender, packet.received) = (octets, sender, now * 1_000_000_000)
    packet.time = ServerTime(wall: packet.received, steady: packet.received)
    do { try reflection.reflect(&packet) { now * 1_000_000_000 + 2_000 } } catch { return nil }
    return packet.octets
  }

  /// The first octet says whom the reflector answers, and what stands before the rest: nothing, a packet with a
  /// good ticket, or a sealed one.
  @Sendable private static func reflection(_ octets: [UInt8]) -> String? {
    guard let kind = octets.first else { return nil }
    let ticket = kind & 3 == 1 ? office.makeTicket(now: now) : nil
    let request = STAMPSenderPacket(
      sequence: 5, timestamp: NTPTimestamp(bits: 99), errorEstimate: ErrorEstimate(bits: 1),
      sessionID: ticket?.sessionID ?? 3, ticket: ticket?.encode())
    let front = kind & 3 == 1 ? request.encode() : kind & 3 == 2 ? key.seal(request) : []
    let packet = front + octets.dropFirst()
    let answer = answer(packet, isOpen: kind & 8 != 0, hasKey: kind & 4 != 0)
    guard let answer else {
      return kind & 3 == 1 && packet.count <= 1_472 ? "a good ticket is refused" : nil
    }
    if answer.count > packet.count { return "more octets than came" }
    guard kind & 3 == 1 else { return nil }
    let reply = STAMPReflectorPacket(answer)
    return answer.count == packet.count && reply?.senderSequence == 5 && reply?.sequence == 0
      ? nil : "a reply is spoilt"
  }

  /// What is behind the header's length and cookie, which make it STUN.
  @Sendable private static func binding(_ octets: [UInt8]) -> String? {
    guard octets.count >= 20 else { return nil }
    let length = octets.count - 20
    var request = octets
    request[0] &= 0x3F
    request.replaceSubrange(
      2..<8, with: [UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), 0x21, 0x12, 0xA4, 0x42])
    guard let answer = answer(request, isOpen: false, hasKey: false) else { return nil }
    if answer.count > request.count { return "more octets than came" }
    guard let message = STUNMessage(answer), message.method == .binding,
      Array(answer[4..<20]) == Array(request[4..<20])
    else { return "no answer to that request" }
    if message.kind == .error { return nil }
    let mapped = message.attributes.first { $0.type == STUN.xorMappedAddress }
    let address = mapped.flatMap { STUNAddress(xor: $0.value, message.transaction) }
    return address == STUNAddress(address: [192, 0, 2, 1], port: 4_000) ? nil : "another's address"
  }
}
