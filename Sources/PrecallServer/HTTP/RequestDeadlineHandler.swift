import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request is not whole in time, whether anybody reads its body or not: a client that
/// sends a byte now and then is never idle, and could hold a connection for ever.
final class RequestDeadlineHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private let limit: TimeAmount
  private var closing: Scheduled<Void>?

  init(seconds: Int) { limit = .seconds(Int64(seconds)) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      let channel = context.channel
      closing = context.eventLoop.scheduleTask(in: limit) { channel.endNow() }
    case .body: break
    case .end: cancel()
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancel() }

  private func cancel() {
    closing?.cancel()
    closing = nil
  }
}
