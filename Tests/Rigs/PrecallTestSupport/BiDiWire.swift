import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// WebDriver BiDi (W3C) over its WebSocket.
final class BiDiWire: Sendable {
  private static let largest = 64 * 1_024 * 1_024

  private let exchange: MessageExchange
  private let channel: any Channel

  /// Connects to the browser that listens at `port` of this computer.
  init(port: Int) async throws {
    let exchange = MessageExchange(with: "Firefox")
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(5))
    let upgraded: EventLoopFuture<any Channel> = try await bootstrap.connect(host: "127.0.0.1", port: port) {
      channel in
      channel.eventLoop.makeCompletedFuture { try Self.upgrade(channel, port, exchange) }
    }
    self.exchange = exchange
    channel = try await upgraded.get()
  }

  /// The `result` that comes back, or the error that the browser names.
  @discardableResult
  func send(
    _ method: String, _ parameters: [String: any Sendable] = [:], within limit: Duration = .seconds(60)
  ) async throws -> BrowserReply {
    try await exchange.send(method, ["params": parameters], within: limit) { [channel] message in
      let frame = WebSocketFrame(
        fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(bytes: message))
      channel.writeAndFlush(frame, promise: nil)
    }
  }

  private static func upgrade(
    _ channel: any Channel, _ port: Int, _ exchange: MessageExchange
  ) throws -> EventLoopFuture<any Channel> {
    let upgrader = NIOTypedWebSocketClientUpgrader<any Channel>(maxFrameSize: largest) { channel, _ in
      channel.eventLoop.makeCompletedFuture {
        let whole = NIOWebSocketFrameAggregator(
          minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1_000_000, maxAccumulatedFrameSize: largest)
        try channel.pipeline.syncOperations.addHandlers([whole, Taker(exchange)])
        return channel
      }
    }
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: "/session",
      headers: ["Host": "127.0.0.1:\(port)", "Content-Length": "0"])
    let plan = NIOTypedHTTPClientUpgradeConfiguration(
      upgradeRequestHead: head, upgraders: [upgrader],
      notUpgradingCompletionHandler: { channel in
        channel.eventLoop.makeFailedFuture(RigError("Firefox refused the connection"))
      })
    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
      configuration: .init(upgradeConfiguration: plan))
  }

  /// Hands every message to whoever waits for it.
  private final class Taker: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let exchange: MessageExchange

    init(_ exchange: MessageExchange) { self.exchange = exchange }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let frame = unwrapInboundIn(data)
      if frame.opcode == .text { exchange.take(Data(frame.unmaskedData.readableBytesView)) }
    }

    func channelInactive(context: ChannelHandlerContext) {
      exchange.end()
      context.fireChannelInactive()
    }
  }
}
