import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// HTTP/2 (RFC 9113) for clients that ask for it in the TLS handshake (ALPN, RFC 7301), HTTP/1.1 for the rest.
///
/// HummingbirdHTTP2 has such a channel too, with windows of 64 kB: an upload would carry that much in a round
/// trip and no more, and clients would take it for the limit of their line.
struct NegotiatingChannel: HTTPChannelHandler {
  typealias Stream = NIOAsyncChannel<ByteBuffer, HTTPResponsePart>
  typealias Inbound = (head: EventLoopFuture<HTTPRequest>, stream: Stream)
  typealias Multiplexed = NIOHTTP2Handler.AsyncStreamMultiplexer<Inbound>

  struct Value: ServerChildChannelValue {
    let version: EventLoopFuture<NIONegotiatedHTTPVersion<HTTP1Channel.Value, Multiplexed>>
    let channel: any Channel
  }

  let responder: Responder
  let http1: HTTP1Channel
  let limits: ServerLimits

  init(responder: @escaping Responder, http1: HTTP1Channel.Configuration, limits: ServerLimits) {
    self.responder = responder
    self.http1 = HTTP1Channel(responder: responder, configuration: http1)
    self.limits = limits
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    // Until TLS has settled the version no other handler watches the time.
    let closing = channel.eventLoop.scheduleTask(in: .seconds(Int64(limits.idleSeconds))) {
      channel.close(promise: nil)
    }
    return channel.configureHTTP2AsyncSecureUpgrade { [http1] in
      http1.setup(channel: $0, logger: logger)
    } http2ConnectionInitializer: { [limits] in
      Self.multiplex($0, limits)
    }.map { version in
      version.whenComplete { _ in closing.cancel() }
      return Value(version: version, channel: channel)
    }
  }

  @concurrent func handle(value: Value, logger: Logger) async {
    do {
      switch try await value.version.get() {
      case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
      case .http2(let connection):
        try await withThrowingDiscardingTaskGroup { group in
          for try await inbound in connection.inbound {
            group.addTask { await answer(inbound, logger) }
          }
        }
      }
    } catch {
      logger.debug("A connection ended.", metadata: ["error": "\(error)"])
    }
  }

  @concurrent private func answer(_ inbound: Inbound, _ logger: Logger) async {
    do {
      try await inbound.stream.executeThenClose { body, outbound in
        let request = Request(head: try await inbound.head.get(), body: RequestBody(asyncSequence: body))
        try await responder(request, ResponseWriter(outbound: outbound), inbound.stream.channel)
        // The client may still have to take in what waits for its windows.
        try await inbound.stream.channel.closeFuture.get()
      }
    } catch {
      logger.trace("A stream ended.", metadata: ["error": "\(error)"])
    }
  }
}

// MARK: HTTP/2

extension NegotiatingChannel {
  /// A line of 100 Mbit/s and 80 ms holds 1 MB.
  private static let window = 1 << 20
  /// Loaded connections carry one transfer and a few probes.
  private static let mostStreams = 32

  private static var configuration: NIOHTTP2Handler.Configuration {
    var configuration = NIOHTTP2Handler.Configuration()
    configuration.connection.targetWindowSize = window
    configuration.connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: mostStreams),
      HTTP2Setting(parameter: .maxHeaderListSize, value: 16_384),
      HTTP2Setting(parameter: .initialWindowSize, value: window),
    ]
    configuration.stream.targetWindowSize = window
    return configuration
  }

  private static func multiplex(
    _ channel: any Channel, _ limits: ServerLimits
  ) -> EventLoopFuture<Multiplexed> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(Int64(limits.idleSeconds))))
      try pipeline.addHandler(ConnectionEndHandler(seconds: limits.longestConnection))
      return try pipeline.configureAsyncHTTP2Pipeline(
        mode: .server, streamDelegate: nil, configuration: configuration
      ) { stream in
        stream.eventLoop.makeCompletedFuture { try begin(stream, limits) }
      }
    }
  }

  private static func begin(_ stream: any Channel, _ limits: ServerLimits) throws -> Inbound {
    let head = stream.eventLoop.makePromise(of: HTTPRequest.self)
    let pipeline = stream.pipeline.syncOperations
    try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
    try pipeline.addHandler(RequestDeadlineHandler(seconds: limits.requestSeconds))
    try pipeline.addHandler(RequestHeadHandler(head))
    return (head.futureResult, try Stream(wrappingChannelSynchronously: stream))
  }
}

/// Hands a request's head over by itself, and its body as plain buffers that end where the request does.
private final class RequestHeadHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = ByteBuffer

  private var head: EventLoopPromise<HTTPRequest>?

  init(_ head: EventLoopPromise<HTTPRequest>) { self.head = head }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let request):
      head?.succeed(request)
      head = nil
    case .body(let part): context.fireChannelRead(wrapInboundOut(part))
    case .end: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    head?.fail(ChannelError.eof)
    head = nil
  }
}

/// Closes a connection on which nothing moves, one that has been open for long, and all of them when the server
/// stops listening, by when no test runs any more (`Drain`).
private final class ConnectionEndHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let seconds: Int
  private var closing: Scheduled<Void>?

  init(seconds: Int) { self.seconds = seconds }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    closing = context.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { channel.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { closing?.cancel() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent || event is ChannelShouldQuiesceEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}
