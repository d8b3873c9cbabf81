import Glibc
import HummingbirdCore
import Logging
import NIOCore

/// Keeps what waits in this computer short, so that a probe on a loaded connection measures the line and not the
/// server's own queue (draft-ietf-ippm-responsiveness, on TCP_NOTSENT_LOWAT).
struct PromptChannel<Base: ServerChildChannel>: ServerChildChannel {
  typealias Value = Base.Value

  let base: Base

  /// Bytes that the kernel holds before their turn, and that the connection holds before those.
  private static var mostUnsent: Int { 16_384 }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let option = ChannelOptions.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))
    let mark = ChannelOptions.Types.WriteBufferWaterMark(low: 8_192, high: Self.mostUnsent)
    return channel.setOption(option, value: Self.mostUnsent)
      .flatMap { channel.setOption(.writeBufferWaterMark, value: mark) }
      .flatMap { base.setup(channel: channel, logger: logger) }
  }

  @concurrent func handle(value: Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
