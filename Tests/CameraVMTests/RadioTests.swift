import PrecallCore
import PrecallTestSupport
import Testing

/// The unmodified program over a Wi-Fi of the kernel's own radios, beside what `iw` tells of it.
@Suite(.enabled(if: VirtualMachine.isPossible, Comment(rawValue: VirtualMachine.whyNot)))
struct RadioTests {
  @Test func `A Wi-Fi is known as one, with its rate, and its signal as iw tells it; a weak one is found`()
    async throws
  {
    let outcome = try await VirtualMachine.boot(["wifi"])
    print("The kernel's radios in \(outcome.took) with the boot")
    for (name, isWeak) in [("near", false), ("far", true)] {
      let words = try #require(outcome.reports[name], "\(outcome.console)")
      let report = try Report(json: Array(words.utf8))
      let other = try #require(outcome.reports[name + "-iw"])
      print("\(name): \(other)")
      #expect(report.path?.interface == .wifi)
      let rows = report.results.flatMap(\.assessments)
      let signal = try #require(rows.first { $0.metric == .wifiSignal }, "\(words)").measured.base
      let rate = try #require(rows.first { $0.metric == .wifiRate }, "\(words)").measured.base
      print("\(name): \(signal) mdB, \(rate) bit/s")
      #expect(abs(signal - Self.figure("signal avg:", in: other) * 1_000) <= 3_000)
      // The rate is chosen anew while packets go: iw tells it after the check.
      #expect((1_000_000...150_000_000).contains(rate))
      #expect(report.findings.contains { "\($0.kind.code)" == "network.weak-wifi" } == isWeak, "\(words)")
    }
  }

  /// The number that follows `words` in what `iw` prints.
  private static func figure(_ words: String, in text: String) -> Int64 {
    let rest = text.split(separator: words, maxSplits: 1).last ?? ""
    return Int64(rest.drop { $0 == " " }.prefix { $0 == "-" || $0.isNumber }) ?? 0
  }
}
