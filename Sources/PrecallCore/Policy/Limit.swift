/// From where on a figure limits a visit, and who says so.
package struct Limit: Sendable {
  package var metric: Metric
  /// Past this, the visit works with limits.
  package var warn: Quantity?
  /// Past this, the part of the visit that needs it does not work.
  package var block: Quantity?
  /// The published source of the levels.
  package var source: Text {
    get { ownSource ?? publishedSource.bytes }
    set { ownSource = newValue }
  }
  private var publishedSource: StaticString
  private var ownSource: Text?

  package init(_ metric: Metric, warn: Quantity? = nil, block: Quantity? = nil, source: StaticString) {
    self.metric = metric
    self.warn = warn
    self.block = block
    publishedSource = source
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
package struct Assessment: Sendable {
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

  package var metric: Metric
  package var measured: Quantity
  /// The interval that holds the true value with 95 % confidence, where it is known.
  package var low: Quantity?
  package var high: Quantity?
  /// Of how many samples the figure was made.
  package var samples: Int?
  package var limit: Limit?
  package var level: Level

  @inline(never)
  package init(
    _ metric: Metric, _ measured: Quantity, low: Quantity? = nil, high: Quantity? = nil, samples: Int? = nil,
    by policy: Policy
  ) {
    self.metric = metric
    self.measured = measured
    self.low = low
    self.high = high
    self.samples = samples
    limit = policy.limit(of: metric)
    level = limit?.level(of: measured) ?? .unjudged
  }

  /// As a report tells it.
  package init(_ metric: Metric, _ measured: Quantity, level: Level, limit: Limit?) {
    self.metric = metric
    self.measured = measured
    self.level = level
    self.limit = limit
  }
}

extension [Assessment] {
  /// As the standard library's, but not inlined: an assessment is large.
  @inline(never)
  package mutating func append(_ row: Assessment) { appendOne(row) }
}
