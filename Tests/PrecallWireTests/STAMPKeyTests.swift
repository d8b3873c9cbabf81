import PrecallCore
import PrecallWire
import Testing

/// Octets by hand from the figures of RFC 8762 sections 4.2.2 and 4.3.2 and RFC 8972 sections 3 and 4.8.
@Suite struct STAMPKeyTests {
  static let secret = [UInt8](1...32)
  let key = STAMPKey(secret)
  let packet = STAMPSenderPacket(
    sequence: 0x0102_0304, timestamp: NTPTimestamp(bits: 0x1112_1314_1516_1718),
    errorEstimate: ErrorEstimate(bits: 0x8A2B), sessionID: 0xC0DE)

  static func code(_ octets: [UInt8]) -> [UInt8] {
    Array(Digest.sha256.code(of: octets, key: secret).prefix(16))
  }

  @Test func `a sealed packet has every field at its place`() {
    let base: [UInt8] =
      [1, 2, 3, 4] + [UInt8](repeating: 0, count: 12) + [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18]
      + [0x8A, 0x2B, 0xC0, 0xDE] + [UInt8](repeating: 0, count: 68)
    #expect(base.count == 96)
    #expect(key.seal(packet) == base + Self.code(base))
    #expect(key.open(key.seal(packet)) == packet)
  }

  func reflected(_ request: [UInt8]) throws -> [UInt8] {
    var octets = request
    let opened = try #require(key.open(octets))
    let reply = STAMPReflectorPacket(
      replyingTo: opened, sequence: 0x2122_2324, received: NTPTimestamp(bits: 0x3132_3334_3536_3738),
      sent: NTPTimestamp(bits: 0x4142_4344_4546_4748), errorEstimate: ErrorEstimate(bits: 0x0102),
      senderTimeToLive: 64)
    key.overwrite(request: &octets, with: reply)
    #expect(octets.count == request.count)
    #expect(key.openReply(octets) == reply)
    return octets
  }

  @Test func `a sealed reply has every field at its place`() throws {
    let zeros = { [UInt8](repeating: 0, count: $0) }
    let base: [UInt8] =
      [0x21, 0x22, 0x23, 0x24] + zeros(12) + [0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48]
      + [1, 2, 0xC0, 0xDE] + zeros(4) + [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38] + zeros(8)
      + [1, 2, 3, 4] + zeros(12) + [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18] + [0x8A, 0x2B]
      + zeros(6) + [64] + zeros(15)
    #expect(try reflected(key.seal(packet)) == base + Self.code(base))
  }

  @Test func `no changed bit of the base is taken, nor another key`() {
    let sealed = key.seal(packet)
    for bit in 0..<(8 * 112) {
      var octets = sealed
      octets[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(key.open(octets) == nil)
    }
    #expect(STAMPKey([UInt8](2...33)).open(sealed) == nil)
    #expect(key.open(Array(sealed.dropLast())) == nil)
  }

  @Test func `extensions come back sealed, and padding needs no seal`() throws {
    var ticketed = packet
    ticketed.ticket = [7, 7]
    let octets = try reflected(key.seal(ticketed, paddedTo: 160))
    #expect(octets.count == 160)
    #expect(octets[112] == 0 && octets[118] == 0 && octets[138] == 0)
    #expect(Array(octets[122..<138]) == Self.code(Array(octets[..<4]) + Array(octets[112..<118])))
    #expect(try reflected(key.seal(packet, paddedTo: 130))[112] == 0)
  }

  @Test func `extensions without a right seal come back untouched but for the flag`() throws {
    let measurement: [UInt8] = [0x80, 5, 0, 12] + [UInt8](repeating: 0, count: 12)
    let bare = try reflected(key.seal(packet) + measurement)
    #expect(Array(bare[112...]) == [0xA0, 5, 0, 12] + [UInt8](repeating: 0, count: 12))
    let wrong = try reflected(
      key.seal(packet) + measurement + [0x80, 8, 0, 16] + [UInt8](repeating: 1, count: 16))
    #expect(wrong[112] == 0xA0 && wrong[128] == 0xA0)
    #expect(Array(wrong[132...]) == [UInt8](repeating: 1, count: 16))
  }

  @Test func `no octets from outside can stop the reader`() {
    var random = SystemRandomNumberGenerator()
    let sealed = key.seal(packet)
    for _ in 0..<5_000 {
      var octets = sealed + (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...12) }
      let length = octets.count
      guard let request = key.open(octets) else { return #expect(Bool(false), "the base is intact") }
      let reply = STAMPReflectorPacket(
        replyingTo: request, sequence: 1, received: packet.timestamp, sent: packet.timestamp,
        errorEstimate: packet.errorEstimate)
      key.overwrite(request: &octets, with: reply)
      #expect(octets.count == length && key.openReply(octets) == reply)
    }
  }
}
