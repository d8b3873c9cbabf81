import CCurl
import PrecallCore
import PrecallProbes

/// One run of the network check, on one thread: packets and transfers share a loop, so that each packet is
/// sent and matched beside the bytes that load the line.
final class NetworkSession {
  private(set) var server: ServerAddress
  let caFile: String?
  let plan: LoadPlan
  /// What each call of the rehearsal carries.
  let policy: Policy
  let stop: StopSignal
  let started = Moment.now
  private(set) var end: Moment
  private var step = NetworkFailure.Step.reach
  /// Whether the ticket ends before the time of the check does.
  private var endsWithTicket = false
  let multi = CurlMulti()
  var measurement = NetworkMeasurement()
  private(set) var sender: PacketSender?
  private var path: PathProbe?
  private(set) var grant: TicketGrant?
  /// The numeric address that packets go to.
  private(set) var udpAddress = ""
  /// The connection's own, until the idle line's packets tell better.
  var roundTrip = Microseconds.zero
  /// How often packets leave; none where there is no value.
  var spacing: Moment.Span?
  /// One packet of the path's probes leaves instead of so many as usual.
  var pathThinning: Int64 = 1
  private let progress: @Sendable (Progress) -> Void
  /// Bytes of TCP's segments, where longer ones vanish on the way.
  private var segment: Int32?
  private static let smallSegment: Int32 = 1_000
  private var isReachedInSmallSegments = false
  /// What large packets may take beside two round trips.
  private static let restOfLarge = Moment.Span.milliseconds(50)
  /// Called once the server has let us in.
  var whenReached: (Reach) -> Void = { _ in }

  init(
    _ server: ServerAddress, caFile: String?, plan: LoadPlan, policy: Policy, within limit: Moment.Span,
    stop: StopSignal,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.server = server
    self.caFile = caFile
    self.plan = plan
    self.policy = policy
    self.stop = stop
    self.progress = progress
    end = started + limit
  }

  /// The steps in order; each one may be the last.
  func run() -> NetworkMeasurement {
    begin(.reach, "reaching the server", done: 0)
    if let grant = reach() {
      whenReached(measurement.reach)
      open(grant)
      begin(.idle, "timing single packets", done: 10)
      // Where a large packet is answered with "too large", those after it are cut to fit.
      sender?.sendLarge(1)
      runIdle()
      begin(.rehearsal, "rehearsing the call", done: 25)
      rehearse()
      sendLargeAgain()
      for (direction, load) in [(Direction.down, Load.download), (.up, .upload)] where mayGoOn {
        begin(load, direction)
        runLoad(direction, load)
      }
      if mayGoOn {
        begin(.settle, "comparing counts", done: 95)
        settle(grant)
      }
      if Moment.now >= end { fail(step, endsWithTicket ? .ticketExpired : .outOfTime) }
    }
    if stop.isSet {
      sender?.leaveOutUnderWay(at: Moment.now, Moment.Span(roundTrip))
    }
    measurement.packets.adopt(sender?.run)
    measurement.path = path?.finish(large: sender?.large ?? (0, 0))
    if path == nil { lookAtGateway() }
    if isReachedInSmallSegments { measurement.path?.needsSmallSegments = true }
    return measurement
  }

  /// Where no large packet comes back, TCP's own would be lost as well, and the loads would show the black hole in place
  /// of the line's rate.
  private func sendLargeAgain() {
    guard let sender else { return }
    let isSuspect = sender.large.answered == 0 && sender.answered > 0
    sender.sendLarge(2)
    guard isSuspect, mayGoOn else { return }
    let trips = 2 * Moment.Span(roundTrip)
    loop(until: deadline(in: trips + Self.restOfLarge), using: false) { _ in sender.large.answered == 0 }
    if sender.large.answered == 0 { segment = Self.smallSegment }
  }

  private func begin(_ load: Load, _ direction: Direction) {
    if direction == .down {
      begin(.download, "receiving", done: 60)
    } else {
      begin(.upload, "sending", done: 80)
    }
  }

  private func begin(_ step: NetworkFailure.Step, _ words: StaticString, done percent: Int) {
    self.step = step
    progress(.step(words))
    progress(.done(.percent(Double(percent))))
  }

  /// Whether another step makes sense: neither stopped, nor failed, nor out of time.
  var mayGoOn: Bool { !stop.isSet && measurement.failure == nil && Moment.now < end }

  func fail(_ step: NetworkFailure.Step, _ reason: NetworkFailure.Reason, status: Int64 = 0) {
    guard !stop.isSet, measurement.failure == nil else { return }
    measurement.failure = NetworkFailure(step, reason, status: status > 0 ? status : nil)
  }

  /// `span` from now, or the end of the check where that is sooner.
  func deadline(in span: Moment.Span) -> Moment { min(Moment.now + span, end) }

  /// Since the start, as packets are stamped.
  func time(of moment: Moment) -> Microseconds {
    Microseconds(base: (moment - started).nanoseconds / 1_000)
  }

  func exchange(
    _ path: String, post body: HTTPExchange.Body? = nil, load: CongestionControl? = nil
  ) -> HTTPExchange {
    HTTPExchange(server.origin + path, post: body, caFile: caFile, load: load, segment: segment)
  }
}

// MARK: The loop

extension NetworkSession {
  /// How often stopping and new figures are looked at.
  static let tick: Int64 = 10

  /// Lets the exchanges and the packets run until `deadline`, until stopped, or until `goesOn` says no.
  /// Packets are sent where there is a spacing, and received in any case.
  func loop(
    until deadline: Moment, using exchanges: Bool = true,
    while goesOn: (Moment) -> Bool
  ) {
    while true {
      let now = Moment.now
      var next = min(deadline, now + .milliseconds(Self.tick))
      if let due = sender?.sendDue(every: spacing) { next = min(next, due) }
      if exchanges { multi.perform() }
      sender?.receive()
      path?.work(under: sender?.load, at: now, insteadOf: pathThinning)
      guard goesOn(Moment.now), now < deadline, !stop.isSet else { return }
      wait(until: next, using: exchanges)
    }
  }

  private func wait(until next: Moment, using exchanges: Bool) {
    let left = next - Moment.now
    if exchanges {
      let milliseconds = max(0, left.nanoseconds + 999_999) / 1_000_000
      multi.wait(alsoFor: sender?.descriptor, milliseconds: milliseconds)
    } else if let sender {
      sender.wait(until: next)
    }
  }

  /// Runs one exchange to its end, at most until `deadline`.
  func perform(_ exchange: HTTPExchange, until deadline: Moment) {
    exchange.limit(to: deadline - Moment.now)
    multi.add(exchange)
    loop(until: deadline + .milliseconds(50)) { _ in exchange.ended == nil }
    multi.remove(exchange)
  }
}

// MARK: Reaching the server

extension NetworkSession {
  /// After the server's address is known.
  private static let longestReach = Moment.Span.milliseconds(4_000)
  private static let longestSmall = Moment.Span.milliseconds(2_000)
  /// A resolver asks the second name server after five seconds (resolv.conf(5)), which may be far away.
  private static let longestLookup = Moment.Span.milliseconds(6_500)

  private func reach() -> TicketGrant? {
    var exchange = exchange("/v1/tickets", post: HTTPExchange.Body.none)
    var wall = WallClock.microseconds
    performReaching(exchange)
    if server.scheme == .http, let secure = exchange.secureAddress(of: server) {
      server = secure
      exchange = self.exchange("/v1/tickets", post: HTTPExchange.Body.none)
      wall = WallClock.microseconds
      performReaching(exchange)
    }
    if exchange.isStalledInHandshake, let (again, then) = reachInSmallSegments() {
      (exchange, wall) = (again, then)
    }
    guard !stop.isSet else { return nil }
    note(exchange)
    if let reason = exchange.failure(to: server) {
      blame(exchange, reason)
      return nil
    }
    guard let json = try? JSONReader.read(exchange.body), let grant = try? TicketGrant(json: json) else {
      fail(.reach, .notPrecall, status: exchange.status)
      return nil
    }
    let answered = wall + (exchange.requestedAt + exchange.answeredAt) / 2
    measurement.reach.clockOffset = Microseconds(base: grant.serverTime.base - answered)
    return grant
  }

  /// All that has passed yet was small: where the server can be reached once it sends small segments, a black hole of
  /// large packets lies between (RFC 2923 section 2.1), and the server did its part.
  private func reachInSmallSegments() -> (HTTPExchange, Int64)? {
    segment = Self.smallSegment
    let exchange = exchange("/v1/tickets", post: HTTPExchange.Body.none)
    let wall = WallClock.microseconds
    perform(exchange, until: deadline(in: Self.longestSmall))
    isReachedInSmallSegments = exchange.ended == CURLE_OK
    if isReachedInSmallSegments { return (exchange, wall) }
    segment = nil
    return nil
  }

  /// Runs the exchange, the name's lookup with a time of its own.
  private func performReaching(_ exchange: HTTPExchange) {
    let start = Moment.now
    let whole = deadline(in: Self.longestLookup + Self.longestReach)
    exchange.limit(to: whole - start, connecting: whole - start)
    multi.add(exchange)
    loop(until: whole) { now in
      let lookup = Moment.Span(nanoseconds: exchange.lookedUpAt * 1_000)
      let bound = exchange.lookedUpAt == 0 ? Self.longestLookup : lookup + Self.longestReach
      return exchange.ended == nil && now - start < bound
    }
    multi.remove(exchange)
  }

  /// How long each stretch took, where it was passed.
  private func note(_ exchange: HTTPExchange) {
    func stretch(_ start: Int64, _ end: Int64) -> Microseconds? {
      end > 0 ? Microseconds(base: max(0, end - start)) : nil
    }
    let secured = max(exchange.connectedAt, exchange.securedAt)
    measurement.reach.nameLookup = stretch(0, exchange.lookedUpAt)
    measurement.reach.connect = stretch(exchange.lookedUpAt, exchange.connectedAt)
    roundTrip = measurement.reach.connect ?? .zero
    measurement.reach.tls = stretch(exchange.connectedAt, exchange.securedAt)
    measurement.reach.firstByte = stretch(max(exchange.requestedAt, secured), exchange.answeredAt)
    let address = exchange.peerAddress
    if !address.isEmpty { measurement.reach.addressFamily = address.contains(":") ? 6 : 4 }
    measurement.reach.isProxied = ProxyEnvironment.isSet && isProxied(exchange)
    udpAddress = measurement.reach.isProxied ? server.directAddress : address
  }

  private func isProxied(_ exchange: HTTPExchange) -> Bool {
    exchange.tunnelStatus != 0 || exchange.peerPort != Int(server.port)
      || exchange.peerAddress != server.directAddress
  }

  private func open(_ grant: TicketGrant) {
    self.grant = grant
    let ticketEnd = Moment.now + Moment.Span(grant.expiresIn)
    if ticketEnd < end { (end, endsWithTicket) = (ticketEnd, true) }
    guard let socket = UDPSocket(address: udpAddress, port: grant.udpPort) else { return }
    sender = PacketSender(over: socket, as: SenderSession(grant), from: started)
    path = PathProbe(to: udpAddress, port: grant.udpPort)
    if let path { sender?.largeLength = path.largestData }
  }
}
