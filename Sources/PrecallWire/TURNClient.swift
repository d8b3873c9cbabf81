import PrecallCore

/// One allocation at a TURN server (RFC 8656) whose only peer is itself: what is sent on its channel goes to
/// the relay's own address and comes back on the same channel, so that one allocation measures the way.
///
/// It takes frames that came and gives frames to send; sockets and clocks are the caller's.
package struct TURNClient: Sendable {
  package enum State: Sendable, Equatable {
    case allocating, permitting, binding, ready, releasing, released
    /// The server does not accept the credentials.
    case refused
    /// The server answered with another error, or with what can't be understood.
    case failed(Int?)
  }

  package enum Arrival: Sendable, Equatable {
    /// Nothing of ours.
    case nothing
    /// The next request.
    case send([UInt8])
    /// What came back on the channel.
    case data([UInt8])
    /// The state has changed, and there is nothing to send.
    case changed
  }

  /// The first of the numbers for channels (RFC 8656 section 12).
  package static let channel: UInt16 = 0x4000
  /// Protocol 17, UDP, and three reserved octets (RFC 8656 section 18.7).
  private static let overUDP: [UInt8] = [17, 0, 0, 0]
  /// Family 2, IPv6, and three reserved octets (RFC 8656 section 18.8); without the attribute it is IPv4.
  private static let ofIPv6: [UInt8] = [2, 0, 0, 0]

  package private(set) var state = State.allocating
  /// The address that others would send to.
  package private(set) var relayed: STUNAddress?
  /// Ours, as the server sees it.
  package private(set) var mapped: STUNAddress?
  private let credentials: TURNCredentials
  private var challenge: TURNChallenge?
  private var transaction = STUNTransaction()
  /// The request that waits for its answer, for sending again.
  package private(set) var pending: [UInt8] = []
  private var isRenewed = false
  private var relaysIPv6: Bool
  private var hasOtherFamily = false

  /// - Parameter relaysIPv6: of which family the relay's address, and so its peer's, is to be; where the server
  ///   has none of that, it is of the other one.
  package init(_ credentials: TURNCredentials, relaysIPv6: Bool = false) {
    self.credentials = credentials
    self.relaysIPv6 = relaysIPv6
    _ = request()
  }

  /// Gives back the allocation, so that the server need not keep it for its whole lifetime (RFC 8656 section 7).
  package mutating func release() -> [UInt8] {
    state = .releasing
    return request()
  }

  package mutating func receive(_ frame: [UInt8]) -> Arrival {
    if let data = ChannelData.decode(frame, on: Self.channel) { return .data(data) }
    guard let message = STUNMessage(frame), message.transaction == transaction, !pending.isEmpty else {
      return .nothing
    }
    switch message.kind {
    case .success:
      // Whoever can't prove the password is not the server (RFC 8489 section 9.2.5).
      guard challenge?.seal(credentials).seals(frame) == true else { return .nothing }
      return succeed(message)
    case .error: return refuse(message)
    case .request, .indication: return .nothing
    }
  }
}

// MARK: Answers

extension TURNClient {
  private mutating func succeed(_ message: STUNMessage) -> Arrival {
    isRenewed = false
    switch state {
    case .allocating:
      guard let relayed = relayedAddress(in: message) else { return end(.failed(nil)) }
      mapped = message[STUN.xorMappedAddress].flatMap { STUNAddress(xor: $0, transaction) }
      self.relayed = relayed
      state = .permitting
      return .send(request())
    case .permitting:
      state = .binding
      return .send(request())
    case .binding: return end(.ready)
    case .releasing: return end(.released)
    case .ready, .released, .refused, .failed: return .nothing
    }
  }

  /// The address of the family that was asked for: beside it coturn tells an empty one of a family that it
  /// could not relay before.
  private func relayedAddress(in message: STUNMessage) -> STUNAddress? {
    message.attributes.filter { $0.type == STUN.xorRelayedAddress }
      .compactMap { STUNAddress(xor: $0.value, transaction) }
      .first { ($0.address.count == 16) == relaysIPv6 }
  }

  private mutating func refuse(_ message: STUNMessage) -> Arrival {
    let code = message[STUN.errorCode].flatMap(STUNError.init)?.code
    // Servers from before RFC 6156 know only IPv4, and not the attribute.
    let isFamily = code == STUNError.familyNotSupported || code == STUNError.unknownAttribute && relaysIPv6
    if isFamily, state == .allocating, !hasOtherFamily {
      hasOtherFamily = true
      relaysIPv6.toggle()
      return .send(request())
    }
    // It is gone already: the answer to an earlier request was lost (RFC 8656 section 7.3).
    if code == STUNError.allocationMismatch, state == .releasing { return end(.released) }
    let isChallenge = code == STUNError.unauthenticated && challenge == nil
    guard isChallenge || code == STUNError.staleNonce && !isRenewed else {
      return end(code == STUNError.unauthenticated ? .refused : .failed(code))
    }
    guard let next = TURNChallenge(message, after: challenge) else { return end(.failed(code)) }
    isRenewed = challenge != nil
    challenge = next
    return .send(request())
  }

  private mutating func end(_ state: State) -> Arrival {
    self.state = state
    pending = []
    return .changed
  }
}

// MARK: Requests

extension TURNClient {
  /// The request of the state, with a transaction of its own.
  private mutating func request() -> [UInt8] {
    transaction = STUNTransaction()
    let peer = relayed.map { STUNMessage.Attribute(STUN.xorPeerAddress, $0.xor(transaction)) }
    let message: STUNMessage
    switch state {
    case .permitting:
      message = STUNMessage(.request, .createPermission, transaction, [peer].compactMap { $0 })
    case .binding:
      let number = STUNMessage.Attribute(
        STUN.channelNumber, [UInt8(Self.channel >> 8), UInt8(Self.channel & 0xFF), 0, 0])
      message = STUNMessage(.request, .channelBind, transaction, [number] + [peer].compactMap { $0 })
    case .releasing:
      message = STUNMessage(.request, .refresh, transaction, [.init(STUN.lifetime, [0, 0, 0, 0])])
    default:
      let family = relaysIPv6 ? [STUNMessage.Attribute(STUN.requestedAddressFamily, Self.ofIPv6)] : []
      message = STUNMessage(
        .request, .allocate, transaction, [.init(STUN.requestedTransport, Self.overUDP)] + family)
    }
    pending = sealed(message)
    return pending
  }

  private func sealed(_ message: STUNMessage) -> [UInt8] {
    guard let challenge else { return message.encode(fingerprint: true) }
    var message = message
    message.attributes += challenge.attributes(for: credentials)
    return message.encode(sealedWith: challenge.seal(credentials), fingerprint: true)
  }
}

/// A user's name and password at a TURN server.
package struct TURNCredentials: Sendable, Equatable {
  package var username: [UInt8]
  package var password: [UInt8]

  package init(username: [UInt8], password: [UInt8]) {
    self.username = username
    self.password = password
  }
}

/// What a server wants to be answered with: its realm, a nonce, and the algorithms it takes (RFC 8489
/// section 9.2.4).
private struct TURNChallenge: Sendable {
  private var realm: [UInt8]
  private var nonce: [UInt8]
  /// As the server wrote them, since they go back unchanged; nothing where it takes only the older one.
  private var algorithms: [UInt8]?

  /// - Parameter last: where a stale nonce is replaced, the realm may be left out.
  init?(_ message: STUNMessage, after last: TURNChallenge?) {
    guard let realm = message[STUN.realm] ?? last?.realm, let nonce = message[STUN.nonce], nonce.count < 764,
      realm.count < 764
    else { return nil }
    self.realm = realm
    self.nonce = nonce
    let offered = message[STUN.passwordAlgorithms] ?? last?.algorithms
    algorithms = offered.flatMap { Self.offersSHA256($0) ? $0 : nil }
  }

  /// Pairs of a number and the length of its parameters (RFC 8489 section 14.11).
  private static func offersSHA256(_ list: [UInt8]) -> Bool {
    var start = 0
    while start + 4 <= list.count {
      if list[start] == 0, list[start + 1] == UInt8(STUNSeal.Algorithm.sha256.rawValue) { return true }
      start += 4 + ((Int(list[start + 2]) << 8 | Int(list[start + 3])) + 3) / 4 * 4
    }
    return false
  }

  func seal(_ credentials: TURNCredentials) -> STUNSeal {
    STUNSeal(
      algorithms == nil ? .md5 : .sha256, user: credentials.username, realm: realm,
      password: credentials.password)
  }

  func attributes(for credentials: TURNCredentials) -> [STUNMessage.Attribute] {
    var list: [STUNMessage.Attribute] = [
      .init(STUN.username, credentials.username), .init(STUN.realm, realm), .init(STUN.nonce, nonce),
    ]
    if let algorithms {
      list.append(.init(STUN.passwordAlgorithms, algorithms))
      list.append(.init(STUN.passwordAlgorithm, [0, UInt8(STUNSeal.Algorithm.sha256.rawValue), 0, 0]))
    }
    return list
  }
}
