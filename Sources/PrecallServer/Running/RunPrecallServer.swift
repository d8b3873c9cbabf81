package import Logging

import Hummingbird
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// Where a running server listens.
package struct ServerAddresses: Sendable, Equatable {
  package var httpPort: UInt16
  package var udpPort: UInt16
  /// Where other programs' tests are answered, if anywhere.
  package var compatiblePort: UInt16?
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
  let reflector = try await naming("UDP", configuration.udpPort, on: configuration.host, option: "--udp-port")
  {
    try Reflector(
      host: configuration.host, port: configuration.udpPort, sessions: sessions, stamp: configuration.stamp,
      logger: logger)
  }
  let entrance = try await Entrance(configuration, logger: logger)
  let routes = Routes(
    limits: limits, usesTLS: tls != nil, proxies: configuration.proxies, office: office,
    reflector: reflector, slots: slots, entrance: entrance)
  let (listening, listens) = AsyncStream<Never>.makeStream()
  let listeners = try listeners(configuration, routes, tls, logger) { ports in
    defer { listens.finish() }
    guard let ports else { return }
    await onReady(
      ServerAddresses(
        httpPort: ports.http, udpPort: reflector.port, compatiblePort: ports.compatible, usesTLS: tls != nil))
  }
  do {
    if listeners.count > 1 {
      for listener in listeners { try await listener.checkPort() }
    }
    try await group(
      reflector, listeners, entrance.services, slots, configuration, stop, listening, logger
    ).run()
  } catch {
    // A stop that was asked for and ran into its limit has still stopped.
    guard slots.isStopping || Task.isCancelled else { throw error }
  }
}

/// The port of our own tests and pages and, where asked for, the one of other programs' tests. `whenReady` is
/// called when both are bound, with nothing where one was closed before it was heard of.
private func listeners(
  _ configuration: PrecallServerConfiguration, _ routes: Routes, _ tls: TLSConfiguration?, _ logger: Logger,
  whenReady: @escaping @Sendable ((http: UInt16, compatible: UInt16?)?) async -> Void
) throws -> [Listener] {
  let limits = configuration.limits
  let ports = PortsInUse(expectsCompatible: configuration.compatiblePort != nil)
  var listeners = [
    Listener(
      routes.router(), try .ours(limits, tls), on: configuration.httpPort, option: "--port", configuration,
      logger
    ) { port in
      guard let port else { return await whenReady(nil) }
      if let all = ports.add(http: port) { await whenReady(all) }
    }
  ]
  if let port = configuration.compatiblePort {
    let others = CompatibleRoutes(
      limits: limits, usesTLS: tls != nil, proxies: configuration.proxies, slots: routes.slots)
    listeners.append(
      Listener(
        others.router(), .compatible(limits, tls), on: port, option: "--compatible-port", configuration,
        logger
      ) { port in
        guard let port else { return await whenReady(nil) }
        if let all = ports.add(compatible: port) { await whenReady(all) }
      })
  }
  return listeners
}

/// The services, in the order they are stopped from last to first: no new tests, no open pages, no HTTP, no
/// reflector.
private func group(
  _ reflector: Reflector, _ listeners: [Listener], _ entrance: [any Service], _ slots: TestSlots,
  _ configuration: PrecallServerConfiguration, _ stop: AsyncStream<Never>?,
  _ listening: AsyncStream<Never>, _ logger: Logger
) -> ServiceGroup {
  let drain = Drain(slots: slots, seconds: configuration.limits.drainSeconds)
  var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: reflector)]
  services += listeners.map { .init(service: $0) } + entrance.map { .init(service: $0) }
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
