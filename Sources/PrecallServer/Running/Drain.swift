import ServiceLifecycle

/// Lets running tests end before the server stops listening: from the signal on `/readyz` says 503 and
/// nothing new begins.
struct Drain: Service {
  let slots: TestSlots
  let seconds: Int

  func run() async throws {
    // Throws where the group is cancelled, as after a port that could not be had: nothing to wait for then.
    guard (try? await gracefulShutdown()) != nil else { return }
    slots.stop()
    let end = ContinuousClock.now + .seconds(seconds)
    while slots.running > 0, ContinuousClock.now < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(20))
    }
  }
}
