import PrecallCore
import Testing

/// Octets by hand from the figures of RFC 8762 sections 4.2.1 and 4.3.1 and RFC 8972 sections 3 and 4.
@Suite struct WireCodecTests {
  static let stamp = NTPTimestamp(bits: 0x1112_1314_1516_1718)

  @Test func `a sender packet has every field at its place`() {
    let packet = STAMPSenderPacket(
      sequence: 0x0102_0304, timestamp: Self.stamp, errorEstimate: ErrorEstimate(bits: 0x8A2B),
      sessionID: 0xC0DE, ticket: [0xAA, 0xBB])
    let base: [UInt8] =
      [1, 2, 3, 4] + [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18] + [0x8A, 0x2B] + [0xC0, 0xDE]
      + [UInt8](repeating: 0, count: 28)
    let ticket: [UInt8] = [0x80, 252, 0, 2, 0xAA, 0xBB]
    #expect(packet.encode() == base + ticket)
    #expect(packet.encode(paddedTo: 57) == base + ticket + [0x80, 1, 0, 3, 0, 0, 0])
    #expect(STAMPSenderPacket(packet.encode(paddedTo: 57)) == packet)
  }

  @Test func `a reflector packet has every field at its place`() {
    let request = STAMPSenderPacket(
      sequence: 0x0102_0304, timestamp: Self.stamp, errorEstimate: ErrorEstimate(bits: 0x8A2B),
      sessionID: 0xC0DE)
    let reply = STAMPReflectorPacket(
      replyingTo: request, sequence: 0x2122_2324, received: NTPTimestamp(bits: 0x3132_3334_3536_3738),
      sent: NTPTimestamp(bits: 0x4142_4344_4546_4748), errorEstimate: ErrorEstimate(bits: 0x0102),
      senderTimeToLive: 64)
    let octets: [UInt8] =
      [0x21, 0x22, 0x23, 0x24] + [0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48] + [1, 2, 0xC0, 0xDE]
      + [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38] + [1, 2, 3, 4]
      + [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18] + [0x8A, 0x2B, 0, 0] + [64, 0, 0, 0]
    #expect(octets.count == 44)
    #expect(reply.encode() == octets)
    #expect(STAMPReflectorPacket(octets) == reply)
    #expect(reply.encode(paddedTo: 100).count == 100)
  }

  @Test func `padding reaches the wanted length, or the next that a header allows`() {
    let packet = STAMPSenderPacket(
      sequence: 0, timestamp: Self.stamp, errorEstimate: ErrorEstimate(bits: 1), sessionID: 1,
      ticket: [UInt8](repeating: 7, count: 32))
    for length in 0...1_472 {
      let expected = length <= 80 ? 80 : max(84, length)
      #expect(packet.encode(paddedTo: length).count == expected)
    }
  }

  static let moments: [(Int64, UInt64)] = [
    (0, 2_208_988_800 << 32), (500_000_000, 2_208_988_800 << 32 | 0x8000_0000),
    // 2036-02-07T06:28:16Z: the first second of the second era.
    (2_085_978_496_250_000_000, 0x4000_0000),
  ]

  @Test(arguments: moments)
  func `a stamp counts seconds since 1900 and their binary fraction`(nanoseconds: Int64, bits: UInt64) {
    #expect(NTPTimestamp(nanosecondsSince1970: nanoseconds).bits == bits)
    #expect(NTPTimestamp(bits: bits).nanosecondsSince1970 == nanoseconds)
  }

  @Test func `any moment of our century comes back to the nanosecond`() {
    var random = SeededGenerator(seed: 8762)
    for _ in 0..<100_000 {
      let moment = Int64.random(in: 0..<4_000_000_000_000_000_000, using: &random)
      #expect(NTPTimestamp(nanosecondsSince1970: moment).nanosecondsSince1970 == moment)
    }
    #expect(NTPTimestamp(nanosecondsSince1970: 999_999_999).nanosecondsSince1970 == 999_999_999)
  }

  @Test func `a reply's stamps are read in the format that its reflector names`() {
    let ntp: [UInt8] = [0xDC, 0x00, 0x00, 0x00, 0x80, 0, 0, 0]
    // The same: half a second is 500,000,000 ns.
    let ptp: [UInt8] = [0x58, 0x55, 0x81, 0x80, 0x1D, 0xCD, 0x65, 0x00]
    for (stamp, flags) in [(ntp, UInt8(0x80)), (ptp, 0xC0)] {
      let head: [UInt8] = [0, 0, 0, 7] + stamp + [flags, 1, 0, 9]
      let octets = head + stamp + [UInt8](repeating: 0, count: 20)
      let reply = STAMPReflectorPacket(octets)
      #expect(reply?.transmitTimestamp.nanosecondsSince1970 == 1_481_998_720_500_000_000)
      #expect(reply?.receiveTimestamp.nanosecondsSince1970 == 1_481_998_720_500_000_000)
    }
  }

  @Test(arguments: [Int64(1), 233, 1_000, 999_999, 1_000_000, 1_000_000_000, 900_000_000_000])
  func `an error estimate is the wanted one or a little more, never less`(nanoseconds: Int64) {
    let estimate = ErrorEstimate(synchronised: true, nanoseconds: nanoseconds)
    var seconds = Double(estimate.multiplier) / 4_294_967_296
    for _ in 0..<estimate.scale { seconds *= 2 }
    #expect(estimate.isSynchronised && !estimate.isPTP && estimate.multiplier > 0)
    #expect(seconds * 1e9 >= Double(nanoseconds))
    #expect(seconds * 1e9 <= Double(nanoseconds) * 1.05 + 1)
  }

  @Test func `a reply shows which extensions are known, in the request's own length`() {
    let request = STAMPSenderPacket(
      sequence: 5, timestamp: Self.stamp, errorEstimate: ErrorEstimate(bits: 1), sessionID: 9, ticket: [1, 2])
    var octets = request.encode() + [0x80, 200, 0, 1, 0xEE] + [0x80, 1, 0, 1, 0] + [0x80, 1, 0xFF, 0xFF, 3]
    let length = octets.count
    let reply = STAMPReflectorPacket(
      replyingTo: request, sequence: 0, received: Self.stamp, sent: Self.stamp,
      errorEstimate: ErrorEstimate(bits: 1))
    var span = octets.mutableSpan
    reply.overwrite(request: &span)
    #expect(octets.count == length)
    #expect(STAMPReflectorPacket(octets) == reply)
    #expect(octets[44] == 0 && octets[50] == 0x80 && octets[55] == 0 && octets[60] == 0x40)
  }

  @Test func `no octets from outside can stop the reader`() {
    var random = SeededGenerator(seed: 8972)
    for _ in 0..<200_000 {
      var octets = (0..<Int.random(in: 0...160, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if octets.count > 48, Bool.random(using: &random) { octets[45] = 252; octets[46] = 0 }
      let request = STAMPSenderPacket(octets)
      _ = STAMPReflectorPacket(octets)
      _ = request?.ticket.map { Ticket($0) }
      #expect((request == nil) == (octets.count < 44))
      guard let request else { continue }
      let reply = STAMPReflectorPacket(
        replyingTo: request, sequence: 0, received: Self.stamp, sent: Self.stamp,
        errorEstimate: ErrorEstimate(bits: 1))
      var span = octets.mutableSpan
      reply.overwrite(request: &span)
      #expect(STAMPReflectorPacket(octets) == reply)
    }
  }

  @Test func `a ticket is 32 octets and comes back whole`() {
    let ticket = Ticket(
      sessionID: 0x0102, expiry: 0x0304_0506, nonce: 0x0708_090A_0B0C_0D0E,
      seal: Ticket.Seal(first: 0x1011_1213_1415_1617, second: 0x1819_1A1B_1C1D_1E1F))
    let octets: [UInt8] = [1, 0] + [UInt8](1...14) + [UInt8](0x10...0x1F)
    #expect(ticket.encode() == octets)
    #expect(Ticket(octets) == ticket)
    for wrong in [octets.dropLast(), octets + [0], [2] + octets.dropFirst()] {
      #expect(Ticket([UInt8](wrong)) == nil)
    }
  }

  @Test(arguments: [
    ("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"), ("Zm9vYmE", "fooba"),
    ("Zm9vYmFy", "foobar"),
  ]) func `base64url holds the vectors of RFC 4648`(text: String, octets: String) {
    #expect(Base64URL.encode([UInt8](octets.utf8)) == [UInt8](text.utf8))
    #expect(Base64URL.decode([UInt8](text.utf8)) == [UInt8](octets.utf8))
  }

  @Test(arguments: ["Z", "Zh", "Zg==", "Zm9+", "Zm9/", "Zm 9", "Zm9vY"])
  func `base64url refuses what it would not write`(text: String) {
    #expect(Base64URL.decode([UInt8](text.utf8)) == nil)
  }
}

/// The same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
