import PrecallCore
import PrecallTestSupport
import Testing

/// What a browser measures, judged without one.
@Suite struct BrowserMeasurementTests {
  private static func codes(_ call: CallPath) -> [String] {
    var network = NetworkMeasurement()
    network.call = call
    return network.assessed(by: .standard).findings.map { $0.kind.code.description }
  }

  @Test func `the way that a call finds is its finding`() {
    let ways: [([CallPath.Attempt], [String])] = [
      ([.init(.udp, .connected)], []),
      ([.init(.udp, .blocked), .init(.tcp, .connected)], ["network.call-over-tcp"]),
      (
        [.init(.udp, .blocked), .init(.tcp, .blocked), .init(.tls, .connected)], ["network.call-over-tls"]
      ),
      ([.init(.udp, .blocked), .init(.tcp, .blocked)], ["network.call-path-blocked"]),
      ([.init(.udp, .refused), .init(.tcp, .blocked)], ["network.call-path-refused"]),
      ([], ["network.call-path-untested"]),
    ]
    for (attempts, codes) in ways {
      var call = CallPath()
      call.attempts = attempts
      #expect(Self.codes(call) == codes)
    }
  }

  @Test(arguments: [(Int64(0), Severity?.none), (5, nil), (11, .warning), (60, .problem)])
  func `sound lost on the loop counts from two in a hundred on`(lost: Int64, severity: Severity?) {
    var network = NetworkMeasurement()
    var call = CallPath()
    call.attempts = [.init(.udp, .connected)]
    call.audio = .init(received: 500 - lost, lost: lost, bytes: 40_000)
    network.call = call
    let result = network.assessed(by: .standard)
    let loss = result.assessments.first { $0.metric.id.description == "network.call-loss" }
    #expect(loss?.measured.base == lost * 2_000)
    #expect((loss?.low?.base ?? 1) <= lost * 2_000 && (loss?.high?.base ?? 0) >= lost * 2_000)
    #expect(result.findings.first?.severity == severity)
  }

  @Test func `the delay of a call is half that of the loop`() {
    var network = NetworkMeasurement()
    var call = CallPath()
    call.attempts = [.init(.udp, .connected)]
    call.roundTrips = [700_000, 800_000, 900_000].map { Microseconds(base: $0) }
    network.call = call
    let result = network.assessed(by: .standard)
    #expect(result.assessments.first?.measured == .time(.milliseconds(400)))
    #expect(result.findings.map { $0.kind.code.description } == ["network.call-slow"])
  }

  /// What came of a picture in four seconds, as codes and as the best visit that it leaves.
  private static func judged(
    kilobits: Int64, frames: Int64, by policy: Policy = .standard, over transport: CallPath.Transport = .udp,
    transfers: [Transfer] = [], lostSound: Int64 = 0
  ) -> (codes: [String], cap: Tier, severity: Severity?) {
    var network = NetworkMeasurement()
    network.transfers = transfers
    var call = CallPath()
    call.attempts = [.init(transport, .connected)]
    call.duration = .seconds(6)
    call.video = .init(
      received: 400, lost: 0, bytes: kilobits * 500, frames: frames, duration: .seconds(4))
    if lostSound > 0 { call.audio = .init(received: 500 - lostSound, lost: lostSound, bytes: 40_000) }
    network.call = call
    let result = Self.result(of: network, by: policy)
    return (result.findings.map { $0.kind.code.description }, result.cap, result.worst)
  }

  private static func result(of network: NetworkMeasurement, by policy: Policy = .standard) -> CheckResult {
    CheckResult(.network, .measured, findings: network.assessed(by: policy).findings)
  }

  @Test func `the rate at which a call's picture came caps the visit as any other rate does`() {
    let cases: [(Int64, [String], Tier, Severity?)] = [
      (1_060, [], .hdVideo, nil), (940, ["network.call-picture-slow"], .standardVideo, .note),
      (760, ["network.call-picture-slow"], .standardVideo, .note),
      (740, ["network.call-picture-slow"], .lowVideo, .warning),
      (360, ["network.call-picture-slow"], .lowVideo, .warning),
      (340, ["network.call-picture-slow"], .audioOnly, .problem),
    ]
    for (rate, codes, cap, severity) in cases {
      let judged = Self.judged(kilobits: rate, frames: 80)
      #expect(judged.codes == codes && judged.cap == cap && judged.severity == severity, "\(rate): \(judged)")
    }
  }

  @Test func `a picture held back where all else has ample room is the sender's caution`() {
    let steady = { (direction: Direction, kilobits: Int64) in
      Transfer(
        direction, flows: 3, duration: .seconds(2), bins: Array(repeating: kilobits * 25 / 4, count: 40))
    }
    let cases: [(down: Int64, up: Int64, lostSound: Int64, cap: Tier, severity: Severity?)] = [
      (28_000, 9_000, 0, .standardVideo, .note), (28_000, 2_900, 0, .lowVideo, .warning),
      (2_900, 9_000, 0, .lowVideo, .warning), (28_000, 9_000, 11, .lowVideo, .warning),
    ]
    for one in cases {
      let judged = Self.judged(
        kilobits: 470, frames: 80, transfers: [steady(.down, one.down), steady(.up, one.up)],
        lostSound: one.lostSound)
      #expect(judged.codes.contains("network.call-picture-slow"), "\(one): \(judged)")
      #expect(judged.cap == one.cap && judged.severity == one.severity, "\(one): \(judged)")
    }
  }

  @Test func `fewer pictures a second than a visit needs cap the visit`() {
    let cases: [(Int64, [String], Tier, Severity?)] = [
      (60, [], .hdVideo, nil), (59, ["network.call-jerky"], .lowVideo, .warning),
      (20, ["network.call-jerky"], .lowVideo, .warning), (19, ["network.call-jerky"], .audioOnly, .problem),
      (0, ["network.call-jerky"], .audioOnly, .problem),
    ]
    for (frames, codes, cap, severity) in cases {
      let judged = Self.judged(kilobits: 1_060, frames: frames)
      #expect(
        judged.codes == codes && judged.cap == cap && judged.severity == severity, "\(frames): \(judged)")
    }
  }

  @Test func `a clinic's own limits hold for a call's picture`() throws {
    let policy = try Policy(
      json: Array(
        #"""
        {"format_version": 1, "limits": {"network.call-video-rate": {"warn_kbps": 500},
          "network.call-frame-rate": {"warn_fps": 10}}}
        """#.utf8))
    let (within, below) = (
      Self.judged(kilobits: 600, frames: 45, by: policy), Self.judged(kilobits: 490, frames: 45, by: policy)
    )
    #expect(within.cap == .standardVideo && within.severity == .note, "\(within)")
    #expect(below.cap == .lowVideo && below.severity == .warning, "\(below)")
  }

  @Test func `high definition is promised of no path but UDP that was tried`() {
    for transport in [CallPath.Transport.tcp, .tls] {
      #expect(Self.judged(kilobits: 990, frames: 80, over: transport).cap == .lowVideo)
    }
    var network = NetworkMeasurement()
    network.call = CallPath()
    let untested = Self.result(of: network)
    #expect(untested.cap == .standardVideo && untested.worst == .note)
  }

  @Test func `answer times are judged as delays, idle and under load`() {
    var network = NetworkMeasurement()
    var pings = Pings()
    pings.idle = [Microseconds](repeating: .milliseconds(40), count: 10)
    pings.upload = [Microseconds](repeating: .milliseconds(900), count: 10)
    network.pings = pings
    let codes = network.assessed(by: .standard).findings.map { $0.kind.code.description }
    #expect(codes == ["network.bufferbloat"])
  }

  @Test func `each refusal leaves a visit without sound or without picture`() throws {
    for refusal in BrowserRefusal.allCases {
      var microphone = MicrophoneMeasurement()
      microphone.refusal = refusal
      var camera = CameraMeasurement()
      camera.refusal = refusal
      let heard = try #require(microphone.assessed(by: .standard).findings.first)
      let seen = try #require(camera.assessed(by: .standard).findings.first)
      #expect(heard.cap == .phone && seen.cap == .audioOnly)
      #expect(heard.severity == .problem && seen.severity == .problem)
      #expect(heard.kind.code.description.dropFirst(10) == seen.kind.code.description.dropFirst(6))
    }
  }

  @Test(arguments: try Fixtures.names(in: "browser/measurements", ending: "json"))
  func `recorded measurements are read and written without loss`(name: String) throws {
    let read = try Measurements(json: try Fixtures.bytes("browser/measurements/\(name)"))
    let again = try Measurements(json: read.json())
    #expect(read.json() == again.json())
    #expect(
      Report(read, policy: .standard).json() == Report(again, policy: .standard).json(), "\(name)")
  }
}
