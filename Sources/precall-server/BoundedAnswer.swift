import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PrecallCore

/// One request over HTTP whose answer is short, comes soon, and from the server that was asked: a redirection is
/// an answer like any other, since the token is for nobody else.
struct BoundedAnswer {
  let status: Int
  let body: Text

  private typealias Connection = NIOAsyncChannel<NIOHTTPClientResponseFull, HTTPClientRequestPart>
  private static let longest = 1 << 16
  /// For the whole exchange.
  private static let limit = Duration.seconds(10)

  struct NoAnswer: Error, CustomStringConvertible {
    let description: String
  }

  static func ask(_ method: HTTPMethod, _ url: URL, bearer: String, _ body: Text?) async throws -> Self {
    var head = HTTPRequestHead(version: .http1_1, method: method, uri: url.path(percentEncoded: true))
    let name = host(of: url)
    let bracketed = name.contains(":") ? "[\(name)]" : name
    head.headers.add(name: "Host", value: url.port.map { "\(bracketed):\($0)" } ?? bracketed)
    head.headers.add(name: "Authorization", value: "Bearer \(bearer)")
    head.headers.add(name: "Content-Length", value: "\(body?.count ?? 0)")
    return try await withThrowingTaskGroup(of: Self.self) { [head] group in
      group.addTask { try await exchange(head, body, with: url) }
      group.addTask {
        try await Task.sleep(for: limit)
        throw NoAnswer(description: "nothing came within 10 s")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  private static func exchange(_ head: HTTPRequestHead, _ body: Text?, with url: URL) async throws -> Self {
    try await connect(to: url).executeThenClose { inbound, outbound in
      try await outbound.write(.head(head))
      if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
      try await outbound.write(.end(nil))
      for try await answer in inbound {
        return Self(
          status: Int(answer.head.status.code), body: Text((answer.body ?? ByteBuffer()).readableBytesView))
      }
      throw NoAnswer(description: "it closed the connection")
    }
  }

  private static func host(of url: URL) -> String {
    (url.host ?? "").trimmingCharacters(in: ["[", "]"])
  }

  private static func connect(to url: URL) async throws -> Connection {
    let isSecure = url.scheme == "https"
    let host = host(of: url)
    let context = isSecure ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
    return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: host, port: url.port ?? (isSecure ? 443 : 80)) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context {
            // An address is no name to ask for; the certificate is held against it all the same.
            let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            try pipeline.addHandler(
              NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host))
          }
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: longest))
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }
}
