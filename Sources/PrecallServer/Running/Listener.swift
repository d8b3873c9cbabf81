import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// One TCP port with what is answered there; says in words why it could not be had.
struct Listener: Service {
  let application: Application<RouterResponder<MeasurementContext>>
  let port: UInt16
  let host: String
  let option: StaticString

  init(
    _ router: Router<MeasurementContext>, _ server: HTTPServerBuilder, on port: UInt16, option: StaticString,
    _ configuration: PrecallServerConfiguration, _ logger: Logger,
    whenListening: @escaping @Sendable (UInt16?) async -> Void
  ) {
    (self.port, host, self.option) = (port, configuration.host, option)
    application = Application(
      router: router, server: server,
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: Int(port)),
        availableConnectionsDelegate: .maximum(configuration.limits.connections, logger: logger)),
      onServerRunning: { channel in
        // A signal may have closed the socket before it was heard of.
        await whenListening(channel.localAddress?.port.map { UInt16($0) })
      },
      logger: logger)
  }

  /// Fails where the port can't be had, before anything runs: a listener that another's failure ends logs
  /// errors of its own.
  func checkPort() async throws {
    try await naming("TCP", port, on: host, option: option) {
      let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1).bind(host: host, port: Int(port)).get()
      try await channel.close()
    }
  }

  func run() async throws {
    try await naming("TCP", port, on: host, option: option) { try await application.run() }
  }
}

/// Waits for all ports before anybody is told of them.
final class PortsInUse: Sendable {
  private struct State {
    var http: UInt16?
    var compatible: UInt16?
  }

  private let expectsCompatible: Bool
  private let state = Mutex(State())

  init(expectsCompatible: Bool) { self.expectsCompatible = expectsCompatible }

  /// All of them, once, when the last one has come.
  func add(http: UInt16? = nil, compatible: UInt16? = nil) -> (http: UInt16, compatible: UInt16?)? {
    state.withLock { state in
      if let http { state.http = http }
      if let compatible { state.compatible = compatible }
      guard let http = state.http, (state.compatible != nil) == expectsCompatible else { return nil }
      return (http, state.compatible)
    }
  }
}

extension HTTPServerBuilder {
  private static func http1(_ limits: ServerLimits) -> HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        ContinueHandler(), RequestDeadlineHandler(seconds: limits.requestSeconds),
      ],
      idleTimeout: .seconds(Int64(limits.idleSeconds)),
      httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100))
  }

  static func ours(_ limits: ServerLimits, _ tls: TLSConfiguration?) throws -> Self {
    let http = HTTPServerBuilder.http1(configuration: http1(limits))
    guard let tls else { return http }
    return try .tls(http, tlsConfiguration: tls)
  }

  /// Our own pages and tests stay with HTTP/1.1, where each flow has its own connection.
  static func compatible(_ limits: ServerLimits, _ tls: TLSConfiguration?) -> Self {
    HTTPServerBuilder { responder in
      guard var tls else {
        return PromptChannel(base: HTTP1Channel(responder: responder, configuration: http1(limits)))
      }
      tls.applicationProtocols = ["h2", "http/1.1"]
      let base = NegotiatingChannel(responder: responder, http1: http1(limits), limits: limits)
      return PromptChannel(base: try TLSChannel(base, tlsConfiguration: tls))
    }
  }
}

/// Says what was tried where a port can't be had.
func naming<Result>(
  _ transport: String, _ port: UInt16, on host: String, option: StaticString,
  _ body: () async throws -> Result
) async throws -> Result {
  do {
    return try await body()
  } catch let error as IOError {
    throw ServerFailure.listening(transport, port, on: host, option: option, error.errnoCode)
  } catch is SocketAddressError.UnknownHost {
    throw ServerFailure(
      .unavailable,
      "I tried to listen on \(host), but its address can't be found; give an address of this computer with --host."
    )
  }
}
