import PrecallCore

// MARK: Why the server was not reached

extension NetworkSession {
  private static let longestQuestion = Moment.Span.milliseconds(1_000)

  /// Says why `exchange`, which was to let us in, gave no usable answer.
  func blame(_ exchange: HTTPExchange, _ reason: NetworkFailure.Reason) {
    if let page = pageInTheWay(of: exchange) { return fail(.reach, page.reason, status: page.status) }
    if reason == .certificateExpired || reason == .certificateNotYetValid { compareClocks() }
    fail(.reach, reason, status: exchange.status)
  }

  /// A network that wants a sign-in can't answer in a secure server's name: it refuses, shows a certificate of its
  /// own or speaks plain HTTP, as it answers whoever asks any host in that (RFC 8910 section 1). So the server's
  /// host is asked in plain HTTP, and told nothing; for what another web server does not have, whose page at the
  /// root would look like a sign-in.
  private func pageInTheWay(of exchange: HTTPExchange) -> (reason: NetworkFailure.Reason, status: Int64)? {
    let isUnsecured = exchange.isSecure && exchange.lookedUpAt > 0 && exchange.securedAt == 0
    guard isUnsecured, !measurement.reach.isProxied, !stop.isSet else { return nil }
    let plain = ServerAddress(scheme: .http, host: server.host, port: 80)
    let question = HTTPExchange(plain.origin + "/v1/ping", caFile: nil, isFresh: true)
    perform(question, until: deadline(in: Self.longestQuestion))
    switch question.statusFailure {
    case .webPage: return (.webPage, question.status)
    case .redirected where leadsAway(question): return (.redirected, question.status)
    default: return nil
    }
  }

  /// Unless to the same site over https, as web servers send whoever asks in plain HTTP.
  private func leadsAway(_ exchange: HTTPExchange) -> Bool {
    guard let location = exchange.headerValue("location") else { return false }
    let prefix = "https://"
    guard location.hasPrefix(prefix),
      let (host, _) = try? ServerAddress.authority(location.dropFirst(prefix.count))
    else { return true }
    let own = server.host.lowercased()
    return host != own && !host.hasSuffix("." + own) && !own.hasSuffix("." + host)
  }

  /// Asks whoever answers, trusted or not, what time it is: only to say whose clock is wrong. Nothing is
  /// told in the asking, and nothing else believed.
  private func compareClocks() {
    let exchange = HTTPExchange(server.origin + "/v1/ping", caFile: nil, verifies: false)
    perform(exchange, until: deadline(in: Self.longestQuestion))
    guard let date = exchange.headerValue("date"), let seconds = HTTPDate.seconds(of: date) else { return }
    measurement.reach.clockOffset = Microseconds(base: seconds * 1_000_000 - WallClock.microseconds)
  }
}
