import PrecallCore

// MARK: Why the server was not reached

extension NetworkSession {
  /// Says why `exchange`, which was to let us in, gave no usable answer.
  func blame(_ exchange: HTTPExchange, _ reason: NetworkFailure.Reason) {
    if let page = signInPage(after: exchange) { return fail(.reach, page.reason, status: page.status ?? 0) }
    if reason == .certificateExpired || reason == .certificateNotYetValid { compareClocks() }
    fail(.reach, reason, status: exchange.status)
  }

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
