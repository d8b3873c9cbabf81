import PrecallCore
import PrecallWire

/// One rung of the ladder: the way to a relay over one transport, tried on a thread of its own.
struct RelayRung {
  struct Result: Sendable {
    var attempt: CallPath.Attempt
    var roundTrips: [Microseconds] = []
  }

  let address: RelayAddress
  let credentials: TURNCredentials
  let caFile: String?
  let deadline: Moment
  let stop: StopSignal
  /// Whether a better transport stands already, so that this one need not be timed.
  let isOutdone: () -> Bool
  /// Called once the relay has allocated.
  let stands: () -> Void

  /// From the first request to its repetition, which doubles (RFC 8489 section 6.2.1, whose half a second is
  /// for those who have longer).
  private static let repetition = Moment.Span.milliseconds(250)
  /// A request over UDP without an answer for so long will have none.
  private static let silence = Moment.Span.milliseconds(2_500)
  /// The same for giving back the allocation, which ends by itself some minutes later.
  private static let farewell = Moment.Span.milliseconds(1_000)
  private static let pings = 12
  private static let spacing = Moment.Span.milliseconds(40)
  /// How long the last echoes are waited for.
  private static let drain = Moment.Span.milliseconds(800)
  private static let tick = Moment.Span.milliseconds(10)

  func climb() -> Result {
    let start = Moment.now
    var result = Result(attempt: CallPath.Attempt(address.transport, .blocked))
    guard let path = open() else { return result }
    var client = TURNClient(credentials, relaysIPv6: path.isIPv6)
    guard path.send(client.pending), allocate(&client, over: path) else {
      if client.state == .refused { result.attempt.outcome = .refused }
      return result
    }
    let took = Microseconds(base: (Moment.now - start).nanoseconds / 1_000)
    result.attempt = CallPath.Attempt(address.transport, .connected, connect: took)
    stands()
    if !isOutdone() {
      run(&client, over: path, for: Self.silence) { $0 == .permitting || $0 == .binding }
      if client.state == .ready { result.roundTrips = ping(over: path, &client) }
    }
    if path.send(client.release()) {
      run(&client, over: path, for: Self.farewell) { $0 == .releasing }
    }
    return result
  }

  private func open() -> (any RelayPath)? {
    guard address.transport != .udp else { return RelayDatagrams(address, within: deadline - Moment.now) }
    return RelayStream(address, caFile: caFile, until: deadline, stop)
  }

  private func allocate(_ client: inout TURNClient, over path: any RelayPath) -> Bool {
    run(&client, over: path, for: Self.silence) { $0 == .allocating }
    return client.relayed != nil
  }

  /// Asks and answers while the state is one of those; over UDP it asks again.
  private func run(
    _ client: inout TURNClient, over path: any RelayPath, for span: Moment.Span,
    while goesOn: (TURNClient.State) -> Bool
  ) {
    let end = min(deadline, Moment.now + span)
    var wait = Self.repetition
    var again = Moment.now + wait
    var isOpen = true
    while goesOn(client.state), isOpen, Moment.now < end, !stop.isSet {
      path.wait(until: min(end, again, Moment.now + Self.tick))
      var answers: [[UInt8]] = []
      isOpen = path.receive { frame, _ in
        if case .send(let next) = client.receive(frame) { answers.append(next) }
      }
      for answer in answers { isOpen = path.send(answer) && isOpen }
      if !answers.isEmpty { wait = Self.repetition }
      if address.transport == .udp, Moment.now >= again, answers.isEmpty {
        _ = path.send(client.pending)
        wait = wait + wait
      }
      if Moment.now >= again || !answers.isEmpty { again = Moment.now + wait }
    }
  }
}

// MARK: Timing the way

extension RelayRung {
  /// Each ping goes round twice, as a question and its answer between two ends of a call would.
  private func ping(over path: any RelayPath, _ client: inout TURNClient) -> [Microseconds] {
    var sentAt: [Moment] = []
    var trips: [Microseconds] = []
    var next = Moment.now
    let end = min(deadline, next + Self.drain + Moment.Span(nanoseconds: Self.spacing.nanoseconds * 12))
    var isOpen = true
    while isOpen, trips.count < Self.pings, Moment.now < end, !stop.isSet {
      if sentAt.count < Self.pings, Moment.now >= next {
        sentAt.append(Moment.now)
        isOpen = path.send(frame(number: sentAt.count - 1, round: 0))
        next = next + Self.spacing
      }
      path.wait(until: min(end, sentAt.count < Self.pings ? next : end, Moment.now + Self.tick))
      var echoes: [[UInt8]] = []
      isOpen =
        path.receive { frame, moment in
          guard case .data(let data) = client.receive(frame), data.count >= 2, Int(data[0]) < sentAt.count
          else { return }
          if data[1] == 0 { return echoes.append(self.frame(number: Int(data[0]), round: 1)) }
          trips.append(Microseconds(base: (moment - sentAt[Int(data[0])]).nanoseconds / 1_000))
        } && isOpen
      for echo in echoes { isOpen = path.send(echo) && isOpen }
    }
    return trips
  }

  /// As long as a packet of speech.
  private func frame(number: Int, round: UInt8) -> [UInt8] {
    ChannelData.encode(
      TURNClient.channel, [UInt8(number), round] + [UInt8](repeating: 0, count: 98),
      padded: address.transport != .udp)
  }
}
