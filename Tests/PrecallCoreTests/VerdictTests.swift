import PrecallCore
import PrecallTestSupport
import Testing

/// The verdict over every combination of states and findings of three checks.
@Suite struct VerdictTests {
  private static let states: [CheckResult.State] =
    [.measured] + NotMeasured.allCases.filter { $0 != .notAsked }.map { .partial($0) }
    + NotMeasured.allCases.map { .notMeasured($0) }

  private static func finding(_ check: Check, _ severity: Severity, _ cap: Tier) -> Finding {
    Finding(
      FindingKind(
        "test.made-up", check, severity, cap: cap, at: .thisComputer, says: "Made up.", remedy: "Nothing.",
        explanation: "Made up by a test."))
  }

  /// Each check in each state, with no finding or one of each severity and cap.
  private static func results(of check: Check) -> [CheckResult] {
    var results: [CheckResult] = []
    for state in states {
      results.append(CheckResult(check, state))
      guard state == .measured || state == .partial(.deadline) else { continue }
      for severity in Severity.allCases {
        for cap in Tier.allCases {
          results.append(CheckResult(check, state, findings: [finding(check, severity, cap)]))
        }
      }
    }
    return results
  }

  private func everyCombination(_ body: ([CheckResult]) -> Void) {
    for network in Self.results(of: .network) {
      for microphone in Self.results(of: .microphone) {
        for camera in Self.results(of: .camera) { body([network, microphone, camera]) }
      }
    }
  }

  /// Ready is best; what could not be measured is better than what is known not to work.
  private func rank(_ outcome: Verdict.Outcome) -> Int {
    switch outcome {
    case .ready: 3
    case .usable: 2
    case .notMeasured: 1
    case .notReady: 0
    }
  }

  @Test func `what was asked for and not measured is never ready`() {
    var faults = 0
    everyCombination { results in
      let outcome = Verdict(of: results, by: .standard).outcome
      let isMissing = results.contains { $0.state != .measured && $0.state != .notMeasured(.notAsked) }
      if isMissing, outcome == .ready || outcome == .usable { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func `ready means that nothing limits and something was measured`() {
    var faults = 0
    everyCombination { results in
      let verdict = Verdict(of: results, by: .standard)
      let isLimited = results.contains { ($0.worst ?? .note) > .note || $0.cap < .standardVideo }
      let isMeasured =
        results.allSatisfy { $0.state == .measured || $0.state == .notMeasured(.notAsked) }
        && results.contains { $0.state == .measured }
      if (verdict.outcome == .ready) != (isMeasured && !isLimited) { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func `not ready exactly where the tier is below the policy's minimum`() {
    var faults = 0
    everyCombination { results in
      let verdict = Verdict(of: results, by: .standard)
      if (verdict.outcome == .notReady) != (verdict.tier < Policy.standard.minimum) { faults += 1 }
      if verdict.tier != results.map(\.cap).min() { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func `another finding never makes the verdict better`() {
    var faults = 0
    var random = Mutations(seed: 3)
    everyCombination { results in
      let before = Verdict(of: results, by: .standard)
      var more = results
      let index = Int.random(in: 0..<3, using: &random)
      let severity = Severity.allCases.randomElement(using: &random) ?? .note
      let cap = Tier.allCases.randomElement(using: &random) ?? .phone
      more[index].findings.append(Self.finding(more[index].check, severity, cap))
      let after = Verdict(of: more, by: .standard)
      if rank(after.outcome) > rank(before.outcome) || after.tier > before.tier { faults += 1 }
      if after.audio == .yes, before.audio != .yes { faults += 1 }
      if after.screenShare == .yes, before.screenShare != .yes { faults += 1 }
    }
    #expect(faults == 0)
  }

  @Test func `nothing asked is not measured`() {
    #expect(Verdict(of: [], by: .standard).outcome == .notMeasured)
    #expect(Verdict(of: Measurements().results(by: .standard), by: .standard).outcome == .notMeasured)
  }
}
