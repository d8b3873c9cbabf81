import PrecallCore

/// Keeps packets going for as long as a line is watched, on one thread; asks for a new ticket before the old
/// one ends, and again and again while nothing comes back: the server may have been started anew.
final class WatchSession {
  private let server: ServerAddress
  private let caFile: String?
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
  private var lifetime = Moment.Span.milliseconds(0)
  private var heardAt = Moment.now

  /// Packets of one ticket, and the record's numbers of them.
  private struct Stream {
    let sender: PacketSender
    /// Its place among all streams: each counts the reflector's time from its own start.
    let number: Int
    var numbers: [Int] = []
    var taken = 0
  }

  /// Twenty a second: 16 kbit/s each way, which no line feels, and an outage is seen to 50 ms.
  private static let spacing = Moment.Span.milliseconds(50)
  private static let retry = Moment.Span.milliseconds(2_000)
  /// A ticket is renewed so often at least: what is kept of its packets stays small.
  private static let longestTicket = Moment.Span.milliseconds(60_000)
  private static let silence = Moment.Span.milliseconds(1_500)
  private static let longestAsking = Moment.Span.milliseconds(4_000)

  init(
    _ server: ServerAddress, caFile: String?, for span: Moment.Span, stop: StopSignal,
    _ tell: @escaping @Sendable (WatchEvent) -> Void
  ) {
    self.server = server
    self.caFile = caFile
    self.stop = stop
    self.tell = tell
    end = started + span
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
      receive()
      renew(at: now)
      for event in record.advance(to: time(Moment.now)) { tell(event) }
      let left = (min(due, now + .milliseconds(20)) - Moment.now).nanoseconds
      multi.wait(alsoFor: streams.last?.sender.descriptor, milliseconds: max(0, left + 999_999) / 1_000_000)
    }
    receive()
    for event in record.advance(to: time(Moment.now), isEnd: true) { tell(event) }
    multi.removeAll()
    return nil
  }

  private func time(_ moment: Moment) -> Microseconds {
    Microseconds(base: (moment - started).nanoseconds / 1_000)
  }

  /// The first ticket decides whether there is a server at all.
  private func begin() -> NetworkFailure? {
    ask(at: Moment.now)
    while let exchange = asking, exchange.ended == nil, !stop.isSet {
      multi.perform()
      multi.wait(alsoFor: nil, milliseconds: 20)
    }
    guard !stop.isSet, let exchange = asking else { return nil }
    if let reason = exchange.failure(to: server) {
      return NetworkFailure(.reach, reason, status: exchange.status > 0 ? exchange.status : nil)
    }
    return take(exchange) ? nil : NetworkFailure(.reach, .notPrecall, status: exchange.status)
  }
}

// MARK: Packets

extension WatchSession {
  private func send(at now: Moment) {
    let number = record.send(at: time(now))
    guard let last = streams.indices.last else { return }
    let before = streams[last].sender.sent
    _ = streams[last].sender.sendDue(every: .milliseconds(0))
    if streams[last].sender.sent > before { streams[last].numbers.append(number) }
  }

  private func receive() {
    for index in streams.indices {
      let sender = streams[index].sender
      sender.receive()
      let run = sender.run
      for reply in run.replies[streams[index].taken...] where reply.sequence < streams[index].numbers.count {
        let away = reply.receivedAt - run.sentAt[reply.sequence]
        let held = reply.reflectorSentAt - reply.reflectorReceivedAt
        let isBelieved = held > .zero && held < away
        let transit = WatchTransit(
          up: reply.reflectorReceivedAt - run.sentAt[reply.sequence],
          down: reply.receivedAt - reply.reflectorSentAt, clock: streams[index].number)
        record.answer(
          streams[index].numbers[reply.sequence], after: isBelieved ? away - held : away,
          isBelieved ? transit : nil)
        heardAt = Moment.now
      }
      streams[index].taken = run.replies.count
    }
  }
}

// MARK: Tickets

extension WatchSession {
  private func renew(at now: Moment) {
    if let exchange = asking {
      multi.perform()
      guard exchange.ended != nil else { return }
      if exchange.failure(to: server) == nil { _ = take(exchange) }
      multi.remove(exchange)
      asking = nil
      return
    }
    let isOld = now - grantedAt > lifetime
    let isSilent = now - heardAt > Self.silence
    if isOld || isSilent, now - askedAt > Self.retry { ask(at: now) }
  }

  private func ask(at now: Moment) {
    askedAt = now
    let exchange = HTTPExchange(server.origin + "/v1/tickets", post: HTTPExchange.Body.none, caFile: caFile)
    exchange.limit(to: Self.longestAsking)
    multi.add(exchange)
    asking = exchange
  }

  /// Goes on with the ticket of an answer; false where it holds none.
  private func take(_ exchange: HTTPExchange) -> Bool {
    defer {
      multi.remove(exchange)
      asking = nil
    }
    guard let json = try? JSONReader.read(exchange.body), let grant = try? TicketGrant(json: json),
      let socket = UDPSocket(address: address(exchange), port: grant.udpPort)
    else { return false }
    grantedAt = Moment.now
    let half = Moment.Span(nanoseconds: max(1_000_000, grant.expiresIn.base) * 500)
    lifetime = min(half, Self.longestTicket)
    let sender = PacketSender(over: socket, with: grant, from: started)
    sender.begin(.idle)
    // The one before still gets its last replies.
    streams = streams.suffix(1) + [Stream(sender: sender, number: (streams.last?.number ?? 0) + 1)]
    return true
  }

  private func address(_ exchange: HTTPExchange) -> String {
    guard ProxyEnvironment.isSet else { return exchange.peerAddress }
    if case .found(let address) = HostLookup(server.host, within: .milliseconds(500)) { return address }
    return server.host
  }
}
