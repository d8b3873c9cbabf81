package import PrecallCore

extension Goodput {
  private static let batches = 8
  /// Student's t for 95 % of seven degrees of freedom.
  private static let quantile = 2.365

  /// How well the mean rate of the steady part is known: half of its 95 % interval as a share of it, by the
  /// method of batch means (Law, Simulation Modeling and Analysis, section 9.5.3) with eight batches, each at
  /// least max(1 round trip, 200 ms) long. Nothing where there is less. (Two halves alone may agree by chance.)
  package func uncertainty(in transfer: Transfer, roundTrip: Microseconds) -> Share? {
    let length = Int64(spans / Self.batches)
    guard !isAtLeast, length * Transfer.binWidth.base >= max(200_000, roundTrip.base) else { return nil }
    let bins = transfer.bins[..<(firstSpan + spans)].suffix(Self.batches * Int(length))
    let means = (0..<Self.batches).map { batch in
      let start = bins.startIndex + batch * Int(length)
      return Double(bins[start..<start + Int(length)].reduce(0, +))
    }
    let count = Double(Self.batches)
    let mean = means.reduce(0, +) / count
    guard mean > 0 else { return nil }
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return Share(base: rounded(Self.quantile * (variance / count).squareRoot() / mean * 1e6))
  }
}
