import NIOCore
import PrecallCore

/// The session reflector on a datagram channel (RFC 8762 section 4.3), and STUN beside it.
final class ReflectorHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let reflection: Reflection
  private let counters: ReflectorCounters

  init(reflection: Reflection, counters: ReflectorCounters) {
    self.reflection = reflection
    self.counters = counters
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let received = WallClock.nanosecondsSince1970()
    var envelope = unwrapInboundIn(data)
    guard context.channel.isWritable else { return counters.countUnsent() }
    do throws(Reflection.Refusal) {
      try reflection.reflect(
        &envelope.data, from: envelope.remoteAddress, received: received,
        clock: WallClock.nanosecondsSince1970)
      // Flushed one by one: gathering replies would put the wait between their stamp and their sending.
      context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
      counters.countReflected()
    } catch {
      counters.count(error)
    }
  }

  /// An error of one datagram, as an ICMP message that its sender has gone, is no reason to close.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
