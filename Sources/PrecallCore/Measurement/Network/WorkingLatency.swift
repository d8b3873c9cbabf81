/// The round-trip time while the line carries a named load: what bufferbloat adds (the working latency of
/// draft-ietf-ippm-responsiveness, on packets that run beside the load).
package struct WorkingLatency: Sendable {
  package let load: Load
  package let count: Int
  package let median: Microseconds
  package let p95: Microseconds
  /// Over the median of the idle line; never below zero.
  package let increase: Microseconds

  /// Fewer packets than this under load tell nothing.
  package static let fewest = 10

  package init?(of run: PacketRun, under load: Load, idle: RoundTripTime) {
    guard let loaded = RoundTripTime(of: run, in: run.sequences(under: load)), loaded.count >= Self.fewest
    else { return nil }
    self.load = load
    count = loaded.count
    median = loaded.median
    p95 = loaded.p95
    increase = max(.zero, loaded.median - idle.median)
  }
}
