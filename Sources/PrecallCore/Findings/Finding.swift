/// Something found in this examination.
package final class Finding: Sendable {
  package let kind: FindingKind
  package let severity: Severity
  /// Where measurements put the fault; nothing where none told.
  package let located: Place?
  /// The best visit that is still possible with it.
  package let cap: Tier
  package let measured: Quantity?
  package let limit: Quantity?
  /// What it is about, for the screen only: a device's or a program's name. Never part of a report that
  /// leaves the computer.
  package let subject: Text

  @inline(never)
  package init(
    _ kind: FindingKind, severity: Severity? = nil, cap: Tier? = nil, at place: Place? = nil,
    measured: Quantity? = nil,
    limit: Quantity? = nil, subject: Text = []
  ) {
    self.kind = kind
    self.severity = severity ?? kind.severity
    located = place
    self.cap = cap ?? kind.cap
    self.measured = measured
    self.limit = limit
    self.subject = subject
  }

  /// Where the fault lies: where measurements put it, or else where one of its kind usually does.
  package var place: Place { located ?? kind.place }
}

extension [Finding] {
  /// As the standard library's, but not inlined: it is called from everywhere.
  @inline(never)
  mutating func append(_ finding: Finding) { appendOne(finding) }

  /// The same, those that are about nothing yet about `subject`.
  package func about(_ subject: Text) -> [Finding] {
    if subject.isEmpty { return self }
    return map { one in
      guard one.subject.isEmpty else { return one }
      return Finding(
        one.kind, severity: one.severity, cap: one.cap, at: one.located, measured: one.measured,
        limit: one.limit, subject: subject)
    }
  }
}
