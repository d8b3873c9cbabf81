import PrecallTestSupport
import Testing

import link_lab

/// The line as a pure machine: packets go in at made-up times.
@Suite struct LineTests {
  private func header(port: UInt16 = 4000, kind: PacketHeader.Kind = .udp) throws -> PacketHeader {
    var packet = [UInt8](repeating: 0, count: 40)
    packet[0] = 0x45
    packet[6] = 0x40
    packet[9] = kind.rawValue
    packet[22] = UInt8(port >> 8)
    packet[23] = UInt8(port & 255)
    return try #require(packet.withUnsafeBytes { PacketHeader($0) })
  }

  private func decisions(
    _ direction: Link.Direction, seed: UInt64 = 1, count: Int = 20_000, gap: Int64 = 1_000_000,
    length: Int = 1_000
  ) throws -> [Decision] {
    var line = Line(direction, isUp: true, seed: seed)
    let header = try header()
    return (0..<count).map { line.take(header, length: length, at: Int64($0) * gap) }
  }

  /// A direction of these parts of a link file.
  private func direction(_ parts: String) throws -> Link.Direction {
    let text = "{\"description\":\"t\",\"up\":{\(parts.replacing("}", with: ",\"source\":\"t\"}"))}}"
    return try Link(json: Array(text.utf8), name: "t").up
  }

  private func reference() throws -> Link.Direction {
    try Link(json: Fixtures.bytes("links/4g-poor.json"), name: "4g-poor").up
  }

  @Test func `the same seed and packets give the same decisions, another seed gives others`() throws {
    let direction = try reference()
    #expect(try decisions(direction) == decisions(direction))
    #expect(try decisions(direction) != decisions(direction, seed: 2))
  }

  @Test func `loss falls on the same packets whatever else the line does and whenever they come`() throws {
    var lossy = Link.Direction()
    lossy.loss = 0.05
    let slow = try direction(
      #""loss":{"percent":5},"rate":{"kbit_s":1000,"queue_bytes":1000000000},"corruption":{"percent":10}"#)
    #expect(try decisions(lossy).map(\.fate) == decisions(slow, gap: 7_777).map(\.fate))
  }

  @Test(arguments: [0.001, 0.05, 0.3]) func `random loss has its share`(_ share: Double) throws {
    var direction = Link.Direction()
    direction.loss = share
    let lost = try decisions(direction, count: 100_000).count { $0.fate == .lostAtRandom }
    let deviation = (100_000 * share * (1 - share)).squareRoot()
    #expect(abs(Double(lost) - 100_000 * share) < 4 * deviation)
  }

  @Test func `bursts have the length and share of the two states`() throws {
    let model = try direction(
      #""burst_loss":{"good_to_bad_percent":1,"bad_to_good_percent":25,"loss_in_bad_percent":100,"loss_in_good_percent":0}"#
    )
    let lost = try decisions(model, count: 200_000).map { $0.fate == .lostInBurst }
    let total = lost.count { $0 }
    let bursts = zip([false] + lost, lost).count { !$0 && $1 }
    #expect(abs(Double(total) / 200_000 - 0.01 / 0.26) < 0.004)
    #expect(abs(Double(total) / Double(bursts) - 4) < 0.3)
  }

  @Test func `a full queue drops the newest, and its depth is rate times time`() throws {
    // 1,000 bytes every 0.5 ms are 16 Mbit/s: each takes 1 ms.
    let timed = try direction(#""rate":{"kbit_s":8000,"queue_ms":50}"#)
    let all = try decisions(timed, count: 4_000, gap: 500_000)
    let waits = all.enumerated().filter { $1.fate == .delivered }.map { $1.release - Int64($0) * 500_000 }
    #expect(waits.max() ?? 0 <= 51_000_000)
    #expect(waits.last ?? 0 > 49_000_000)
    #expect(all.suffix(2_000).count { $0.fate == .queueFull } == 1_000)
    let bytes = try direction(#""rate":{"kbit_s":8000,"queue_bytes":50000}"#)
    let other = try decisions(bytes, count: 4_000, gap: 500_000)
    #expect(other.suffix(2_000).count { $0.fate == .queueFull } == 1_000)
  }

  @Test func `a step of the rate holds for packets that already wait`() throws {
    let text =
      #"{"description":"t","up":{"rate":{"kbit_s":1000,"queue_ms":1,"source":"t","steps":{"at":[{"s":1,"kbit_s":2000}]}}}}"#
    var steps = try #require(Link(json: Array(text.utf8), name: "t").up.rate?.bitsPerSecond)
    #expect(steps.end(of: 1e6, from: 500_000_000) == 1_250_000_000)
    steps.period = 2_000_000_000
    #expect(steps.end(of: 4e6, from: 0) == 3_000_000_000)
    #expect(steps.value(at: 2_500_000_000).value == 1e6)
    #expect(steps.value(at: 3_500_000_000).value == 2e6)
  }

  @Test func `a policer lets its bucket pass at once and drops what comes above the rate`() throws {
    let policer = try direction(#""rate":{"kbit_s":4000,"queue_ms":0,"burst_bytes":20000}"#)
    let all = try decisions(policer, count: 4_000, gap: 1_000_000)
    #expect(all.prefix(20).allSatisfy { $0.fate == .delivered })
    #expect(zip(0..., all).allSatisfy { $1.release == Int64($0) * 1_000_000 })
    #expect(abs(all.suffix(2_000).count { $0.fate == .delivered } - 1_000) <= 20)
  }

  @Test func `order is kept under variation, and only held packets are overtaken`() throws {
    let varying = try direction(#""delay":{"ms":20},"variation":{"distribution":"normal","ms":5}"#)
    let kept = try decisions(varying).map(\.release)
    #expect(kept == kept.sorted())
    let all = try decisions(direction(#""delay":{"ms":20},"reordering":{"percent":2,"ms":8}"#))
    let held = all.count { $0.isReordered }
    #expect((300...500).contains(held))
    #expect(
      zip(0..., all).allSatisfy {
        $1.release - Int64($0) * 1_000_000 == ($1.isReordered ? 28_000_000 : 20_000_000)
      })
  }

  @Test(arguments: Variation.Distribution.allCases)
  func `a distribution keeps its mean and spread whatever the correlation`(_ kind: Variation.Distribution)
    throws
  {
    for correlation in [0, 20] {
      let part = try direction(
        "\"variation\":{\"distribution\":\"\(kind.rawValue)\",\"ms\":1,\"shape\":3,\"cap_ms\":60000,\"correlation_ms\":\(correlation)}"
      )
      let variation = try #require(part.variation)
      var normal = CorrelatedNormal(generator: Generator(seed: 3, stream: 1))
      let values = (0..<300_000).map {
        Double(
          variation.deviation(normal.next(at: Int64($0) * 5_000_000, correlation: variation.correlation)))
          / 1e6
      }
      let mean = values.reduce(0, +) / 300_000
      let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 300_000).squareRoot()
      let expected: (Double, Double) =
        switch kind {
        case .normal: (0, 1)
        case .uniform: (0, (1.0 / 3).squareRoot())
        case .gamma: (1, (1.0 / 3).squareRoot())
        case .pareto: (1, 3.0.squareRoot())
        }
      #expect(abs(mean - expected.0) < 0.03)
      #expect(abs(deviation - expected.1) < (kind == .pareto ? 0.5 : 0.03))
    }
  }

  @Test func `a firewall goes by the server's port, and the largest unit by the packet's length`() throws {
    let office = try Link(json: Fixtures.bytes("links/corporate-udp-blocked.json"), name: "office")
    var line = Line(office.up, isUp: true, seed: 1)
    #expect(line.take(try header(), length: 100, at: 0).fate == .blocked)
    #expect(line.take(try header(port: 53), length: 100, at: 0).fate == .delivered)
    #expect(line.take(try header(kind: .tcp), length: 100, at: 0).fate == .delivered)
    let tunnel = try Link(json: Fixtures.bytes("links/vpn-black-hole.json"), name: "tunnel")
    var narrow = Line(tunnel.up, isUp: true, seed: 1)
    #expect(narrow.take(try header(), length: 1_400, at: 0).fate == .delivered)
    #expect(narrow.take(try header(), length: 1_401, at: 0).fate == .tooBig)
  }
}
