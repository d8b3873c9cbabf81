import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// The real command against the real server across links of which it is known what call they carry.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(5))) struct RehearsalTests {
  private func check(_ link: String, seed: Int = 1) async throws -> JSONValue {
    let result = try await LinkLab.check(link, seed: seed)
    return try #require(try? JSONReader.read(Array(result.output.utf8)), "\(result.error)")
  }

  private func held(_ report: JSONValue) -> Int64? {
    report["checks"]?["network"]?["metrics"]?["network.rehearsed-rate"]?["measured_bps"]?.integer
  }

  private func codes(_ report: JSONValue) -> Set<String> {
    Set((report.array("findings") ?? []).map { String(decoding: $0.string("code") ?? [], as: UTF8.self) })
  }

  @Test(
    arguments: [
      ("cable-100-20", 2_500_000...2_500_000, []),
      ("policer", 2_500_000...2_500_000, []),
      // 450 kbit/s carry 350, and 740 perhaps 750 for half a second.
      ("call-limit-over", 350_000...350_000, ["network.video-too-fast-up", "network.video-too-fast-down"]),
      (
        "call-limit-edge", 350_000...750_000,
        [
          "network.video-too-fast-up", "network.video-too-fast-down", "network.slow-upload",
          "network.slow-download",
        ]
      ),
      // 300 kbit/s up.
      ("upload-starved", 64_000...64_000, ["network.video-too-fast-up"]),
      ("dsl-3", 350_000...350_000, ["network.video-too-fast-up"]),
    ] as [(String, ClosedRange<Int64>, Set<String>)])
  func `each link holds the calls that it has the rate for`(
    link: String, rates: ClosedRange<Int64>, expected: Set<String>
  ) async throws {
    let report = try await check(link)
    #expect(rates.contains(held(report) ?? -1), "\(held(report) ?? -1)")
    #expect(expected.isEmpty || !codes(report).isDisjoint(with: expected), "\(codes(report))")
    #expect(!codes(report).contains("network.line-lost"))
    if expected.isEmpty { #expect(codes(report).allSatisfy { !$0.contains("too-fast") }) }
  }

  @Test func `a line that dies in the middle keeps what was measured, and says so`() async throws {
    let report = try await check("dead-for-3-s")
    #expect(held(report) != nil)
    #expect(!codes(report).isDisjoint(with: ["network.rehearsal-cut-off", "network.line-lost"]))
  }

  /// The first large packet is answered with "too large", which the kernel tells in place of sending a later one.
  @Test(arguments: 1...4) func `a packet that was too large costs no other one`(seed: Int) async throws {
    let report = try await check("vpn-mtu-1280", seed: seed)
    let metrics = report["checks"]?["network"]?["metrics"]
    #expect(metrics?["network.loss-up"]?["measured_ppm"]?.integer == 0)
  }

  @Test func `where no packet passes, no call is rehearsed`() async throws {
    let report = try await check("hotel-udp-blocked")
    #expect(held(report) == nil)
    #expect(codes(report).contains("network.udp-blocked"))
  }
}
