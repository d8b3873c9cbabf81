import PrecallTestSupport
import Testing

/// What a person at a terminal sees while a line is watched: the sparkline, drawn anew each second.
@Suite(.serialized) struct WatchedScreenTests {
  private static let erase = "\r\u{1B}[2K"

  /// The rows in order of drawing, and what stands after the last one was erased.
  private func rows(_ screen: String) -> (drawn: [Substring], rest: Substring) {
    var parts = screen.split(separator: Self.erase, omittingEmptySubsequences: false)
    let rest = parts.removeLast()
    // The first row is drawn on a line of its own: nothing is erased before it.
    return (parts.map { $0.split(separator: "\r\n", omittingEmptySubsequences: false).last ?? "" }, rest)
  }

  /// The marks of a row: all behind its last space.
  private func marks(_ row: Substring) -> Substring { row.split(separator: " ").last ?? "" }

  @Test func `A mark more each second, the round trip before it, and nothing of it stays`() async throws {
    let result = try await PseudoTerminal.run(
      "precall-test", ["watch", "--local", "--for", "5s"], environment: ["PATH": "/usr/bin:/bin"])
    let (drawn, rest) = rows(result.screen)
    let counts = drawn.map { marks($0).count }
    #expect(counts == counts.sorted() && Set(counts) == Set(1...5), "\(result.screen)")
    for row in drawn {
      #expect(row.contains(" ms") && row.contains("lost ") && row.count < 80, "\(row)")
      // On a busy computer one may be late.
      #expect(marks(row).allSatisfy { ("\u{2581}"..."\u{2588}").contains($0) || $0 == "x" }, "\(row)")
    }
    #expect(drawn.last.map { marks($0).contains { $0 != "x" } } == true)
    #expect(rest.contains("Watched for 5 s") && !rest.contains(Self.erase))
  }

  @Test(.needsLinks) func `Seconds in which packets are lost are crosses, between marks of the others`()
    async throws
  {
    let server = "'\(Fixtures.program("precall-server"))' --host 0.0.0.0 --port 8080"
    let watch = [Fixtures.program("precall-test"), "watch", "http://10.98.0.1:8080", "--for", "9s"]
    let result = try await PseudoTerminal.run(
      "link-lab", ["dead-for-3-s", "--server", server, "--wait-line", "--"] + watch,
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
    let (drawn, rest) = rows(result.screen)
    let last = try #require(drawn.last.map(marks), "\(result.screen)")
    // Dead from second 2 of the line to second 5, and the watching begins a little later.
    #expect(last.count == 9 && (3...4).contains(last.count { $0 == "x" }), "\(last)")
    #expect(last.contains("xxx") && last.first != "x" && last.last != "x", "\(last)")
    #expect(drawn.contains { $0.hasPrefix("no reply") } || result.screen.contains("nothing comes back"))
    #expect(rest.contains("Outages"))
  }
}
