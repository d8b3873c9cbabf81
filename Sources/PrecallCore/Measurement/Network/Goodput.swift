/// The rate at which the receiving application got bytes in the steady part of a transfer.
///
/// The rule: the last two windows of max(4 round trips, 200 ms) must agree within 10 %. Then the steady part
/// reaches back for as long as a window's bytes stay within 10 % of the last one's; slow start, the first
/// burst of a token bucket and the unfinished last span are left out. Where the windows do not agree, or the
/// transfer was shorter than two, the figure is a lower bound. (Convergence of recent windows: the way of
/// fast.com and of FastBTS, NSDI 2021.)
package struct Goodput: Sendable {
  package let rate: BitRate
  /// The line may carry more: it was not seen at its limit.
  package let isAtLeast: Bool
  /// Spans of 50 ms that the figure was made of.
  package let spans: Int

  /// Nothing where nothing arrived or no time passed.
  package init?(of transfer: Transfer, roundTrip: Microseconds) {
    let whole = min(transfer.bins.count, Int(transfer.duration.base / Transfer.binWidth.base))
    let bins = transfer.bins.prefix(whole)
    let window = Self.window(roundTrip)
    let steady = Self.steadyStart(bins, window)
    let used: (bytes: Int64, time: Microseconds)
    if whole >= window {
      let start = steady ?? whole - window
      used = (bins[start...].reduce(0, +), Microseconds(base: Int64(whole - start) * Transfer.binWidth.base))
    } else {
      // A few milliseconds of buffers that filled are no rate.
      used = (transfer.bins.reduce(0, +), max(transfer.duration, Transfer.binWidth))
    }
    guard used.bytes > 0, let rate = ByteCount(base: used.bytes).over(used.time) else { return nil }
    // A lost packet holds back what follows it, and then all arrives at once: a bound must not be that burst.
    let average = ByteCount(base: bins.reduce(0, +)).over(
      Microseconds(base: Int64(whole) * Transfer.binWidth.base))
    self.rate = steady == nil && whole >= window ? min(rate, average ?? rate) : rate
    isAtLeast = steady == nil
    spans = whole - (steady ?? max(0, whole - window))
  }

  /// In spans of `Transfer.binWidth`; round trips over 10 s are not believed.
  private static func window(_ roundTrip: Microseconds) -> Int {
    let wanted = 4 * min(max(roundTrip.base, 0), 10_000_000)
    return max(4, Int((wanted + Transfer.binWidth.base - 1) / Transfer.binWidth.base))
  }

  private static func steadyStart(_ bins: ArraySlice<Int64>, _ window: Int) -> Int? {
    guard bins.count >= 2 * window else { return nil }
    let last = bins.suffix(window).reduce(0, +)
    guard last > 0 else { return nil }
    var start = bins.count - 2 * window
    guard agrees(bins[start..<(start + window)].reduce(0, +), last) else { return nil }
    while start > 0, agrees(bins[(start - 1)..<(start - 1 + window)].reduce(0, +), last) { start -= 1 }
    return start
  }

  private static func agrees(_ bytes: Int64, _ last: Int64) -> Bool { abs(bytes - last) <= last / 10 }
}
