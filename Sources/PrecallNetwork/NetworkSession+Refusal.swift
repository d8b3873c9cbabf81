import PrecallCore

// MARK: Why the server was not reached

extension NetworkSession {
  /// Says why `exchange`, which was to let us in, gave no usable answer.
  func blame(_ exchange: HTTPExchange, _ reason: NetworkFailure.Reason) {
    if let page = signInPage(after: exchange) { return fail(.reach, page.reason, status: page.status ?? 0) }
    if reason == .certificateExpired || reason == .certificateNotYetValid { compareClocks() }
    fail(.reach, reason, status: exchange.status)
  }

  /// Of a server that nothing leads to: how this computer is connected, and whether its router answers.
  func lookAtGateway() {
    let reasons: [NetworkFailure.Reason] = [.lookupFailed, .lookupTimedOut, .unreachable, .connectTimedOut]
    guard let failure = measurement.failure, reasons.contains(failure.reason), !stop.isSet else { return }
    guard let probe = ways.lazy.compactMap({ PathProbe(to: $0, port: 9, isReached: false) }).first else {
      return
    }
    loop(until: deadline(in: Self.longestGateway)) { now in
      probe.work(under: .idle, at: now, insteadOf: 1)
      return !probe.hasHeardGateway
    }
    measurement.path = probe.finish(large: (0, 0))
  }

  /// The server's address or, without one, any of the whole internet's (those of examples, RFC 5737 and RFC 3849):
  /// nothing is sent there, the system only says by which interface it would be.
  private var ways: [String] { udpAddress.isEmpty ? ["192.0.2.1", "2001:db8::1"] : [udpAddress] }

  private static let longestGateway = Moment.Span.milliseconds(500)

  private func signInPage(after exchange: HTTPExchange) -> NetworkFailure? {
    guard !measurement.reach.isProxied, let question = SignInQuestion(about: server, after: exchange) else {
      return nil
    }
    perform(question.exchange, until: deadline(in: SignInQuestion.longest))
    return question.answer
  }

  /// Asks whoever answers, trusted or not, what time it is: only to say whose clock is wrong. Nothing is
  /// told in the asking, and nothing else believed.
  private func compareClocks() {
    let exchange = HTTPExchange(server.origin + "/v1/ping", caFile: nil, verifies: false)
    perform(exchange, until: deadline(in: .milliseconds(1_000)))
    guard let date = exchange.headerValue("date"), let seconds = HTTPDate.seconds(of: date) else { return }
    measurement.reach.clockOffset = Microseconds(base: seconds * 1_000_000 - WallClock.microseconds)
  }
}
