import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// The real command asked for all that a line carries, across links of which that is known.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct FullTests {
  /// 1,448 of 1,500 octets are payload.
  private static let payload = 1_448.0 / 1_500

  @Test(
    arguments: [
      // 1 % of the packets arrive damaged, which a kernel counts among those that arrived.
      ("corrupting", 50_000_000 * 0.99, 50_000_000 * 0.99),
      // It vanishes for 1.5 s while it is being filled.
      ("train", 15_000_000 * 0.997, 5_000_000 * 0.997),
    ])
  func `a full measurement comes near what the line carries and never says more`(
    link: String, down: Double, up: Double
  ) async throws {
    let result = try await LinkLab.check(link, options: ["--full"])
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
