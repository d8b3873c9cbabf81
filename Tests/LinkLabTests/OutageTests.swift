import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// The real command over a line that is dead for three seconds, wherever in the check that falls.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(5))) struct OutageTests {
  /// 5 Mbit/s up and 20 down, 30 ms there and back.
  private static func link(outageAt start: Double) -> String {
    """
    {"description":"a test","both":{"delay":{"ms":15,"source":"t"},\
    "outages":{"packets":"lost","at":[{"s":\(start),"ms":3000}],"source":"t"}},\
    "up":{"rate":{"kbit_s":5000,"queue_ms":300,"source":"t"}},\
    "down":{"rate":{"kbit_s":20000,"queue_ms":200,"source":"t"}}}
    """
  }

  private func check(_ link: String) async throws -> (report: JSONValue, time: Duration) {
    try await Fixtures.withTemporaryFolder { folder in
      let file = folder + "/link.json"
      try Data(link.utf8).write(to: URL(filePath: file))
      let start = ContinuousClock.now
      let result = try await LinkLab.check(file)
      let report = try #require(try? JSONReader.read(Array(result.output.utf8)), "\(result.error)")
      return (report, ContinuousClock.now - start)
    }
  }

  /// Reaching the server, single packets, each call of the rehearsal, receiving and sending.
  @Test(arguments: [0, 0.02, 0.4, 0.9, 1.3, 1.8, 2.2, 2.7, 3.1, 3.5, 4.0])
  func `an outage anywhere is told, in time, and what was measured before it is kept`(
    start: Double
  ) async throws {
    let (report, time) = try await check(Self.link(outageAt: start))
    // The check's own 9.6 s, and the lab's making.
    #expect(time < .seconds(12))
    let findings = report.array("findings") ?? []
    let metrics = report["checks"]?["network"]?["metrics"]
    #expect(!findings.isEmpty)
    if start >= 1.3 {
      let trip = try #require(metrics?["network.round-trip-time"]?["measured_us"]?.integer)
      #expect((30_000...45_000).contains(trip))
    }
    if start >= 1.8 {
      #expect((metrics?["network.rehearsed-rate"]?["measured_bps"]?.integer ?? 0) >= 64_000)
    }
  }
}
