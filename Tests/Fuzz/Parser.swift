import PrecallCore
import PrecallNetwork
import PrecallWire

/// A reader of bytes that others send, and what must hold of it whatever they are. Bytes that made one fail
/// once are kept in the folder of its name in `Fixtures/fuzz`, beside those that any run begins with.
package struct Parser: Sendable {
  package let name: String
  /// Reads, and says what is wrong with what came of it; nothing where all is well.
  package let complaint: @Sendable ([UInt8]) -> String?

  init(_ name: String, _ complaint: @escaping @Sendable ([UInt8]) -> String?) {
    self.name = name
    self.complaint = complaint
  }

  package static let all = packets + reflectors + routers + texts + documents
}

// MARK: Packets

extension Parser {
  private static let packets = [
    Parser("stamp-sender", reflected), Parser("stamp-reply", reply), Parser("stamp-sealed", sealed),
    Parser("stun", stun), Parser("turn-frames", frames), Parser("turn-client", turnClient),
    Parser("ticket") { octets in
      guard let ticket = Ticket(octets), ticket.encode() != octets else { return nil }
      return "a ticket is written otherwise"
    },
  ]

  private static let stamp = NTPTimestamp(bits: 0xEB00_0000_8000_0000)

  private static func answer(to request: STAMPSenderPacket) -> STAMPReflectorPacket {
    STAMPReflectorPacket(
      replyingTo: request, sequence: 3, received: stamp, sent: stamp, errorEstimate: ErrorEstimate(bits: 1))
  }

  @Sendable private static func reflected(_ octets: [UInt8]) -> String? {
    guard let request = STAMPSenderPacket(octets) else {
      return octets.count >= STAMPSenderPacket.baseLength ? "a long packet is refused" : nil
    }
    _ = request.ticket.map { Ticket($0) }
    let reply = answer(to: request)
    var answered = octets
    var span = answered.mutableSpan
    reply.overwrite(request: &span)
    return STAMPReflectorPacket(answered) == reply ? nil : "the answer is read otherwise"
  }

  @Sendable private static func reply(_ octets: [UInt8]) -> String? {
    guard let reply = STAMPReflectorPacket(octets) else { return nil }
    _ = reply.receiveTimestamp.nanosecondsSince1970 - reply.transmitTimestamp.nanosecondsSince1970
    return STAMPReflectorPacket(reply.encode()) == reply ? nil : "a reply is read otherwise"
  }

  /// The extensions behind a packet that is sealed: others can change no more of it.
  @Sendable private static func sealed(_ octets: [UInt8]) -> String? {
    let key = STAMPKey([UInt8](repeating: 9, count: 32))
    if key.open(octets) != nil { return "chance has the key" }
    let request = STAMPSenderPacket(
      sequence: 1, timestamp: stamp, errorEstimate: ErrorEstimate(bits: 1), sessionID: 7)
    var packet = key.seal(request) + octets
    let length = packet.count
    guard let opened = key.open(packet) else { return "a sealed packet is refused" }
    key.overwrite(request: &packet, with: answer(to: opened))
    return key.openReply(packet) != nil && packet.count == length ? nil : "a sealed answer is spoilt"
  }

  @Sendable private static func stun(_ octets: [UInt8]) -> String? {
    guard let message = STUNMessage(octets) else { return nil }
    for attribute in message.attributes {
      _ = STUNAddress(xor: attribute.value, message.transaction)
      _ = STUNError(attribute.value)
    }
    for algorithm in [STUNSeal.Algorithm.md5, .sha256] {
      let seal = STUNSeal(algorithm, user: [1], realm: [2], password: [3])
      if !octets.isEmpty, seal.seals(octets) { return "chance has the password" }
      if !seal.seals(message.encode(sealedWith: seal)) { return "a seal is not known again" }
    }
    return STUNMessage(message.encode(fingerprint: true)) == message ? nil : "a message is read otherwise"
  }

  /// The first octet says how the stream comes in pieces.
  @Sendable private static func frames(_ octets: [UInt8]) -> String? {
    guard let piece = octets.first.map({ Int($0) + 1 }) else { return nil }
    var frames = TURNFrames()
    var taken = 0
    for start in stride(from: 1, to: octets.count, by: piece) {
      frames.append(Array(octets[start..<min(start + piece, octets.count)]))
      while let frame = frames.next() {
        taken += frame.count
        _ = ChannelData.decode(frame, on: TURNClient.channel)
        if frame.count < 4 { return "a frame without its header" }
      }
    }
    return taken < octets.count || taken == 0 ? nil : "more frames than came"
  }

  /// An answer with the transaction that the client asked by, since nothing else is looked at.
  @Sendable private static func turnClient(_ octets: [UInt8]) -> String? {
    var client = TURNClient(TURNCredentials(username: [1], password: [2]))
    for start in stride(from: 0, to: octets.count, by: 128) {
      var frame = Array(octets[start..<min(start + 128, octets.count)])
      if frame.count >= 20, client.pending.count >= 20 {
        frame.replaceSubrange(4..<20, with: client.pending[4..<20])
        let length = frame.count - 20
        frame.replaceSubrange(2..<4, with: [UInt8(length >> 8), UInt8(length & 0xFF)])
      }
      _ = client.receive(frame)
    }
    return client.state == .ready ? "a relay without the password" : nil
  }
}

// MARK: What routers and others on the way say

extension Parser {
  private static let routers = [Parser("icmp-echo", echo), Parser("icmp-quote", quote)]

  /// The first octet says of which kind the socket is; its own request behind it must be known again.
  @Sendable private static func echo(_ octets: [UInt8]) -> String? {
    guard let kind = octets.first, octets.count > 2 else { return nil }
    let isVersion6 = kind & 1 != 0
    let echo = ICMPEcho(isVersion6: isVersion6, isRaw: kind & 2 != 0, 0x1234)
    if let number = echo.number(ofReply: octets.dropFirst()), number > 65_535 { return "no such number" }
    let number = UInt16(octets[1]) << 8 | UInt16(octets[2])
    var reply = echo.request(number)
    reply[0] = isVersion6 ? 129 : 0
    let header: [UInt8] = kind & 2 != 0 && !isVersion6 ? [0x45] + [UInt8](repeating: 0, count: 19) : []
    let taken = echo.number(ofReply: ArraySlice(header + reply + octets))
    return taken == Int(number) ? nil : "a reply is not known again"
  }

  @Sendable private static func quote(_ octets: [UInt8]) -> String? {
    let number = HopQuote.number(in: ArraySlice(octets), newest: 7)
    guard (0...Int(UInt32.max)).contains(number) else { return "no such number" }
    let own = HopQuote.packet(number) + octets
    return HopQuote.number(in: ArraySlice(own), newest: 7) == number ? nil : "a quote is read otherwise"
  }
}

// MARK: Texts and documents

extension Parser {
  private static let texts = [
    Parser("base64url") { text in
      guard let octets = Base64URL.decode(text), Base64URL.encode(octets) != text else { return nil }
      return "a text is written otherwise"
    },
    Parser("json") { text in
      _ = try? JSONReader.read(text)
      return nil
    },
    Parser("http-header") { text in
      guard let date = HTTPHeader.value("date", in: text) else { return nil }
      if date.contains(where: \.isNewline) { return "a value of more than a line" }
      return (HTTPDate.seconds(of: date) ?? 0) < 0 ? "a date before 1970" : nil
    },
  ]

  private static let documents = [
    Parser("grant", grant), Parser("receipt", receipt), Parser("measurement", measurement),
    Parser("policy", policy), Parser("report", report), Parser("relay-grant", relayGrant),
    Parser("watch-lines", watchLines),
  ]

  @Sendable private static func watchLines(_ text: Text) -> String? {
    guard let events = try? WatchLines.read(text).events else { return nil }
    let written = events.flatMap { WatchLines.line($0) }
    return (try? WatchLines.read(written))?.events == events ? nil : "an event is read otherwise"
  }

  @Sendable private static func relayGrant(_ text: Text) -> String? {
    guard let json = try? JSONReader.read(text), let grant = RelayGrant(json: json) else { return nil }
    if grant.addresses.isEmpty || grant.addresses.count > 16 { return "no count of relays" }
    let isHost = { (host: String) in !host.isEmpty && !host.contains { "[]/?#@ ".contains($0) } }
    return grant.addresses.allSatisfy { isHost($0.host) } ? nil : "a relay that is no host"
  }

  @Sendable private static func grant(_ text: Text) -> String? {
    guard let json = try? JSONReader.read(text), let grant = try? TicketGrant(json: json) else { return nil }
    var writer = JSONWriter()
    grant.write(to: &writer)
    return (try? TicketGrant(json: JSONReader.read(writer.text))) == grant ? nil : "a grant is read otherwise"
  }

  @Sendable private static func receipt(_ text: Text) -> String? {
    guard let json = try? JSONReader.read(text), let receipt = try? UploadReceipt(json: json) else {
      return nil
    }
    var writer = JSONWriter()
    receipt.write(to: &writer)
    return (try? UploadReceipt(json: JSONReader.read(writer.text))) == receipt
      ? nil : "a receipt is read otherwise"
  }

  @Sendable private static func measurement(_ text: Text) -> String? {
    guard let measurements = try? Measurements(json: text) else { return nil }
    let judged = Report(measurements, policy: .standard).json()
    guard let report = try? Report(json: judged) else { return "a report that can't be read back" }
    return report.json() == judged ? nil : "a report is read otherwise"
  }

  @Sendable private static func policy(_ text: Text) -> String? {
    guard let policy = try? Policy(json: text) else { return nil }
    _ = Report(Measurements(), policy: policy).json()
    return nil
  }

  @Sendable private static func report(_ text: Text) -> String? {
    guard let report = try? Report(json: text) else { return nil }
    return (try? Report(json: report.json())) == nil ? "a report that can't be read back" : nil
  }
}
