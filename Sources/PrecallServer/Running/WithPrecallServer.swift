package import Logging

/// Runs a server beside `body` and stops it afterwards: for tests against the real thing.
package func withPrecallServer<Result: Sendable>(
  _ configuration: PrecallServerConfiguration, logger: Logger = Logger(label: "precall-server"),
  _ body: @escaping @Sendable (ServerAddresses) async throws -> Result
) async throws -> Result {
  let (ready, signal) = AsyncStream<ServerAddresses>.makeStream()
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask {
      defer { signal.finish() }
      try await runPrecallServer(configuration, logger: logger) { signal.yield($0) }
      return nil
    }
    group.addTask {
      guard let addresses = await ready.first(where: { _ in true }) else { return nil }
      return try await body(addresses)
    }
    defer { group.cancelAll() }
    while let result = try await group.next() {
      if let result { return result }
    }
    throw CancellationError()
  }
}
