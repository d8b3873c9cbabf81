/// From where on a figure limits a visit, and who says so.
package struct Limit: Sendable {
  package var metric: Metric
  /// Past this, the figure is less than good. The visit works with limits, or just as well, with a note.
  package var warn: Quantity?
  /// Past this, it is poor: the part of the visit that needs it suffers or does not work.
  package var block: Quantity?
  /// Which of the policy's own sources says so; nothing where the published one does.
  package var ownSource: Int?
  #if !hasFeature(Embedded)
    /// The published source of the levels.
    package var publishedSource: StaticString
  #endif

  @inline(__always)
  package init(_ metric: Metric, warn: Quantity? = nil, block: Quantity? = nil, source: StaticString) {
    self.metric = metric
    self.warn = warn
    self.block = block
    #if !hasFeature(Embedded)
      publishedSource = source
    #endif
  }

  @inline(never)
  package func level(of value: Quantity) -> Assessment.Level {
    if let block, isPast(block, value) { return .blocking }
    if let warn, isPast(warn, value) { return .limited }
    return .good
  }

  private func isPast(_ bound: Quantity, _ value: Quantity) -> Bool {
    metric.worse == .higher ? value.base > bound.base : value.base < bound.base
  }
}

/// A measured figure beside its limit: one row of the table.
package final class Assessment: Sendable {
  package enum Level: Int, Sendable, Comparable, CaseIterable {
    case good, limited, blocking
    /// Measured and shown, with no limit to hold it against.
    case unjudged

    package var name: StaticString {
      switch self {
      case .good: "good"
      case .limited: "limited"
      case .blocking: "blocking"
      case .unjudged: "unjudged"
      }
    }

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  package let metric: Metric
  package let measured: Quantity
  /// The interval that holds the true value with 95 % confidence, where it is known.
  package let low: Quantity?
  package let high: Quantity?
  /// Of how many samples the figure was made.
  package let samples: Int?
  package let limit: Limit?
  package let level: Level

  /// Holds the figure against the policy's limit; `judged` in its place, where that is another. `warn` is a first
  /// limit that depends on what is measured, where the policy has none.
  @inline(never)
  package init(
    _ metric: Metric, _ measured: Quantity, low: Quantity? = nil, high: Quantity? = nil, samples: Int? = nil,
    judged: Quantity? = nil, warn: Quantity? = nil, by policy: Policy
  ) {
    self.metric = metric
    self.measured = measured
    self.low = low
    self.high = high
    self.samples = samples
    var limit = policy.limit(of: metric)
    if limit?.warn == nil { limit?.warn = warn }
    self.limit = limit
    level = limit?.level(of: judged ?? measured) ?? .unjudged
  }

  /// As a report tells it.
  package init(
    _ metric: Metric, _ measured: Quantity, low: Quantity?, high: Quantity?, samples: Int?, level: Level,
    limit: Limit?
  ) {
    self.metric = metric
    self.measured = measured
    self.low = low
    self.high = high
    self.samples = samples
    self.level = level
    self.limit = limit
  }

  /// The limit that was passed.
  package var passed: Quantity? { level == .blocking ? limit?.block : limit?.warn }
  package var isPast: Bool { level == .limited || level == .blocking }

  /// What is found where a limit is passed: past the first of two no more than a note.
  @inline(never)
  func graded(_ kind: FindingKind) -> Finding {
    let isMild = level == .limited
    return Finding(
      kind, severity: isMild ? .note : nil, cap: isMild ? .hdVideo : nil, measured: measured, limit: passed)
  }
}

extension [Assessment] {
  /// As the standard library's, but not inlined: it is called from everywhere.
  @inline(never)
  mutating func append(_ row: Assessment) { appendOne(row) }
}
