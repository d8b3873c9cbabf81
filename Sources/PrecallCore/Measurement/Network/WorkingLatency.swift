/// The round-trip time while the line carries a named load: what bufferbloat adds (the working latency of
/// draft-ietf-ippm-responsiveness, on packets that run beside the load).
package struct WorkingLatency: Sendable {
  package let load: Load
  package let count: Int
  /// Whether the queue still grew when the load ended: its last quarter's packets took longer than those before.
  package let isRising: Bool
  /// The packets that the median is of: those of the last quarter where it was rising.
  package let sequences: Range<Int>
  /// Where it was rising, what the line queues is that much at least.
  package let median: Microseconds
  package let p95: Microseconds
  /// Over the median of the idle line; never below zero.
  package let increase: Microseconds

  /// Fewer packets than this under load tell nothing.
  package static let fewest = 10
  /// A quarter of a load is a tenth of a second at least: a queue that grows by less in it fills no second.
  private static let growth = Microseconds(base: 20_000)

  package init?(of run: PacketRun, under load: Load, idle: RoundTripTime) {
    let all = run.sequences(under: load)
    guard let loaded = RoundTripTime(of: run, in: all), loaded.count >= Self.fewest else { return nil }
    self.load = load
    count = loaded.count
    p95 = loaded.p95
    let quarter = all.count / 4
    let newest = RoundTripTime(of: run, in: all.suffix(quarter))
    let before = RoundTripTime(of: run, in: all.dropLast(quarter).suffix(quarter))
    isRising = Self.rises(from: before?.median, to: newest?.median)
    sequences = isRising ? all.suffix(quarter) : all
    median = isRising ? newest?.median ?? loaded.median : loaded.median
    increase = max(.zero, median - idle.median)
  }

  private static func rises(from before: Microseconds?, to newest: Microseconds?) -> Bool {
    guard let before, let newest else { return false }
    return newest - before > max(growth, Microseconds(base: before.base / 8))
  }
}
