import HTTPTypes
import Hummingbird
import NIOCore

/// Reverse proxies in front of the server, whose word for the client's address is taken.
package struct TrustedProxies: Sendable {
  package static let none = TrustedProxies()

  private var addresses: Set<String> = []

  private init() {}

  /// Nothing where one of them is no address.
  package init?(_ texts: [String]) {
    let plain = texts.compactMap { Self.plain($0[...]) }
    guard plain.count == texts.count else { return nil }
    addresses = Set(plain)
  }

  /// The client of a connection from `peer` whose requests carry `X-Forwarded-For` fields as these. Each proxy
  /// appends the address that it was asked from: the last that is no proxy's own is the client's, and what
  /// stands before it anybody may have written.
  package func client(of peer: String, forwarded fields: [String]) -> String {
    var client = peer
    for word in fields.joined(separator: ",").split(separator: ",").reversed() {
      guard let plain = Self.plain(client[...]), addresses.contains(plain) else { return client }
      guard let next = Self.plain(word) else { return client }
      client = next
    }
    return client
  }

  /// One way to write each address; nothing of what is none.
  private static func plain(_ text: Substring) -> String? {
    let word = text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    let mapped = "::ffff:"
    let inner = word.hasPrefix(mapped) && word.contains(".") ? word.dropFirst(mapped.count) : word
    return (try? SocketAddress(ipAddress: String(inner), port: 0))?.ipAddress
  }
}

/// Gives every request the address of its client, by which limits count.
struct ClientAddressMiddleware: RouterMiddleware {
  typealias Context = MeasurementContext

  let proxies: TrustedProxies

  @concurrent func handle(
    _ request: Request, context: MeasurementContext,
    next: @concurrent (Request, MeasurementContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.clientAddress = proxies.client(
      of: context.clientAddress, forwarded: request.headers[values: .forwardedFor])
    return try await next(request, context)
  }
}

extension HTTPField.Name {
  fileprivate static let forwardedFor = known("X-Forwarded-For")
}
