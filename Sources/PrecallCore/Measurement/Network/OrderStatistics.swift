/// Percentiles of integer samples by nearest rank: the smallest sample that at least this share of all
/// samples does not exceed (RFC 2330 section 11.3, the inverse of the empirical distribution function).
package struct OrderStatistics: Sendable {
  private let sorted: [Int64]

  /// Nothing of no samples.
  package init?(_ samples: [Int64]) {
    guard !samples.isEmpty else { return nil }
    sorted = ascending(samples).map { samples[$0] }
  }

  package var count: Int { sorted.count }
  package var minimum: Int64 { sorted[0] }
  package var median: Int64 { percentile(50) }

  package func percentile(_ percent: Int) -> Int64 {
    let rank = (sorted.count * min(max(percent, 0), 100) + 99) / 100
    return sorted[max(rank, 1) - 1]
  }
}
