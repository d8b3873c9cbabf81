import ServiceLifecycle

/// Lets whoever runs the server in-process stop it in good order: the service ends when the stream does.
struct StopRequest: Service {
  private let stream: AsyncStream<Never>

  init(_ stream: AsyncStream<Never>) { self.stream = stream }

  func run() async throws {
    for await _ in stream.cancelOnGracefulShutdown() {}
  }
}
