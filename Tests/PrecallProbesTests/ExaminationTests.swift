import PrecallCore
import PrecallProbes
import Testing

/// An empty document gives a measurement without samples, whatever else the check has learnt to read.
@Suite struct ExaminationTests {
  private func network(_ time: Duration = .zero, _ meeting: Meeting? = nil) throws -> FakeProbe<
    NetworkMeasurement
  > {
    FakeProbe(value: try empty(), time: time, meeting: meeting)
  }
  private func empty<Value: Measurement>() throws -> Value {
    try Value(json: JSONReader.read(Array("{\"frames\":[]}".utf8)))
  }

  @Test(.timeLimit(.minutes(1))) func `checks run side by side`() async throws {
    let meeting = Meeting(of: 3)
    let examination = Examination(
      network: try network(.zero, meeting),
      microphone: FakeProbe(value: try empty(), meeting: meeting),
      camera: FakeProbe(value: try empty(), meeting: meeting))
    let measurements = await examination.run { _ in }
    for result in measurements.results(by: .standard) { #expect(result.state == .measured) }
  }

  @Test func `what was not asked for is said so`() async throws {
    let measurements = await Examination(network: try network()).run { _ in }
    let states = measurements.results(by: .standard).map(\.state)
    #expect(states == [.measured, .notMeasured(.notAsked), .notMeasured(.notAsked)])
  }

  @Test func `each check's events come in order`() async throws {
    let log = Log()
    let examination = Examination(
      network: try network(), microphone: FakeProbe(value: try empty()), camera: FakeProbe(value: try empty())
    )
    _ = await examination.run(log.take)
    for check in [Check.network, .microphone, .camera] {
      #expect(log.of(check) == ["started", "progressed", "progressed", "finished"])
    }
  }

  @Test(.timeLimit(.minutes(1))) func `at the deadline what there is becomes a part`() async throws {
    let examination = Examination(
      network: try network(.seconds(3_600)), camera: FakeProbe(value: try empty()),
      deadline: .milliseconds(200))
    let states = await examination.run { _ in }.results(by: .standard).map(\.state)
    #expect(states == [.partial(.deadline), .notMeasured(.notAsked), .measured])
  }

  @Test(.timeLimit(.minutes(1))) func `cancelling ends every check and names the reason`() async throws {
    let log = Log()
    let examination = Examination(network: try network(.seconds(3_600)), deadline: .seconds(3_600))
    let run = Task { await examination.run(log.take) }
    while log.of(.network).count < 2 { await Task.yield() }
    run.cancel()
    let measurements = await run.value
    #expect(measurements.results(by: .standard)[0].state == .partial(.interrupted))
    #expect(Report(measurements, policy: .standard).verdict.outcome != .ready)
    #expect(log.of(.network).last == "finished")
  }
}
