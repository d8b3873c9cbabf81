import PrecallCore
import PrecallWire
import Testing

/// Against the vectors of RFC 5769, which RFC 8489 keeps.
@Suite struct STUNTests {
  /// RFC 5769 section 2.1: a request with SOFTWARE, PRIORITY, ICE-CONTROLLED, USERNAME, and both seals.
  static let request = hex(
    """
    000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff8029000893\
    2ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf
    """)
  /// Section 2.2: the answer, 192.0.2.1 port 32853.
  static let answer = hex(
    """
    0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f5\
    99fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96
    """)
  /// Section 2.3: the same over IPv6, 2001:db8:1234:5678:11:2233:4455:6677 port 32853.
  static let answer6 = hex(
    """
    010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25\
    f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c
    """)
  /// Section 2.4: long-term credentials; the user's name is not ASCII.
  static let longTerm = hex(
    """
    000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f34393970\
    6b393534643647774f4c693359346634586d774c5e00140b6578616d706c652e6f726700000800\
    14f67024656dd64a3e02b8e0712e85c9a28ca89666
    """)

  static func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue.map { UInt8($0) } }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  @Test func `the request of RFC 5769 is read, and one changed bit of it is not`() throws {
    let message = try #require(STUNMessage(Self.request))
    #expect(message.kind == .request && message.method == .binding)
    #expect(message[STUN.username] == Array("evtj:h6vY".utf8))
    #expect(message.attributes.count == 4)
    // All but the fingerprint's own type and the lengths that can swallow it: without one, none is wrong.
    let exempt = [63, 79, 100, 101]
    for bit in 0..<(8 * Self.request.count) where !exempt.contains(bit / 8) {
      var octets = Self.request
      octets[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(STUNMessage(octets) == nil, "bit \(bit)")
    }
  }

  @Test func `the mapped address of RFC 5769 comes out, of both families`() throws {
    let four = try #require(STUNMessage(Self.answer))
    let mapped = try #require(four[STUN.xorMappedAddress])
    #expect(STUNAddress(xor: mapped, four.transaction) == STUNAddress(address: [192, 0, 2, 1], port: 32_853))
    let six = try #require(STUNMessage(Self.answer6))
    let address = STUNAddress(
      address: [0x20, 1, 0xD, 0xB8, 0x12, 0x34, 0x56, 0x78, 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77],
      port: 32_853)
    #expect(try STUNAddress(xor: #require(six[STUN.xorMappedAddress]), six.transaction) == address)
    #expect(address.xor(six.transaction) == six[STUN.xorMappedAddress])
  }

  @Test func `what we write is what we read, with each seal`() throws {
    let message = STUNMessage(
      .request, .allocate, STUNTransaction(), [.init(STUN.username, [1, 2, 3]), .init(STUN.realm, [])])
    for algorithm in [STUNSeal.Algorithm.md5, .sha256] {
      let seal = STUNSeal(algorithm, user: [1], realm: [2], password: [3])
      let octets = message.encode(sealedWith: seal, fingerprint: true)
      #expect(STUNMessage(octets) == message)
      #expect(seal.seals(octets))
      #expect(!STUNSeal(algorithm, user: [1], realm: [2], password: [4]).seals(octets))
      #expect(!seal.seals(message.encode()))
    }
  }

  @Test(arguments: [
    STUNMessage.Method.binding, .allocate, .refresh, .send, .data, .createPermission, .channelBind,
  ]) func `every kind of every method has its own type`(method: STUNMessage.Method) {
    for kind in [STUNMessage.Class.request, .indication, .success, .error] {
      let message = STUNMessage(kind, method)
      #expect(STUNMessage(message.encode(fingerprint: true)) == message)
    }
  }

  @Test func `an error's number is read, and nonsense is not`() {
    #expect(STUNError([0, 0, 4, 38, 65])?.code == 438)
    #expect(STUNError(STUNError(code: 401).value)?.code == 401)
    #expect(STUNError([0, 0, 7, 1]) == nil)
    #expect(STUNError([0, 0, 4, 100]) == nil)
    #expect(STUNError([0, 0, 4]) == nil)
  }
}
