import Foundation
import PrecallCore
import PrecallNetwork
import PrecallProbes
import PrecallTestSupport
import Testing

/// The whole check against the real server on this computer, straight or through relays that know the truth.
@Suite(.serialized) struct `Measuring a line` {
  /// What the check says of a line with this plan, and what really happened to its packets.
  private func measured(
    _ plan: LossyRelay.Plan
  ) async throws -> (measurement: NetworkMeasurement, truth: LossyRelay.Truth) {
    try await withServer { addresses in
      let relay = LossyRelay(to: addresses.udpPort, plan)
      let tickets = TicketRelay(to: addresses.httpPort, replacing: addresses.udpPort, with: relay.port)
      defer {
        tickets.stop()
        relay.stop()
      }
      return (await measure(tickets.port), relay.truth)
    }
  }

  private func base(_ metric: Metric, of measurement: NetworkMeasurement) -> Assessment? {
    measurement.assessed(by: .standard).assessments.first { $0.metric.id.equals(metric.id.bytes) }
  }

  @Test func `loopback is a good line, within the time and the bytes allowed`() async throws {
    try await withServer { addresses in
      let start = ContinuousClock.now
      let measurement = await measure(addresses.httpPort)
      #expect(ContinuousClock.now - start < .seconds(7))
      #expect(measurement.failure == nil)
      // 300 on a computer that has the time; fifty a second in any case.
      let idle = measurement.packets.sequences(under: .idle).count
      #expect((80...300).contains(idle))
      #expect(measurement.packets.reflectorReceived ?? 0 >= idle)
      #expect(Set(measurement.transfers.map(\.direction)) == [.up, .down])
      let moved = measurement.transfers.flatMap(\.bins).reduce(0, +)
      #expect(moved <= 8_000_000)
      #expect(base(.downloadRate, of: measurement)?.measured.base ?? 0 > 10_000_000)
      #expect(base(.uploadRate, of: measurement)?.measured.base ?? 0 > 10_000_000)
      #expect(base(.lossUp, of: measurement)?.measured.base == 0)
      #expect(measurement.reach.clockOffset?.base.magnitude ?? .max < 2_000_000)
    }
  }

  @Test func `IPv6 is measured as IPv4 is`() async throws {
    try await withServer(["--host", "::1"]) { addresses in
      let measurement = await measure(addresses.httpPort, host: "::1")
      #expect(measurement.failure == nil)
      #expect(measurement.reach.addressFamily == 6)
      #expect(measurement.packets.replies.count > 100)
    }
  }

  @Test func `loss is told by direction, to the packet`() async throws {
    var plan = LossyRelay.Plan()
    plan.dropUp = { $0 % 25 == 3 }
    plan.dropDown = { $0 % 50 < 2 }
    let (measurement, truth) = try await measured(plan)
    let all = 0..<measurement.packets.sentAt.count
    let fates = PacketFates(of: measurement.packets)
    let up = try #require(PacketLoss(of: fates, in: all, .up))
    let down = try #require(PacketLoss(of: fates, in: all, .down))
    #expect((up.lost, down.lost) == (truth.droppedUp, truth.droppedDown))
    #expect((up.longestBurst, down.longestBurst) == (1, 2))
    #expect(up.low <= .percent(4) && up.high >= .percent(4))
    #expect(codes(measurement).contains("network.packet-loss"))
  }

  @Test func `delay and jitter are those of the line, by direction`() async throws {
    var plan = LossyRelay.Plan()
    plan.delayUp = { $0 % 2 == 0 ? 40 : 60 }
    plan.delayDown = { _ in 30 }
    let (measurement, _) = try await measured(plan)
    let idle = measurement.packets.sequences(under: .idle)
    let time = try #require(RoundTripTime(of: measurement.packets, in: idle))
    // Timers and a busy machine add to a delay and never take from it.
    #expect((70_000...75_000).contains(time.minimum.base))
    #expect((70_000...110_000).contains(time.median.base))
    let up = try #require(Jitter(of: OneWayTransit(of: measurement.packets, in: idle, .up)))
    let down = try #require(Jitter(of: OneWayTransit(of: measurement.packets, in: idle, .down)))
    #expect((14_000...26_000).contains(up.mean.base))
    #expect(down.mean.base < up.mean.base / 2)
  }

  @Test func `a line that lets no UDP through is named, and the rates are measured all the same`()
    async throws
  {
    var plan = LossyRelay.Plan()
    plan.dropUp = { _ in true }
    let (measurement, truth) = try await measured(plan)
    #expect(truth.up > 20)
    #expect(codes(measurement) == ["network.udp-blocked"])
    #expect(measurement.packets.reflectorReceived == 0)
    #expect(base(.downloadRate, of: measurement) != nil)
    #expect(base(.roundTripTime, of: measurement) == nil)
  }

  @Test func `a busy server is the server's fault`() async throws {
    try await withServer(["--max-tests", "1"]) { addresses in
      let measurement = await measure(addresses.httpPort)
      #expect(codes(measurement) == ["network.server-busy"])
      let report = Report(Measurements(network: .measured(measurement)), policy: .standard)
      #expect(report.verdict.outcome == .notMeasured)
    }
  }

  @Test func `a server that is killed in the middle is named, and what was measured is kept`() async throws {
    try await withServer { server in
      let address = ServerAddress(scheme: .http, host: "127.0.0.1", port: server.httpPort)
      let measurement = await NetworkProbe(server: address).measure { progress in
        if case .step(let words) = progress, "\(words)" == "receiving" { server.kill() }
      }
      #expect(codes(measurement) == ["network.server-stopped"])
      #expect(base(.roundTripTime, of: measurement) != nil)
      #expect(measurement.shortfall == .serverFailed)
    }
  }

  @Test func `stopped in the middle, the part is given at once`() async throws {
    try await withServer { addresses in
      let (steps, signal) = AsyncStream<String>.makeStream()
      let measuring = Task {
        await NetworkProbe(server: ServerAddress(scheme: .http, host: "127.0.0.1", port: addresses.httpPort))
          .measure { if case .step(let words) = $0 { signal.yield("\(words)") } }
      }
      for await step in steps where step == "timing single packets" { break }
      try await Task.sleep(for: .milliseconds(500))
      measuring.cancel()
      let measurement = await measuring.value
      #expect(measurement.failure == nil)
      #expect(!measurement.packets.replies.isEmpty)
      #expect(measurement.transfers.isEmpty)
    }
  }

  @Test func `a real measurement is read back as it was written`() async throws {
    var plan = LossyRelay.Plan()
    plan.dropDown = { $0 % 10 == 0 }
    let (measurement, _) = try await measured(plan)
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    #expect(try NetworkMeasurement(json: try JSONReader.read(writer.text)) == measurement)
    #expect(writer.text.count < 100_000)
  }
}
