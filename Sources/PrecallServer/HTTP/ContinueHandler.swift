import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue` at once (RFC 9110 section 10.1.1): libcurl and others wait up to a second
/// for it before they send a body, and that second would be counted as the line's. Where an answer to an earlier request
/// of the connection is still under way it comes after that one (RFC 9112 section 9.3.2).
final class ContinueHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Of each request without a whole answer yet, whether it waits for this one.
  private var expectations: [Bool] = []

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      expectations.append(head.headerFields[.expect]?.lowercased() == "100-continue")
      if expectations.count == 1 { encourage(context) }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let part = unwrapOutboundIn(data)
    context.write(data, promise: promise)
    guard case .end = part, !expectations.isEmpty else { return }
    expectations.removeFirst()
    encourage(context)
  }

  private func encourage(_ context: ChannelHandlerContext) {
    guard expectations.first == true else { return }
    expectations[0] = false
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
  }
}
