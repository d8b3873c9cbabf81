import PrecallCore
import PrecallNetwork
import PrecallProbes
import PrecallTestSupport
import Synchronization
import Testing

/// The real server, killed or frozen while the check runs: told by the check's own progress, not by a watch.
@Suite struct `A server that fails in the middle` {
  enum Fault: String, CaseIterable { case killed, frozen }
  enum Step: String, CaseIterable {
    case reaching = "reaching the server"
    case idle = "timing single packets"
    case rehearsal = "rehearsing the call"
    case download = "receiving"
    case upload = "sending"
    case settling = "comparing counts"
  }

  static let limit = Duration.seconds(9.9)
  /// None of these can be known of the line once the server is gone.
  static let slanders: Set<String> = [
    "network.udp-blocked", "network.line-lost", "network.rehearsal-cut-off", "network.packet-loss",
    "network.slow-download", "network.slow-upload", "network.call-path-blocked", "network.out-of-time",
  ]

  static func metrics(_ measurement: NetworkMeasurement) -> Set<String> {
    Set(measurement.assessed(by: .standard).assessments.map { "\($0.metric.id)" })
  }

  /// What is told of a server's fault, within the time, and as no verdict.
  static func expect(
    _ any: Set<String>, of measurement: NetworkMeasurement, since start: ContinuousClock.Instant,
    never unwanted: Set<String> = Self.slanders, limit: Duration = Self.limit
  ) {
    #expect(ContinuousClock.now - start < limit + .seconds(1))
    let found = Set(codes(measurement))
    #expect(!found.isDisjoint(with: any), "\(found)")
    #expect(found.isDisjoint(with: unwanted), "\(found)")
    #expect(measurement.shortfall == .serverFailed)
    let report = Report(Measurements(network: .measured(measurement)), policy: .standard)
    #expect(report.verdict.outcome == .notMeasured, "\(found)")
    #expect(Possibility(measurement).problems == [])
  }

  /// A server that never answered is no fault in the middle: whoever hears it checks the address.
  @Test func `is refused where it was gone before it was reached`() async throws {
    try await withServer { server in
      let address = ServerAddress(scheme: .http, host: "127.0.0.1", port: server.httpPort)
      let measurement = await NetworkProbe(server: address, limit: Self.limit).measure { progress in
        if case .step(let words) = progress, "\(words)" == Step.reaching.rawValue { server.kill() }
      }
      #expect(codes(measurement) == ["network.refused"])
      let report = Report(Measurements(network: .measured(measurement)), policy: .standard)
      #expect(report.verdict.outcome == .notReady)
    }
  }

  @Test(arguments: Fault.allCases, Step.allCases)
  func `is named at every step, and what was measured is kept`(fault: Fault, step: Step) async throws {
    guard (fault, step) != (.killed, .reaching) else { return }
    try await withServer { server in
      let address = ServerAddress(scheme: .http, host: "127.0.0.1", port: server.httpPort)
      let start = ContinuousClock.now
      let measurement = await NetworkProbe(server: address, limit: Self.limit).measure { progress in
        guard case .step(let words) = progress, "\(words)" == step.rawValue else { return }
        if fault == .killed { server.kill() } else { server.freeze() }
      }
      Self.expect(
        [fault == .killed ? "network.server-stopped" : "network.server-silent"], of: measurement,
        since: start)
      let kept = Self.metrics(measurement)
      let order: [(Step, String)] = [
        (.idle, "network.round-trip-time"), (.rehearsal, "network.rehearsed-rate"),
        (.download, "network.download"), (.upload, "network.upload"),
      ]
      for (after, metric) in order {
        // Of the step in which it failed, some may have come in time.
        guard after != step else { continue }
        let isPast = Step.allCases.firstIndex(of: step)! > Step.allCases.firstIndex(of: after)!
        #expect(kept.contains(metric) == isPast, "\(metric)")
      }
    }
  }

  /// Asked for in full, the steps last for seconds: the same holds.
  @Test(arguments: Fault.allCases, [Step.download, .upload])
  func `is named in a full measurement too`(fault: Fault, step: Step) async throws {
    try await withServer { server in
      let address = ServerAddress(scheme: .http, host: "127.0.0.1", port: server.httpPort)
      let start = ContinuousClock.now
      let limit = Duration.seconds(40)
      let probe = NetworkProbe(server: address, depth: .full, limit: limit)
      let measurement = await probe.measure { progress in
        guard case .step(let words) = progress, "\(words)" == step.rawValue else { return }
        if fault == .killed { server.kill() } else { server.freeze() }
      }
      Self.expect(
        [fault == .killed ? "network.server-stopped" : "network.server-silent"], of: measurement,
        since: start, limit: limit)
      #expect(Self.metrics(measurement).contains("network.rehearsed-rate"))
      #expect(Self.metrics(measurement).contains("network.download") == (step == .upload))
    }
  }

  @Test(arguments: Fault.allCases, [60, 500])
  func `is named in the midst of packets, and those that came back are kept`(
    fault: Fault, number: Int
  ) async throws {
    try await withServer { server in
      var plan = LossyRelay.Plan()
      plan.dropUp = { packet in
        if packet == number { if fault == .killed { server.kill() } else { server.freeze() } }
        return false
      }
      let relay = LossyRelay(to: server.udpPort, plan)
      let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: relay.port)
      defer {
        tickets.stop()
        relay.stop()
      }
      let start = ContinuousClock.now
      let measurement = await measure(tickets.port, limit: Self.limit)
      // The relay of tickets takes every connection, and closes those that it can't pass on.
      Self.expect(
        [fault == .killed ? "network.server-stopped" : "network.server-silent"], of: measurement,
        since: start)
      #expect((number - 20...number + 20).contains(measurement.packets.replies.count))
      #expect(Self.metrics(measurement).contains("network.round-trip-time"))
    }
  }

  @Test func `a ticket that ends in the middle ends the check, with what there is`() async throws {
    try await withServer(["--ticket-seconds", "3"]) { server in
      let start = ContinuousClock.now
      let measurement = await measure(server.httpPort, limit: Self.limit)
      #expect(ContinuousClock.now - start < .seconds(4.5))
      Self.expect(["network.server-stopped"], of: measurement, since: start)
      #expect(measurement.failure?.reason == .ticketExpired)
      #expect(Self.metrics(measurement).contains("network.round-trip-time"))
      #expect(measurement.packets.replies.count > 100)
    }
  }

  @Test func `a ticket that ends sooner than was told is no silence of the line`() async throws {
    try await withServer(["--ticket-seconds", "3"]) { server in
      let tickets = TicketRelay(
        to: server.httpPort, replacing: "\"expires_in_s\":3", with: "\"expires_in_s\":9")
      defer { tickets.stop() }
      let start = ContinuousClock.now
      let measurement = await measure(tickets.port, limit: Self.limit)
      // A busy computer may lose packets of its own.
      let slanders = Self.slanders.subtracting(["network.packet-loss"])
      Self.expect(["network.server-stopped"], of: measurement, since: start, never: slanders)
      #expect(measurement.failure == NetworkFailure(.settle, .ticketExpired))
      #expect(Self.metrics(measurement).contains("network.download"))
    }
  }
}
