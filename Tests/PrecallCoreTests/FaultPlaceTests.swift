import PrecallCore
import Testing

/// The rules of `FaultPlace`, on legs whose figures are plain to see.
struct `The place of a fault` {
  private func leg(_ idle: [Int64], sent: Int? = nil, loaded: [Int64] = []) -> PathLeg {
    var leg = PathLeg()
    leg.idleTimes = idle.map { .milliseconds(Double($0)) }
    leg.idleSent = sent ?? idle.count
    leg.loadedTimes = loaded.map { .milliseconds(Double($0)) }
    leg.loadedSent = loaded.count
    return leg
  }

  private func place(gateway: PathLeg?, _ hops: (Place, PathLeg)...) -> FaultPlace {
    var path = NetworkPath()
    path.gateway = gateway
    path.hops = hops.map { PathHop(at: $0.0, $0.1) }
    return FaultPlace(path)
  }

  private func ms(_ count: Double) -> Microseconds { .milliseconds(count) }

  @Test func `is the first leg with half of the delay`() {
    let slow = leg([200, 210, 220, 230, 240])  // median 220
    let quick = leg([1, 1, 2, 2, 3])
    #expect(place(gateway: slow).ofDelay(ms(440)) == .localNetwork)
    #expect(place(gateway: slow).ofDelay(ms(441)) == .accessLine)
    #expect(place(gateway: quick, (.accessLine, slow)).ofDelay(ms(300)) == .accessLine)
    #expect(place(gateway: quick, (.accessLine, quick)).ofDelay(ms(300)) == .farNetwork)
  }

  @Test func `is unknown where nothing was measured`() {
    #expect(place(gateway: nil).ofDelay(ms(300)) == nil)
    #expect(place(gateway: leg([1, 1, 1, 1])).ofDelay(ms(300)) == nil)
    #expect(place(gateway: nil).ofLoss(.percent(3)) == nil)
  }

  @Test func `of jitter is the first leg with half of the variation`() {
    // Nearest rank: the 95th percentile of five is the greatest, 41 - 1 = 40.
    let uneven = leg([1, 2, 3, 4, 41])
    #expect(place(gateway: uneven).ofVariation(ms(80)) == .localNetwork)
    #expect(place(gateway: uneven).ofVariation(ms(81)) == .accessLine)
  }

  @Test func `of loss is the router's where the echoes to it are lost too`() {
    // 5 of 100 lost, as many as on the whole way.
    #expect(
      place(gateway: leg([Int64](repeating: 2, count: 95), sent: 100)).ofLoss(.percent(5)) == .localNetwork)
    // None of 100 lost: at most 3.7 % by Wilson, so that 5 % arise beyond; 2 % may be chance.
    let whole = leg([Int64](repeating: 2, count: 100))
    #expect(place(gateway: whole).ofLoss(.percent(5)) == .accessLine)
    #expect(place(gateway: whole).ofLoss(.percent(2)) == nil)
    #expect(place(gateway: leg([Int64](repeating: 2, count: 19))).ofLoss(.percent(50)) == nil)
  }

  @Test func `of a queue is where the delay grows under load`() {
    let full = leg([2, 2, 2, 2, 2], loaded: [102, 102, 102, 102, 102])
    let empty = leg([2, 2, 2, 2, 2], loaded: [3, 3, 3, 3, 3])
    #expect(place(gateway: full).ofQueue(ms(150)) == .localNetwork)
    #expect(place(gateway: empty).ofQueue(ms(150)) == .accessLine)
    #expect(place(gateway: empty, (.accessLine, empty)).ofQueue(ms(150)) == .farNetwork)
    #expect(place(gateway: leg([2, 2, 2, 2, 2])).ofQueue(ms(150)) == nil)
  }
}

struct `Path facts` {
  /// 30 small packets, 2 ms apart, each back after 400 ms.
  private func measurement(_ path: NetworkPath) -> NetworkMeasurement {
    var measurement = NetworkMeasurement()
    for index in 0..<30 {
      let sent = Microseconds.milliseconds(Double(2 * index))
      measurement.packets.sentAt.append(sent)
      measurement.packets.replies.append(
        PacketReply(
          sequence: index, reflectorReceivedAt: sent, reflectorSentAt: sent, reflectorSequence: index,
          receivedAt: sent + .milliseconds(400)))
    }
    measurement.packets.phases = [PacketRun.Phase(.idle, 0..<30)]
    measurement.path = path
    return measurement
  }

  private func example() -> NetworkPath {
    var path = NetworkPath()
    path.interface = .wifi
    path.wifiSignal = Decibels(base: -80_000)
    path.pathMTU = ByteCount(base: 1_500)
    (path.largeSent, path.largeAnswered) = (3, 0)
    var gateway = PathLeg()
    gateway.idleSent = 20
    gateway.idleTimes = [Microseconds](repeating: .milliseconds(390), count: 20)
    path.gateway = gateway
    path.hops = [PathHop(at: .accessLine, gateway)]
    return path
  }

  @Test func `become findings, figures and places`() throws {
    let (rows, findings) = measurement(example()).assessed(by: .standard)
    let codes = findings.map { "\($0.kind.code)" }
    #expect(codes == ["network.latency", "network.weak-wifi", "network.large-packets-lost"])
    #expect(findings.first?.located == .localNetwork)
    let gateway = try #require(rows.first { $0.metric == .gatewayTime })
    #expect(gateway.measured == .time(.milliseconds(390)))
    #expect(rows.first { $0.metric == .gatewayLoss }?.measured == .share(.zero))
  }

  @Test func `of a good line say nothing`() {
    var path = NetworkPath()
    path.interface = .wired
    (path.largeSent, path.largeAnswered) = (3, 1)
    #expect(
      measurement(path).assessed(by: .standard).findings.map { "\($0.kind.code)" } == ["network.latency"])
  }

  /// Under load every packet takes 300 ms longer, as do the echoes of the router.
  @Test func `place what does not fit where its queue stands, and all else nowhere`() throws {
    var measurement = measurement(NetworkPath())
    measurement.packets.phases = [PacketRun.Phase(.idle, 0..<15), PacketRun.Phase(.upload, 15..<30)]
    for index in 15..<30 {
      let early = measurement.packets.replies[index].receivedAt
      measurement.packets.replies[index].receivedAt = early + .milliseconds(300)
    }
    measurement.transfers = [
      Transfer(.up, flows: 3, duration: .seconds(1), bins: Array(repeating: 3_000, count: 20))
    ]
    #expect(measurement.assessed(by: .standard).findings.allSatisfy { $0.located == nil })
    var gateway = PathLeg()
    gateway.idleSent = 20
    gateway.idleTimes = [Microseconds](repeating: .milliseconds(2), count: 20)
    gateway.loadedTimes = [Microseconds](repeating: .milliseconds(302), count: 20)
    measurement.path?.gateway = gateway
    let findings = measurement.assessed(by: .standard).findings
    let places = findings.map { "\($0.kind.code) \($0.located.map { "\($0.name)" } ?? "nowhere")" }
    #expect(
      places == [
        "network.latency access-line", "network.slow-upload local-network",
        "network.bufferbloat local-network",
      ])
  }

  @Test func `survive being written, and the place in a report too`() throws {
    let before = Measurements(
      network: .measured(measurement(example())), microphone: .notMeasured(.notAsked),
      camera: .notMeasured(.notAsked), computer: .notMeasured(.notAsked))
    let after = try Measurements(json: before.json())
    guard case .measured(let network) = after.network else {
      Issue.record("the network was not read")
      return
    }
    #expect(network.path == example())
    let report = try Report(json: Report(after, policy: .standard).json())
    #expect(report.findings.first { $0.kind == .highLatency }?.located == .localNetwork)
  }
}
