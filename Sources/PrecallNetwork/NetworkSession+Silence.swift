import PrecallCore

// MARK: When nothing comes any more

extension NetworkSession {
  /// A load beside which neither bytes nor packets have come for so long was cut off, unless the line is slower.
  private static let longestSilence = Moment.Span.milliseconds(400)
  private static let shortestAsking = Moment.Span.milliseconds(1_000)
  private static let longestAsking = Moment.Span.milliseconds(2_500)

  /// Whether the load that has just ended was cut off before its end.
  func isCutOff(_ record: TransferRecord) -> Bool {
    let heard = max(record.lastMoved, sender?.heardAt ?? record.lastMoved)
    let trips = 2 * Moment.Span(roundTrip)
    return Moment.now - heard > max(Self.longestSilence, trips)
  }

  /// Whether the reflector has answered since.
  func isHeard(since moment: Moment) -> Bool { sender?.heardAt.map { $0 > moment } ?? false }

  /// Why nothing comes any more: asks once more, on a new connection, which a server's kernel makes even where
  /// the server hangs. Nothing where it answers: then the line was away for a while only.
  func causeOfSilence() -> NetworkFailure.Reason? {
    let exchange = HTTPExchange(server.origin + "/v1/ping", caFile: caFile, isFresh: true)
    // A full measurement has the time to wait for a train that leaves its tunnel.
    let shortest = isFull ? Self.longestAsking : Self.shortestAsking
    let trips = 4 * Moment.Span(roundTrip)
    perform(exchange, until: deadline(in: min(max(shortest, trips), Self.longestAsking)))
    switch exchange.failure(to: server) {
    case nil: return nil
    case .silent, .tls, .endless: return .silent
    case .connectTimedOut, .unreachable, .lookupFailed, .lookupTimedOut, .timedOut: return .timedOut
    case let other: return other
    }
  }
}
