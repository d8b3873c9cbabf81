import PrecallCore
import Synchronization

/// The ways a call could take to the server's relay (TURN, RFC 8656): over UDP, TCP and TLS, tried side by
/// side, so that a blocked one costs no time.
struct RelayLadder: Sendable {
  let server: ServerAddress
  let caFile: String?

  private static let longestGrant = Moment.Span.milliseconds(2_500)
  private static let longestClimb = Moment.Span.milliseconds(4_000)

  /// Nothing where the server names no relay.
  func climb(until end: Moment) async -> CallPath? {
    guard let grant = await onMeasuringThread({ stop in self.grant(until: end, stop) }) else { return nil }
    let deadline = min(end, Moment.now + Self.longestClimb)
    let best = BestTransport()
    let results = await withTaskGroup(of: RelayRung.Result.self) { group in
      for transport in CallPath.Transport.allCases {
        guard let address = grant.address(over: transport) else { continue }
        let credentials = grant.credentials
        let caFile = caFile
        group.addTask {
          await onMeasuringThread { stop in
            RelayRung(
              address: address, credentials: credentials, caFile: caFile, deadline: deadline, stop: stop,
              isOutdone: { best.outdoes(transport) },
              stands: { best.note(transport) }
            ).climb()
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return Self.path(results)
  }

  private static func path(_ results: [RelayRung.Result]) -> CallPath? {
    let results = results.sorted { $0.attempt.transport.rawValue < $1.attempt.transport.rawValue }
    guard !results.isEmpty else { return nil }
    var path = CallPath()
    path.attempts = results.map(\.attempt)
    path.roundTrips = results.first { $0.attempt.outcome == .connected }?.roundTrips ?? []
    return path
  }

  private func grant(until end: Moment, _ stop: StopSignal) -> RelayGrant? {
    let exchange = HTTPExchange(
      server.origin + "/v1/turn-credentials", post: HTTPExchange.Body.none, caFile: caFile)
    let deadline = min(end, Moment.now + Self.longestGrant)
    exchange.limit(to: deadline - Moment.now)
    let multi = CurlMulti()
    multi.add(exchange)
    while exchange.ended == nil, Moment.now < deadline, !stop.isSet {
      multi.perform()
      multi.wait(alsoFor: nil, milliseconds: 10)
    }
    guard exchange.failure(to: server) == nil, let json = try? JSONReader.read(exchange.body) else {
      return nil
    }
    return RelayGrant(json: json)
  }
}

/// The best transport that stands so far, known to all rungs.
private final class BestTransport: Sendable {
  private let rank = Atomic(CallPath.Transport.allCases.count)

  func note(_ transport: CallPath.Transport) { rank.min(transport.rawValue, ordering: .relaxed) }
  func outdoes(_ transport: CallPath.Transport) -> Bool { rank.load(ordering: .relaxed) < transport.rawValue }
}
