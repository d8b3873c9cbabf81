import Glibc
import NIOCore

/// How much of a download goes out at once: what its client took lately in a 32nd of a second, so that a slow
/// reader holds little and a fast one is not kept waiting.
struct DownloadPace: Sendable {
  /// Bytes of one part.
  var least: Int
  var most: Int
  /// Parts that may be under way at the same time.
  var parts: Int
  /// Bytes that the kernel holds before their turn; its own choice where there is none.
  var unsent: Int?

  /// What follows `written` bytes that took `time`, in whole records of TLS. What the kernel takes at once into
  /// its own buffer tells nothing of the client, and one that never reads would be given the most: no rate is
  /// made of less than an eighth of a second.
  func length(after written: Int, in time: TimeAmount) -> Int {
    let rate = Double(written) / max(Double(time.nanoseconds) / 1e9, 0.125)
    return min(max(Int(rate / 32) & ~0x3FFF, least), most)
  }

  func keepShort(_ channel: any Channel) async {
    guard let unsent else { return }
    let option = ChannelOptions.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))
    try? await channel.setOption(option, value: SocketOptionValue(unsent)).get()
  }
}
