package import Logging

import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// Where a running server listens.
package struct ServerAddresses: Sendable, Equatable {
  package var httpPort: UInt16
  package var udpPort: UInt16
  package var usesTLS: Bool
}

/// Runs a server until it is told to stop: by a signal or the end of standard input where the configuration
/// says so, by the end of `stop`, or by cancelling the task, which lets nothing finish. `onReady` is called
/// once both ports are bound.
package func runPrecallServer(
  _ configuration: PrecallServerConfiguration, logger: Logger, until stop: AsyncStream<Never>? = nil,
  onReady: @escaping @Sendable (ServerAddresses) async -> Void
) async throws {
  let limits = configuration.limits
  let tls = try configuration.tls.map { files throws(ServerFailure) in
    try TLSConfiguration.loaded(from: files)
  }
  let office = TicketOffice(key: configuration.ticketKey, lifetime: limits.ticketSeconds)
  let sessions = ReflectorSessions(office: office, capacity: limits.sessions)
  let slots = TestSlots(limit: limits.tests, perAddress: limits.testsPerAddress)
  let reflector = try await naming("UDP", configuration.udpPort, on: configuration.host) {
    try await Reflector(
      host: configuration.host, port: configuration.udpPort, sessions: sessions, stamp: configuration.stamp,
      group: MultiThreadedEventLoopGroup.singleton, logger: logger)
  }
  let entrance = try await Entrance(configuration, logger: logger)
  let routes = Routes(
    limits: limits, usesTLS: tls != nil, office: office, reflector: reflector, slots: slots,
    entrance: entrance)
  let (listening, listens) = AsyncStream<Never>.makeStream()
  let application = Application(
    router: routes.router(), server: try serverBuilder(limits: limits, tls: tls),
    configuration: ApplicationConfiguration(
      address: .hostname(configuration.host, port: Int(configuration.httpPort)),
      availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
    onServerRunning: { channel in
      defer { listens.finish() }
      // A signal may have closed the socket before it was heard of.
      guard let port = channel.localAddress?.port.map({ UInt16($0) }) else { return }
      await onReady(ServerAddresses(httpPort: port, udpPort: reflector.port, usesTLS: tls != nil))
    },
    logger: logger)
  try await naming("TCP", configuration.httpPort, on: configuration.host) {
    do {
      try await group(
        reflector, application, entrance.services, slots, configuration, stop, listening, logger
      ).run()
    } catch {
      await reflector.close()
      // A stop that was asked for and ran into its limit has still stopped.
      guard slots.isStopping || Task.isCancelled else { throw error }
    }
  }
}

/// The services, in the order they are stopped from last to first: no new tests, no open pages, no HTTP, no
/// reflector.
private func group(
  _ reflector: Reflector, _ application: some Service, _ entrance: [any Service], _ slots: TestSlots,
  _ configuration: PrecallServerConfiguration, _ stop: AsyncStream<Never>?,
  _ listening: AsyncStream<Never>, _ logger: Logger
) -> ServiceGroup {
  let drain = Drain(slots: slots, seconds: configuration.limits.drainSeconds)
  var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
    .init(service: reflector), .init(service: application),
  ]
  services += entrance.map { .init(service: $0) }
  services.append(.init(service: drain))
  if configuration.endsWithStandardInput {
    services.append(
      .init(service: StandardInputEnd(after: listening), successTerminationBehavior: .gracefullyShutdownGroup)
    )
  }
  if let stop {
    services.append(.init(service: StopRequest(stop), successTerminationBehavior: .gracefullyShutdownGroup))
  }
  var group = ServiceGroupConfiguration(
    services: services, gracefulShutdownSignals: configuration.handlesSignals ? [.sigterm, .sigint] : [],
    logger: logger)
  group.maximumGracefulShutdownDuration = .seconds(configuration.limits.drainSeconds + 1)
  return ServiceGroup(configuration: group)
}

private func serverBuilder(limits: ServerLimits, tls: TLSConfiguration?) throws -> HTTPServerBuilder {
  let http = HTTPServerBuilder.http1(
    configuration: HTTP1Channel.Configuration(
      // An upload has its own limit, and time for its receipt after it.
      additionalChannelHandlers: [
        ContinueHandler(), RequestDeadlineHandler(seconds: limits.testSeconds + 2 * Upload.grace),
      ],
      idleTimeout: .seconds(Int64(limits.idleSeconds)),
      httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100)))
  guard let tls else { return http }
  return try .tls(http, tlsConfiguration: tls)
}

/// Says what was tried where a port can't be had.
private func naming<Result>(
  _ transport: String, _ port: UInt16, on host: String, _ body: () async throws -> Result
) async throws -> Result {
  do {
    return try await body()
  } catch let error as IOError {
    throw ServerFailure.listening(transport, port, on: host, error.errnoCode)
  } catch let error as SocketAddressError {
    throw ServerFailure(
      .unavailable,
      "I tried to listen on \(host), but its address can't be found (\(error)); give an address of this "
        + "computer with --host.")
  }
}
