/// Something found in this examination.
package struct Finding: Sendable {
  package var kind: FindingKind
  package var severity: Severity
  /// The best visit that is still possible with it.
  package var cap: Tier
  package var measured: Quantity?
  package var limit: Quantity?
  /// What it is about, for the screen only: a device's or a program's name. Never part of a report that
  /// leaves the computer.
  package var subject: Text

  @inline(never)
  package init(
    _ kind: FindingKind, severity: Severity? = nil, cap: Tier? = nil, measured: Quantity? = nil,
    limit: Quantity? = nil, subject: Text = []
  ) {
    self.kind = kind
    self.severity = severity ?? kind.severity
    self.cap = cap ?? kind.cap
    self.measured = measured
    self.limit = limit
    self.subject = subject
  }
}

extension [Finding] {
  /// As the standard library's, but not inlined: a finding is large, and many places name one.
  @inline(never)
  package mutating func append(_ finding: Finding) { appendOne(finding) }
}
