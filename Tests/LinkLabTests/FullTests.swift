import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// The real command asked for all that a line carries, across links of which that is known.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct FullTests {
  /// 1,448 of 1,500 octets are payload.
  private static let payload = 1_448.0 / 1_500

  /// A line that vanishes for 1.5 s while it is being filled.
  private static let vanishing = """
    {"description": "a test", "both": {"delay": {"ms": 30, "source": "chosen"},
      "loss": {"percent": 0.3, "source": "chosen"},
      "outages": {"packets": "lost", "at": [{"s": 4, "ms": 1500}], "repeat_s": 12, "source": "chosen"}},
     "up": {"rate": {"kbit_s": 5000, "queue_ms": 600, "source": "chosen"}},
     "down": {"rate": {"kbit_s": 15000, "queue_ms": 600, "source": "chosen"}}}
    """

  @Test func `a full measurement of a line that vanishes comes near what it carries and never says more`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      let file = folder + "/vanishing.json"
      try Self.vanishing.write(toFile: file, atomically: true, encoding: .utf8)
      try await expect(of: file, down: 15_000_000 * 0.997, up: 5_000_000 * 0.997)
    }
  }

  /// 1 % of the packets arrive damaged, which a kernel counts among those that arrived.
  @Test func `damaged packets are no goodput`() async throws {
    try await expect(of: "corrupting", down: 50_000_000 * 0.99, up: 50_000_000 * 0.99)
  }

  /// 2.4 % are lost in bursts, which is no goodput, and the delay swings: what each flow can do there is far less than
  /// the line.
  @Test(arguments: [4, 8]) func `a crowded channel is filled all the same`(seed: Int) async throws {
    try await expect(of: "wifi-congested", seed: seed, down: 20_000_000 * 0.976, up: 8_000_000 * 0.976)
  }

  private func expect(of link: String, seed: Int = 1, down: Double, up: Double) async throws {
    let result = try await LinkLab.check(link, seed: seed, options: ["--full"])
    let report = try #require(try? JSONReader.read(Array(result.output.utf8)), "\(result.error)")
    for (name, rate) in [("network.download", down), ("network.upload", up)] {
      let metrics = report["checks"]?["network"]?["metrics"]?.members
      let row = metrics?.first { $0.key == Array(name.utf8) }?.value
      let measured = Double(try #require(row?["measured_bps"]?.integer))
      let share = measured / (rate * Self.payload)
      // Of 7,000 packets of which 1 % are damaged, 0.9 to 1.1 % may be.
      #expect(share > 0.93 && share < 1.002, "\(name): \(share)")
      #expect(row?["low_bps"] == nil, "\(name)")
    }
  }
}
