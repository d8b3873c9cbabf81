/// Everything concluded from one examination. Holds no name, address, serial number, sound or picture.
package struct Report: Sendable {
  /// Changes only when a reader of the old format would misread the new one.
  package static let formatVersion: Int64 = 1
  package var verdict: Verdict
  package var results: [CheckResult]
  package var policy: Policy
  /// Whether the examination ran to its end.
  package var isComplete: Bool
  /// When it began, in seconds since 1970; nothing where the clock is not known.
  package var startedAt: Int64?
  /// Which program measured, as `precall-test 1.0.0 (Linux 6.1, x86_64)`.
  package var madeBy: Text
  /// Codes of findings that a newer program wrote and this one does not know.
  package var unknownCodes: [Text] = []
  /// The one of them that decided.
  package var unknownDeciding: Text?
  #if !hasFeature(Embedded)
    /// The steps of the call rehearsal, in their order: told by the program that measured, since no browser can.
    package var calls: [RehearsedCall] = []
    /// Of the way to the server; nothing where it was not looked at.
    package var path: PathFacts?
  #endif
  /// The words that it is written with.
  package var texts = Texts()

  package init(
    _ measurements: Measurements, policy: Policy, isComplete: Bool = true, startedAt: Int64? = nil,
    madeBy: Text = []
  ) {
    results = measurements.results(by: policy)
    verdict = Verdict(of: results, by: policy)
    self.policy = policy
    self.isComplete = isComplete
    self.startedAt = startedAt
    self.madeBy = madeBy
  }

  /// As it was written; `init(json:)` reads it.
  package init(_ verdict: Verdict, _ results: [CheckResult], policy: Policy, isComplete: Bool) {
    self.verdict = verdict
    self.results = results
    self.policy = policy
    self.isComplete = isComplete
    madeBy = []
  }

  /// All findings, the one that decides first: by what it leaves possible, then by how much it matters.
  package var findings: [Finding] {
    var all: [Finding] = []
    for result in results { all += result.findings }
    return ascending(all.map { Int64(10 * $0.cap.rawValue - $0.severity.rawValue) }).map { all[$0] }
  }

  /// The finding that decides; nothing where nothing limits the visit, or where
  /// only a newer program knows what does (`unknownDeciding`).
  package var deciding: Finding? {
    guard unknownDeciding == nil else { return nil }
    for finding in findings where finding.severity > .note { return finding }
    return nil
  }
}
