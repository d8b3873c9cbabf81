import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a server on this machine over HTTP/1.1, each time on a connection of its own.
package enum WebClient {
  package struct Answer: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: String
  }

  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
  private static let longest = 4 << 20

  /// Sends one request and takes the whole answer.
  package static func ask(
    _ port: Int, _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders = [:], _ body: String? = nil
  ) async throws -> Answer {
    try await within(.seconds(30), "\(method) \(path)") {
      var text = ByteBuffer()
      let head = try await follow(port, method, path, headers, body) { part in
        text.writeImmutableBuffer(part)
        return text.readableBytes <= longest
      }
      return Answer(status: Int(head.status.code), headers: head.headers, body: String(buffer: text))
    }
  }

  /// Hands the parts of an answer to `take` as they come, until it ends or `take` has had enough.
  @discardableResult
  package static func follow(
    _ port: Int, _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, _ body: String? = nil,
    _ take: (ByteBuffer) throws -> Bool
  ) async throws -> HTTPResponseHead {
    try await connect(to: port).executeThenClose { inbound, outbound in
      var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
      head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
      head.headers.add(name: "Content-Length", value: "\(body?.utf8.count ?? 0)")
      try await outbound.write(.head(head))
      if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(string: body)))) }
      try await outbound.write(.end(nil))
      var answer: HTTPResponseHead?
      for try await part in inbound {
        switch part {
        case .head(let head): answer = head
        case .body(let bytes): if let answer, try !take(bytes) { return answer }
        case .end: if let answer { return answer }
        }
      }
      throw RigError("\(method) \(path): the connection ended before the answer did")
    }
  }

  private static func connect(to port: Int) async throws -> Connection {
    try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }

  private static func within<Result: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw RigError("no answer to \(what) within \(limit)")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }
}
