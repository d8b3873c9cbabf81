package import Logging

/// Runs a server beside `body` and stops it in good order afterwards: for tests against the real thing.
package func withPrecallServer<Result: Sendable>(
  _ configuration: PrecallServerConfiguration, logger: Logger = Logger(label: "precall-server"),
  _ body: @escaping @Sendable (ServerAddresses) async throws -> Result
) async throws -> Result {
  let (ready, signal) = AsyncStream<ServerAddresses>.makeStream()
  let (stop, request) = AsyncStream<Never>.makeStream()
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask {
      defer { signal.finish() }
      try await runPrecallServer(configuration, logger: logger, until: stop) { signal.yield($0) }
      return nil
    }
    group.addTask {
      // NIO traps where a server is cancelled while it accepts a connection: it is asked to stop instead.
      defer { request.finish() }
      guard let addresses = await ready.first(where: { _ in true }) else { return nil }
      return try await body(addresses)
    }
    var result: Result?
    while let next = try await group.next() { result = next ?? result }
    guard let result else { throw CancellationError() }
    return result
  }
}
