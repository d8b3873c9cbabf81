import PrecallCore
import Testing

private func line(
  _ count: Int = 300, up: (Int) -> Int64 = { _ in 20_000 }, lost: (Int) -> Bool = { _ in false },
  rate: Int64 = 500_000
) -> NetworkMeasurement {
  var measurement = NetworkMeasurement()
  measurement.reach.connect = .milliseconds(40)
  var reflected = 0
  for sequence in 0..<count {
    let sent = Int64(sequence) * 5_000
    measurement.packets.sentAt.append(Microseconds(base: sent))
    if lost(sequence) { continue }
    measurement.packets.replies.append(
      PacketReply(
        sequence: sequence, reflectorReceivedAt: Microseconds(base: sent + up(sequence)),
        reflectorSentAt: Microseconds(base: sent + up(sequence) + 100), reflectorSequence: reflected,
        receivedAt: Microseconds(base: sent + up(sequence) + 20_100)))
    reflected += 1
  }
  measurement.packets.phases = [PacketRun.Phase(.idle, 0..<count)]
  measurement.packets.reflectorReceived = reflected
  for direction in Direction.allCases {
    measurement.transfers.append(
      Transfer(
        direction, flows: 3, duration: .seconds(1), bins: Array(repeating: rate / 8 / 20, count: 20)))
  }
  return measurement
}

private func codes(_ measurement: NetworkMeasurement) -> Set<String> {
  Set(measurement.assessed(by: .standard).findings.map { "\($0.kind.code)" })
}

struct `Network measurement` {
  @Test func `a good line has figures and no findings`() {
    let (assessments, findings) = line(rate: 20_000_000).assessed(by: .standard)
    #expect(findings.isEmpty)
    #expect(assessments.allSatisfy { $0.level == .good || $0.level == .unjudged })
    let ids = Set(assessments.map { "\($0.metric.id)" })
    #expect(ids.isSuperset(of: ["network.round-trip-time", "network.jitter", "network.audio-score"]))
  }

  @Test func `each fault of a line is its own finding`() {
    #expect(codes(line(lost: { $0 % 30 == 0 }, rate: 20_000_000)) == ["network.packet-loss"])
    #expect(codes(line(up: { _ in 500_000 }, rate: 20_000_000)).contains("network.latency"))
    #expect(
      codes(line(up: { 20_000 + Int64($0 % 2) * 40_000 }, rate: 20_000_000)).contains("network.jitter"))
    #expect(codes(line(lost: { _ in true }, rate: 20_000_000)) == ["network.udp-blocked"])
    #expect(codes(line(rate: 500_000)) == ["network.slow-download", "network.slow-upload"])
  }

  @Test func `two lost packets are no share of few, three are`() {
    let two = line(90, lost: { $0 == 40 || $0 == 60 }, rate: 20_000_000)
    #expect(codes(two).isEmpty)
    let row = two.assessed(by: .standard).assessments.first { "\($0.metric.id)" == "network.loss-up" }
    #expect(row?.measured == .share(Share(2, of: 90)))
    #expect(codes(line(90, lost: { $0 % 20 == 19 && $0 < 60 }, rate: 20_000_000)) == ["network.packet-loss"])
  }

  @Test func `connecting that takes long is told once, whichever part of it took long`() {
    var slow = line(rate: 20_000_000)
    slow.reach.connect = .seconds(1)
    #expect(codes(slow).isEmpty)
    slow.reach.connect = Microseconds(base: 1_000_001)
    slow.reach.firstByte = .milliseconds(50)
    #expect(codes(slow) == ["network.slow-connect"])
    slow.reach.firstByte = .seconds(3)
    #expect(slow.assessed(by: .standard).findings.map { "\($0.kind.code)" } == ["network.slow-connect"])
    slow.reach.connect = .milliseconds(40)
    #expect(codes(slow) == ["network.slow-connect"])
  }

  @Test(arguments: [NetworkPath.Interface.tunnel, .wifi]) func `a tunnel is told, and is no fault`(
    interface: NetworkPath.Interface
  ) {
    var tunnelled = line(rate: 20_000_000)
    tunnelled.path = NetworkPath()
    tunnelled.path?.interface = interface
    #expect(codes(tunnelled) == (interface == .tunnel ? ["network.vpn"] : []))
  }

  @Test(
    arguments: [
      (30_000, Tier.phone), (100_000, .audioOnly), (500_000, .lowVideo), (1_000_000, .standardVideo),
    ] as [(Int64, Tier)]) func `a slow line holds the visit down to the tier that it carries`(
      rate: Int64, tier: Tier
    )
  {
    let findings = line(rate: rate).assessed(by: .standard).findings
    #expect(findings.map { $0.cap }.min() == tier)
  }

  @Test func `loss past the blocking limit is a problem and leaves no video`() throws {
    let finding = try #require(
      line(lost: { $0 % 8 == 0 }, rate: 20_000_000).assessed(by: .standard).findings.first {
        "\($0.kind.code)" == "network.packet-loss"
      })
    #expect(finding.severity == .problem)
    #expect(finding.cap == .audioOnly)
  }

  @Test func `no measurement at all is no figure`() {
    let (assessments, findings) = NetworkMeasurement().assessed(by: .standard)
    #expect(assessments.isEmpty && findings.isEmpty)
  }

  @Test(arguments: NetworkFailure.Reason.allCases)
  func `every reason to stop is a finding, at every step`(reason: NetworkFailure.Reason) {
    for step in NetworkFailure.Step.allCases {
      var measurement = NetworkMeasurement()
      measurement.failure = NetworkFailure(step, reason)
      #expect(codes(measurement).count == 1)
    }
  }

  @Test func `a server's fault is not held against the line, and is never a pass`() {
    var measurement = line(rate: 20_000_000)
    measurement.failure = NetworkFailure(.upload, .closedEarly)
    let verdict = Report(Measurements(network: .measured(measurement)), policy: .standard).verdict
    #expect(verdict.outcome == .notMeasured)
    measurement.failure = NetworkFailure(.upload, .timedOut)
    #expect(codes(measurement) == ["network.line-lost"])
  }

  @Test func `a certificate out of time is the clock's fault where the clocks differ by days`() {
    var measurement = NetworkMeasurement()
    measurement.failure = NetworkFailure(.reach, .certificateNotYetValid)
    #expect(codes(measurement) == ["network.certificate-not-yet-valid"])
    measurement.reach.clockOffset = .seconds(400 * 86_400)
    #expect(codes(measurement) == ["network.clock-breaks-security"])
  }

  @Test func `a clock minutes off is named`() {
    var measurement = line(rate: 20_000_000)
    measurement.reach.clockOffset = .seconds(-600)
    #expect(codes(measurement) == ["network.wrong-clock"])
  }

  @Test func `what was written is read back the same`() throws {
    var measurement = line(60, lost: { $0 % 7 == 0 })
    measurement.reach.nameLookup = .milliseconds(3)
    measurement.reach.clockOffset = .milliseconds(-12)
    measurement.reach.addressFamily = 6
    measurement.failure = NetworkFailure(.upload, .busy, status: 503)
    measurement.transfers[1].counter = .acknowledgements
    measurement.transfers[1].isCut = true
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    let back = try NetworkMeasurement(json: try JSONReader.read(writer.text))
    #expect(back == measurement)
  }

  @Test(arguments: [
    #"{"packets":{"sent_us":[0],"replies":[[1,0,0,0,0]]}}"#,
    #"{"packets":{"sent_us":[0],"replies":[[0,0,0,0]]}}"#,
    #"{"packets":{"sent_us":[0],"phases":[{"load":"idle","from":0,"to":2}]}}"#,
    #"{"packets":{"sent_us":[9223372036854775807]}}"#,
    #"{"transfers":[{"direction":"down","flows":3,"counted_by":"receiver","duration_us":-1,"bytes_per_50_ms":[]}]}"#,
    #"{"failure":{"step":"reach","reason":"mood"}}"#, #"{"reach":{"connect_us":"soon"}}"#,
  ]) func `what no check can have written is refused`(text: String) throws {
    let json = try JSONReader.read(Array(text.utf8))
    #expect(throws: JSONError.self) { try NetworkMeasurement(json: json) }
  }

  @Test func `every finding and figure of the network has a code of its own`() {
    let codes = FindingKind.network.map { "\($0.code)" }
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.hasPrefix("network.") })
    let ids = Metric.network.map { "\($0.id)" }
    #expect(Set(ids).count == ids.count)
  }
}
