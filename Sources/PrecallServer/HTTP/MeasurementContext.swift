import Hummingbird
import NIOCore
import NIOSSL

/// What a request's handler knows besides the request: the connection it came by.
struct MeasurementContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// The client's address, without its port; all that have none count as one.
  var clientAddress: String

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    clientAddress = source.channel.remoteAddress?.ipAddress ?? ""
  }

  /// Whether the channel is one of several streams on a connection: a connection's parent is what listens.
  var isMultiplexed: Bool { channel.parent?.parent != nil }

  /// Closes the connection, or the stream of one, after `seconds`, whatever it is waiting for, unless cancelled before: how a
  /// client that stops reading or sending is kept from holding memory and a slot.
  func closeConnection(afterSeconds seconds: Int) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [channel] in
      channel.endNow()
    }
  }
}

extension Channel {
  /// Closes without TLS's farewell (RFC 8446 section 6.1), for which a client that has stopped reading would be
  /// waited for some seconds more. On the channel's event loop.
  func endNow() {
    if let tls = try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
      tls.close(promise: nil)
    } else {
      close(promise: nil)
    }
  }
}
