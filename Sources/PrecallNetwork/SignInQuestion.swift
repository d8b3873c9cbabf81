import PrecallCore

/// Whether a network that wants a sign-in first is why no secure connection to the server came about.
///
/// It can't answer in a secure server's name: it refuses, shows a certificate of its own or speaks plain
/// HTTP, in which it answers whoever asks any host (RFC 8910 section 1). So the server's host is asked in
/// plain HTTP, and told nothing; for what another web server does not have, whose page at the root would
/// look like a sign-in.
struct SignInQuestion {
  static let longest = Moment.Span.milliseconds(1_000)

  private let server: ServerAddress
  /// To be run, for as long as that at most.
  let exchange: HTTPExchange

  /// Nothing where `failed` was not to be secure, found no address, or was secured: it has another cause.
  init?(about server: ServerAddress, after failed: HTTPExchange) {
    guard failed.isSecure, failed.lookedUpAt > 0, failed.securedAt == 0 else { return nil }
    self.server = server
    let plain = ServerAddress(scheme: .http, host: server.host, port: 80)
    exchange = HTTPExchange(plain.origin + "/v1/ping", caFile: nil, isFresh: true)
    exchange.limit(to: Self.longest)
  }

  /// Nothing where it was not a network's answer.
  var answer: NetworkFailure? {
    switch exchange.statusFailure {
    case .webPage: NetworkFailure(.reach, .webPage, status: exchange.status)
    case .redirected where leadsAway: NetworkFailure(.reach, .redirected, status: exchange.status)
    default: nil
    }
  }

  private var leadsAway: Bool {
    exchange.headerValue("location") != nil && exchange.secureAddress(of: server) == nil
  }
}

extension HTTPExchange {
  /// Where the answer leads to the same site over https, as web servers send whoever asks in plain HTTP.
  func secureAddress(of server: ServerAddress) -> ServerAddress? {
    let prefix = "https://"
    guard case .redirected = statusFailure, let location = headerValue("location"),
      location.hasPrefix(prefix),
      let (host, port) = try? ServerAddress.authority(location.dropFirst(prefix.count))
    else { return nil }
    let own = server.host.lowercased()
    guard host == own || host.hasSuffix("." + own) || own.hasSuffix("." + host) else { return nil }
    return ServerAddress(scheme: .https, host: host, port: port ?? 443)
  }
}
