import Hummingbird
import NIOCore

/// What a request's handler knows besides the request: the connection it came by.
struct MeasurementContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The client's address, without its port; all that have none count as one.
  var clientAddress: String { channel.remoteAddress?.ipAddress ?? "" }

  /// Closes the connection after `seconds`, whatever it is waiting for, unless cancelled before: how a
  /// client that stops reading or sending is kept from holding memory and a slot.
  func closeConnection(afterSeconds seconds: Int) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { [channel] in
      channel.close(promise: nil)
    }
  }
}
