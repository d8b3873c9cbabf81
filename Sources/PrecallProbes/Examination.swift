package import PrecallCore

/// The checks to run side by side, each with the probe that makes its measurement.
package struct Examination: Sendable {
  package var network: (any Probe<NetworkMeasurement>)?
  package var microphone: (any Probe<MicrophoneMeasurement>)?
  package var camera: (any Probe<CameraMeasurement>)?
  package var computer: (any Probe<ComputerMeasurement>)?
  package var policy: Policy
  /// The longest that the whole may take; what is not done by then is kept as a part and named.
  package var deadline: Duration

  package init(
    network: (any Probe<NetworkMeasurement>)? = nil, microphone: (any Probe<MicrophoneMeasurement>)? = nil,
    camera: (any Probe<CameraMeasurement>)? = nil, computer: (any Probe<ComputerMeasurement>)? = nil,
    policy: Policy = .standard, deadline: Duration = .seconds(30)
  ) {
    self.network = network
    self.microphone = microphone
    self.camera = camera
    self.computer = computer
    self.policy = policy
    self.deadline = deadline
  }

  /// Runs the checks; cancelling the surrounding task ends them all and keeps what they have.
  package func run(_ event: @escaping @Sendable (CheckEvent) -> Void) async -> Measurements {
    let end = ContinuousClock.now + deadline
    async let computer = run(self.computer, until: end, event)
    async let network = run(self.network, until: end, event)
    async let microphone = run(self.microphone, until: end, event)
    async let camera = run(self.camera, until: end, event)
    return Measurements(
      network: await network, microphone: await microphone, camera: await camera, computer: await computer)
  }

  private func run<Value>(
    _ probe: (any Probe<Value>)?, until end: ContinuousClock.Instant,
    _ event: @escaping @Sendable (CheckEvent) -> Void
  ) async -> Measured<Value> {
    guard let probe else { return .notMeasured(.notAsked) }
    event(.started(Value.check))
    let measured = await measure(probe, until: end) { event(.progressed(Value.check, $0)) }
    event(.finished(measured.result(by: policy)))
    return measured
  }

  private func measure<Value>(
    _ probe: any Probe<Value>, until end: ContinuousClock.Instant,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) async -> Measured<Value> {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await probe.measure(progress) }
      group.addTask {
        try? await ContinuousClock().sleep(until: end)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      if let first { return Task.isCancelled ? .partial(first, .interrupted) : .measured(first) }
      let reason: NotMeasured = Task.isCancelled ? .interrupted : .deadline
      for await late in group {
        if let late { return .partial(late, reason) }
      }
      return .notMeasured(reason)
    }
  }
}
