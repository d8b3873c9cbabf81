package import PrecallCore

// MARK: Packets on the idle line, and at the end

extension NetworkSession {
  private static let packets = 200
  private static let spacing = Moment.Span.milliseconds(5)
  /// A line that queues even this little traffic gets half of it.
  private static let slowSpacing = Moment.Span.milliseconds(15)
  private static let queueing = Microseconds(base: 50_000)
  /// After so many packets without any reply, none will come.
  private static let silence = Moment.Span.milliseconds(700)
  /// How long a last reply is waited for; a slower one is of no use to a call (RFC 7680's threshold).
  private static let longestDrain = Moment.Span.milliseconds(600)
  private static let longest = Moment.Span.milliseconds(1_400)

  func runIdle() {
    guard let sender else { return }
    sender.begin(.idle)
    let start = Moment.now
    spacing = Self.spacing
    var isSlow = false
    loop(until: deadline(in: Self.longest), using: false) { now in
      if !isSlow, sender.sent >= 40, queues(sender.run) {
        isSlow = true
        spacing = Self.slowSpacing
      }
      let isSilent = sender.answered == 0 && now - start > silenceBound
      return sender.sent < Self.packets && !isSilent
    }
    spacing = nil
    if isSlow { drain(sender) } else { awaitHalf(sender) }
    // One connection's making may have met a spike; half of these packets have not.
    if let idle { roundTrip = min(roundTrip, idle.median) }
  }

  /// Of the idle line's packets that have come back by now; nothing where none has.
  var idle: RoundTripTime? {
    sender.flatMap { RoundTripTime(of: $0.run, in: $0.run.sequences(under: .idle)) }
  }

  /// Half of the packets tell what the line is like; the call's sound, which needs less of it than they did,
  /// may begin while the others come back.
  private func awaitHalf(_ sender: PacketSender) {
    loop(until: deadline(in: Self.longestDrain), using: false) { now in
      sender.answered * 2 < sender.sent && !sender.isDrained(at: now)
    }
  }

  /// Four round trips of the connection's making, and never too few for a slow link.
  private var silenceBound: Moment.Span {
    let connect = measurement.reach.connect?.base ?? 0
    return max(Self.silence, Moment.Span(nanoseconds: 4 * connect * 1_000))
  }

  /// So many replies in a row are slow by no swing of a Wi-Fi or mobile line: they cover 150 ms, as a window of
  /// `QueueGrowth` does.
  private static let slowReplies = 30

  /// Whether the last replies took far longer than the fastest: the packets themselves fill the line.
  private func queues(_ run: PacketRun) -> Bool {
    let times = run.replies.suffix(2 * Self.slowReplies).map { $0.receivedAt - run.sentAt[$0.sequence] }
    guard times.count > Self.slowReplies, let least = times.min() else { return false }
    return times.suffix(Self.slowReplies).allSatisfy { $0 - least > Self.queueing }
  }

  /// Waits until the newest packet has come back, or twice the slowest round trip has passed.
  func drain(_ sender: PacketSender) {
    let slowest = sender.run.replies.suffix(200).map { $0.receivedAt - sender.run.sentAt[$0.sequence] }.max()
    let wait = Moment.Span(nanoseconds: (slowest?.base ?? 0) * 2_000 + 20_000_000)
    loop(until: deadline(in: min(wait, Self.longestDrain)), using: false) { !sender.isDrained(at: $0) }
  }

  /// Asks the reflector how many packets reached it: without its count, losses after the last reply have
  /// no direction. Where packets of the last load came back, all that losses are counted of has one: then the
  /// question is not worth waiting for behind that load's queue.
  func settle(_ grant: TicketGrant) {
    guard let sender else { return }
    if hasQueue, let last = sender.run.phases.last, last.load == .upload, !last.sequences.isEmpty {
      drain(sender)
      if sender.hasHeard(beyond: last.sequences.lowerBound) { return }
    }
    // Packets and their replies go before the question and its answer.
    let path = "/v1/reflector?ticket=" + String(decoding: Base64URL.encode(grant.ticket), as: UTF8.self)
    let exchange = exchange(path)
    let asked = Moment.now
    perform(exchange, until: deadline(in: longestSettling))
    let reason = exchange.failure(to: server)
    loop(until: deadline(in: PacketSender.overtaking), using: false) { !sender.isDrained(at: $0) }
    switch reason {
    case .refused, .closedEarly: return fail(.settle, reason ?? .closedEarly)
    case .httpStatus where exchange.status == 403: return fail(.settle, .ticketExpired, status: 403)
    case .silent, .tls, .endless, .connectTimedOut: return blameAtEnd(asked)
    default: break
    }
    guard reason == nil, let json = try? JSONReader.read(exchange.body),
      let received = json["received"]?.integer, (0...1_000_000).contains(received)
    else { return }
    measurement.packets.reflectorReceived = Int(received)
    if json["expired"]?.bool == true { fail(.settle, .ticketExpired) }
  }

  /// Behind a queue of seconds the count would come too late to be worth the wait.
  private var longestSettling: Moment.Span {
    max(.milliseconds(300), min(.milliseconds(1_500), timeLeft))
  }

  /// A slow line may well take longer than this has time: only a fault of the server's that is certain counts.
  private func blameAtEnd(_ asked: Moment) {
    guard mayGoOn, !isHeard(since: asked), let cause = causeOfSilence(), cause != .timedOut else { return }
    fail(.settle, cause)
  }
}

extension PacketRun {
  /// Takes the packets of a sender, and keeps the reflector's count. It comes by another connection, and may be older
  /// than the last replies, which then prove more; but never more than was sent.
  package mutating func adopt(_ run: PacketRun?) {
    guard var run else { return }
    let numbers = run.replies.map(\.reflectorSequence).filter { [sent = run.sentAt.count] in $0 < sent }
    run.reflectorReceived = reflectorReceived.map { max($0, (numbers.max() ?? -1) + 1) }
    self = run
  }
}
