import PrecallCore

/// Keeps packets going for as long as a line is watched, on one thread; asks for a new session before the old
/// one ends, and again and again while nothing comes back: the server may have been started anew.
final class WatchSession {
  private let target: WatchTarget
  private let policy: Policy
  private let longestSession: Moment.Span
  private let callSpacing: Moment.Span
  private let stop: StopSignal
  private let end: Moment
  private let started = Moment.now
  private let multi = CurlMulti()
  private let tell: @Sendable (WatchEvent) -> Void
  private var record = WatchRecord()
  private var streams: [Stream] = []
  private var asking: HTTPExchange?
  private var askedAt = Moment(nanoseconds: 0)
  private var grantedAt = Moment(nanoseconds: 0)
  private var lifetime: Moment.Span
  private var heardAt = Moment.now
  /// Tickets that the server has handed out while no packet came back, the very first one among them.
  private var ticketsUnheard = 0
  private var rehearsal: WatchRehearsal?
  private var nextCall: Moment

  /// Packets of one session, and the record's numbers of them.
  private struct Stream {
    let sender: PacketSender
    /// Its place among all streams: each counts the reflector's time from its own start.
    let number: Int
    /// Nothing for the packets of a call.
    var numbers: [Int?] = []
    var taken = 0
    var hasCalled = false
  }

  /// Twenty a second: 16 kbit/s each way, which no line feels, and an outage is seen to 50 ms.
  private static let spacing = Moment.Span.milliseconds(50)
  private static let retry = Moment.Span.milliseconds(2_000)
  private static let silence = Moment.Span.milliseconds(1_500)
  private static let longestAsking = Moment.Span.milliseconds(4_000)
  /// So many packets of the idle line are what a call is held against.
  private static let fewestIdle = 20

  init(
    _ target: WatchTarget, _ policy: Policy, _ plan: WatchPlan, for span: Moment.Span, stop: StopSignal,
    _ tell: @escaping @Sendable (WatchEvent) -> Void
  ) {
    self.target = target
    self.policy = policy
    longestSession = Moment.Span(plan.longestSession)
    callSpacing = Moment.Span(plan.callSpacing)
    lifetime = longestSession
    self.stop = stop
    self.tell = tell
    end = started + span
    nextCall = started + Moment.Span(plan.firstCall)
  }

  /// Watches to the end; gives why there was nothing to watch.
  func run() -> NetworkFailure? {
    if let failure = begin() { return failure }
    var due = Moment.now
    while Moment.now < end, !stop.isSet {
      let now = Moment.now
      if now >= due {
        send(at: now)
        due = max(due + Self.spacing, now)
      }
      let next = min(due, now + .milliseconds(20), play(at: now) ?? due)
      receive()
      renew(at: now)
      for event in record.advance(to: time(Moment.now)) { tell(event) }
      let left = (next - Moment.now).nanoseconds
      multi.wait(alsoFor: streams.last?.sender.descriptor, milliseconds: max(0, left + 999_999) / 1_000_000)
    }
    awaitLastReplies()
    for event in record.advance(to: time(Moment.now), isEnd: true) { tell(event) }
    multi.removeAll()
    return nil
  }

  /// What is under way when the time is over is not lost: it has as long as any packet.
  private func awaitLastReplies() {
    let end = Moment.now + Moment.Span(WatchRecord.patience)
    receive()
    while record.isWaiting, Moment.now < end {
      multi.wait(alsoFor: streams.last?.sender.descriptor, milliseconds: 20)
      receive()
    }
  }

  private func time(_ moment: Moment) -> Microseconds {
    Microseconds(base: (moment - started).nanoseconds / 1_000)
  }
}

// MARK: Packets

extension WatchSession {
  private func send(at now: Moment) {
    let number = record.send(at: time(now))
    guard let last = streams.indices.last else { return }
    let sender = streams[last].sender
    let before = sender.sent
    sender.sendNow()
    guard sender.sent > before else { return }
    // Those in between are the packets of a call.
    streams[last].numbers += Array(repeating: nil, count: before - streams[last].numbers.count) + [number]
  }

  private func receive() {
    for index in streams.indices {
      streams[index].sender.receive()
      let replies = streams[index].sender.run.replies[streams[index].taken...]
      for reply in replies { take(reply, of: streams[index]) }
      streams[index].taken += replies.count
      if !replies.isEmpty { (heardAt, ticketsUnheard) = (Moment.now, 0) }
    }
  }

  private func take(_ reply: PacketReply, of stream: Stream) {
    guard stream.numbers.indices.contains(reply.sequence), let number = stream.numbers[reply.sequence] else {
      return
    }
    let sentAt = stream.sender.run.sentAt[reply.sequence]
    let away = reply.receivedAt - sentAt
    let held = reply.reflectorSentAt - reply.reflectorReceivedAt
    let isBelieved = held > .zero && held < away
    let transit = WatchTransit(
      up: reply.reflectorReceivedAt - sentAt, down: reply.receivedAt - reply.reflectorSentAt,
      clock: stream.number)
    record.answer(number, after: isBelieved ? away - held : away, isBelieved ? transit : nil)
  }

  /// Begins a call when it is time, goes on with the one that is played, and tells what became of it; gives
  /// when its next packet is due.
  private func play(at now: Moment) -> Moment? {
    if rehearsal == nil, now >= nextCall { beginCall(at: now) }
    guard let rehearsal else { return nil }
    let due = rehearsal.goOn(at: now)
    if rehearsal.isOver(at: now) {
      if let call = rehearsal.played(by: policy) {
        tell(.call(WatchCall(at: time(rehearsal.begunAt), call)))
      }
      self.rehearsal = nil
    }
    return due
  }

  /// One in each session at most, while the line answers; what others' reflectors carry was not asked of them.
  private func beginCall(at now: Moment) {
    guard case .server = target, let last = streams.indices.last, !streams[last].hasCalled,
      streams[last].sender.answered >= Self.fewestIdle, now - heardAt < Self.spacing + Self.spacing,
      let load = Load.calls.first(where: { policy.rate(of: $0) == policy.need(of: policy.ready) }),
      let rate = policy.rate(of: load)
    else { return }
    rehearsal = WatchRehearsal(load, rate, over: streams[last].sender)
    streams[last].hasCalled = true
    nextCall = now + callSpacing
  }
}

// MARK: Sessions

extension WatchSession {
  /// The first session decides whether there is anything to watch at all.
  private func begin() -> NetworkFailure? {
    switch target {
    case .server(let server, _):
      ask(at: Moment.now)
      if let asking { finish(asking) }
      guard !stop.isSet, let exchange = asking else { return nil }
      if let reason = exchange.failure(to: server) {
        if let page = signInPage(before: server, after: exchange) { return page }
        return NetworkFailure(.reach, reason, status: exchange.status > 0 ? exchange.status : nil)
      }
      return take(exchange) ? nil : NetworkFailure(.reach, .notPrecall, status: exchange.status)
    case .reflector(let reflector, _):
      if let reason = HostLookup(reflector.host, within: Self.longestAsking).failure {
        return NetworkFailure(.reach, reason)
      }
      ask(at: Moment.now)
      return streams.isEmpty ? NetworkFailure(.reach, .unreachable) : nil
    }
  }

  /// Waits for its end, which its own limit brings.
  private func finish(_ exchange: HTTPExchange) {
    while exchange.ended == nil, !stop.isSet {
      multi.perform()
      multi.wait(alsoFor: nil, milliseconds: 20)
    }
  }

  private func signInPage(before server: ServerAddress, after exchange: HTTPExchange) -> NetworkFailure? {
    guard !ProxyEnvironment.isSet, let question = SignInQuestion(about: server, after: exchange) else {
      return nil
    }
    multi.add(question.exchange)
    finish(question.exchange)
    multi.remove(question.exchange)
    return question.answer
  }

  private func renew(at now: Moment) {
    if let exchange = asking {
      multi.perform()
      if exchange.ended != nil, take(exchange) { noteBlock(at: now) }
      return
    }
    let isOld = now - grantedAt > lifetime && rehearsal == nil
    let isSilent = now - heardAt > Self.silence
    if isOld || isSilent, now - askedAt > Self.retry { ask(at: now) }
  }

  /// A server that hands out a second ticket is reached, and the packets of the first were not answered. One alone may
  /// be the end of an outage.
  private func noteBlock(at now: Moment) {
    guard ticketsUnheard == 2, now - heardAt > Self.silence else { return }
    tell(.blocked(at: time(now)))
  }

  private func ask(at now: Moment) {
    askedAt = now
    switch target {
    case .server(let server, let caFile):
      let exchange = HTTPExchange(
        server.origin + "/v1/tickets", post: HTTPExchange.Body.none, caFile: caFile)
      exchange.limit(to: Self.longestAsking)
      multi.add(exchange)
      asking = exchange
    case .reflector(let reflector, let key):
      guard case .found(let address) = HostLookup(reflector.host, within: .milliseconds(500)) else { return }
      open(SenderSession(key: key), address, reflector.port)
    }
  }

  /// Goes on with the ticket of an answer; false where it holds none.
  private func take(_ exchange: HTTPExchange) -> Bool {
    defer {
      multi.remove(exchange)
      asking = nil
    }
    let isUnheard = streams.isEmpty || Moment.now - heardAt > Self.silence
    guard case .server(let server, _) = target, exchange.failure(to: server) == nil,
      let json = try? JSONReader.read(exchange.body), let grant = try? TicketGrant(json: json),
      open(
        SenderSession(grant), ProxyEnvironment.isSet ? server.directAddress : exchange.peerAddress,
        grant.udpPort)
    else { return false }
    if isUnheard { ticketsUnheard += 1 }
    let half = Moment.Span(nanoseconds: max(1_000_000, grant.expiresIn.base) * 500)
    lifetime = min(half, longestSession)
    return true
  }

  /// Goes on with a new session; false where there is no way to the address.
  @discardableResult
  private func open(_ session: SenderSession, _ address: String, _ port: UInt16) -> Bool {
    guard let socket = UDPSocket(address: address, port: port) else { return false }
    grantedAt = Moment.now
    let sender = PacketSender(over: socket, as: session, from: started)
    sender.begin(.idle)
    // The one before still gets its last replies.
    streams = streams.suffix(1) + [Stream(sender: sender, number: (streams.last?.number ?? 0) + 1)]
    return true
  }
}
