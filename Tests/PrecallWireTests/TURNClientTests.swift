import PrecallCore
import PrecallWire
import Testing

/// The client against a server made of the same codec, which answers as RFC 8656 and RFC 8489 say or just
/// not so. The real coturn is in the tests of the network.
@Suite struct TURNClientTests {
  static let credentials = TURNCredentials(username: Array("u".utf8), password: Array("p".utf8))
  static let realm = Array("example.org".utf8)
  static let address = STUNAddress(address: [192, 0, 2, 9], port: 49_152)
  let seal = STUNSeal(.md5, user: Array("u".utf8), realm: realm, password: Array("p".utf8))

  func request(_ client: TURNClient) throws -> STUNMessage { try #require(STUNMessage(client.pending)) }

  func challenge(
    _ client: inout TURNClient, _ code: Int, nonce: String, more: [STUNMessage.Attribute] = []
  ) throws -> TURNClient.Arrival {
    let asked = try request(client)
    let answer = STUNMessage(
      .error, asked.method, asked.transaction,
      [
        .init(STUN.errorCode, STUNError(code: code).value), .init(STUN.realm, Self.realm),
        .init(STUN.nonce, Array(nonce.utf8)),
      ] + more)
    return client.receive(answer.encode())
  }

  func succeed(
    _ client: inout TURNClient, _ attributes: (STUNTransaction) -> [STUNMessage.Attribute] = { _ in [] },
    seal: STUNSeal? = nil
  ) throws -> TURNClient.Arrival {
    let asked = try request(client)
    let answer = STUNMessage(.success, asked.method, asked.transaction, attributes(asked.transaction))
    return client.receive(answer.encode(sealedWith: seal ?? self.seal))
  }

  func allocated() throws -> TURNClient {
    var client = TURNClient(Self.credentials)
    _ = try challenge(&client, 401, nonce: "n1")
    _ = try succeed(&client) { [.init(STUN.xorRelayedAddress, Self.address.xor($0))] }
    return client
  }

  @Test func `it allocates, permits, binds and gives back, each time asking as the server wants`() throws {
    var client = TURNClient(Self.credentials)
    let first = try request(client)
    #expect(first.method == .allocate && first[STUN.requestedTransport] == [17, 0, 0, 0])
    #expect(first[STUN.username] == nil)
    _ = try challenge(&client, 401, nonce: "n1")
    let second = try request(client)
    #expect(second.transaction != first.transaction && seal.seals(client.pending))
    #expect(second[STUN.nonce] == Array("n1".utf8) && second[STUN.realm] == Self.realm)
    _ = try succeed(&client) { [.init(STUN.xorRelayedAddress, Self.address.xor($0))] }
    #expect(client.relayed == Self.address && client.state == .permitting)
    let permission = try request(client)
    #expect(permission.method == .createPermission)
    #expect(permission[STUN.xorPeerAddress] == Self.address.xor(permission.transaction))
    _ = try succeed(&client)
    #expect(try request(client)[STUN.channelNumber] == [0x40, 0, 0, 0])
    #expect(try succeed(&client) == .changed && client.state == .ready)
    #expect(client.receive([0x40, 0, 0, 2, 7, 8]) == .data([7, 8]))
    #expect(client.receive([0x40, 1, 0, 2, 7, 8]) == .nothing)
    _ = client.release()
    #expect(try request(client).method == .refresh && request(client)[STUN.lifetime] == [0, 0, 0, 0])
    #expect(try succeed(&client) == .changed && client.state == .released)
  }

  @Test func `a stale nonce is renewed once in a row, at any step`() throws {
    var client = try allocated()
    _ = try challenge(&client, 438, nonce: "n2")
    #expect(
      try request(client)[STUN.nonce] == Array("n2".utf8) && request(client).method == .createPermission)
    #expect(try challenge(&client, 438, nonce: "n3") == .changed && client.state == .failed(438))
  }

  @Test
  func `giving back renews its nonce once, takes an allocation that is gone for given back, or is refused`()
    throws
  {
    let answers: [(codes: [Int], state: TURNClient.State)] = [
      ([438, 438], .failed(438)), ([437], .released), ([438, 437], .released), ([441], .failed(441)),
      ([401], .refused),
    ]
    for (codes, state) in answers {
      var client = try allocated()
      _ = client.release()
      for code in codes.dropLast() {
        #expect(try challenge(&client, code, nonce: "n2") == .send(client.pending))
        #expect(try request(client).method == .refresh && request(client)[STUN.lifetime] == [0, 0, 0, 0])
        #expect(try request(client)[STUN.nonce] == Array("n2".utf8) && seal.seals(client.pending))
      }
      #expect(try challenge(&client, codes[codes.count - 1], nonce: "n3") == .changed)
      #expect(client.state == state && client.pending.isEmpty)
    }
  }

  @Test(arguments: [false, true]) func `a family that the server does not relay gives way to the other, once`(
    isIPv6: Bool
  ) throws {
    var client = TURNClient(Self.credentials, relaysIPv6: isIPv6)
    let asked = { (client: TURNClient) in try request(client)[STUN.requestedAddressFamily] == [2, 0, 0, 0] }
    #expect(try asked(client) == isIPv6)
    _ = try challenge(&client, 401, nonce: "n1")
    #expect(try asked(client) == isIPv6)
    _ = try challenge(&client, 440, nonce: "n1")
    #expect(try asked(client) != isIPv6 && request(client).method == .allocate)
    #expect(try challenge(&client, 440, nonce: "n1") == .changed && client.state == .failed(440))
  }

  @Test func `a second 401 means that the credentials are wrong`() throws {
    var client = TURNClient(Self.credentials)
    _ = try challenge(&client, 401, nonce: "n1")
    #expect(try challenge(&client, 401, nonce: "n2") == .changed && client.state == .refused)
  }

  @Test func `another error ends it`() throws {
    var client = try allocated()
    #expect(try challenge(&client, 403, nonce: "n1") == .changed && client.state == .failed(403))
  }

  @Test func `SHA-256 is used where it is offered, and the offer goes back as it came`() throws {
    var client = TURNClient(Self.credentials)
    let offer: [UInt8] = [0, 2, 0, 0, 0, 1, 0, 0]
    _ = try challenge(&client, 401, nonce: "n", more: [.init(STUN.passwordAlgorithms, offer)])
    let stronger = STUNSeal(.sha256, user: Array("u".utf8), realm: Self.realm, password: Array("p".utf8))
    #expect(stronger.seals(client.pending) && !seal.seals(client.pending))
    #expect(try request(client)[STUN.passwordAlgorithms] == offer)
    #expect(try request(client)[STUN.passwordAlgorithm] == [0, 2, 0, 0])
    _ = try succeed(
      &client, { [.init(STUN.xorRelayedAddress, Self.address.xor($0))] }, seal: stronger)
    #expect(client.state == .permitting)
  }

  @Test func `who can't prove the password, or answers what was not asked, is not the server`() throws {
    var client = TURNClient(Self.credentials)
    _ = try challenge(&client, 401, nonce: "n1")
    let stranger = STUNSeal(.md5, user: Array("u".utf8), realm: Self.realm, password: Array("q".utf8))
    #expect(
      try succeed(
        &client, { [.init(STUN.xorRelayedAddress, Self.address.xor($0))] }, seal: stranger) == .nothing)
    let other = STUNMessage(
      .success, .allocate, STUNTransaction(),
      [.init(STUN.xorRelayedAddress, Self.address.xor(STUNTransaction()))])
    #expect(client.receive(other.encode(sealedWith: seal)) == .nothing)
    #expect(client.state == .allocating)
  }

  // MARK: Frames of a stream

  @Test func `a stream is cut into its frames however it comes`() {
    let message = STUNMessage(.request, .refresh, STUNTransaction(), [.init(STUN.realm, [1, 2, 3])]).encode()
    let frames = [message, ChannelData.encode(0x4000, [1, 2, 3], padded: true), message]
    let octets = frames.flatMap { $0 }
    for size in 1...octets.count {
      var reader = TURNFrames()
      var found: [[UInt8]] = []
      for start in stride(from: 0, to: octets.count, by: size) {
        reader.append(Array(octets[start..<min(start + size, octets.count)]))
        while let frame = reader.next() { found.append(frame) }
      }
      #expect(found.count == 3 && found[0] == message && found[2] == message)
      #expect(ChannelData.decode(found[1], on: 0x4000) == [1, 2, 3])
    }
  }

  @Test(
    arguments: [[0x80, 0, 0, 0], [0xFF, 1, 2, 3], [0x40, 0, 0xFF, 0xFF], [0, 1, 0xFF, 0xFC]] as [[UInt8]])
  func `a stream that is no TURN is given up`(octets: [UInt8]) {
    var reader = TURNFrames()
    reader.append(octets)
    #expect(reader.next() == nil && reader.isBroken)
  }
}
