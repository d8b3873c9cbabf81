/// Why a check has no figures. Never a pass.
package enum NotMeasured: Int, Sendable, CaseIterable {
  /// The person asked for other checks only.
  case notAsked
  /// There was nothing to measure against: no server was named.
  case noServer
  case deadline
  case interrupted
  /// The check itself broke: our fault, not the line's or the device's.
  case failed
  /// The test server did not do its part; a finding says how.
  case serverFailed

  package var name: StaticString {
    switch self {
    case .notAsked: "not-asked"
    case .noServer: "no-server"
    case .deadline: "deadline"
    case .interrupted: "interrupted"
    case .failed: "failed"
    case .serverFailed: "server-failed"
    }
  }

  package var sentence: StaticString {
    switch self {
    case .notAsked: "not checked, because it was not asked for"
    case .noServer: "not measured: no server was named; give the link that your provider sent"
    case .deadline: "not measured: the time was up"
    case .interrupted: "not measured: the check was stopped"
    case .failed: "not measured: the check itself failed"
    case .serverFailed: "not measured: the test server did not do its part"
    }
  }
}

/// What one check came to.
package struct CheckResult: Sendable {
  package enum State: Sendable, Equatable {
    case measured
    /// Stopped before its end; what there is was kept.
    case partial(NotMeasured)
    case notMeasured(NotMeasured)
  }

  package var check: Check
  package var state: State
  package var assessments: [Assessment]
  package var findings: [Finding]

  package init(
    _ check: Check, _ state: State, assessments: [Assessment] = [], findings: [Finding] = []
  ) {
    self.check = check
    self.state = state
    self.assessments = assessments
    self.findings = findings
  }

  /// The best visit that this check's findings leave possible.
  package var cap: Tier {
    var cap = Tier.hdVideo
    for finding in findings where finding.cap < cap { cap = finding.cap }
    return cap
  }

  package var worst: Severity? {
    var worst: Severity?
    for finding in findings where worst == nil || finding.severity > (worst ?? .note) {
      worst = finding.severity
    }
    return worst
  }
}
