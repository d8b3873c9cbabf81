/// The rate at which the receiving end got bytes in the steady part of a transfer.
///
/// The rule: the steady part begins with the first window of max(4 round trips, 200 ms) that is within 10 % of
/// the mean of the second half, and must be as long as two windows. So slow start, the first burst of a token
/// bucket and the unfinished last span are left out. Its two halves must agree within 10 %, or those of a later
/// part of four windows and a quarter of all; else, or where the transfer was too short or cut within a second,
/// the figure is a lower bound. (Convergence of recent samples: the way of fast.com and
/// of FastBTS, NSDI 2021.)
package struct Goodput: Sendable {
  package let rate: BitRate
  /// The line has carried this much in each of the last two windows of max(1 round trip, 200 ms).
  package let low: BitRate
  /// How far the halves of the steady part are apart, as a share of its mean; nothing without such a part.
  package let drift: Share?
  /// Spans of 50 ms that the figure was made of, and the first of them.
  package let spans: Int
  package let firstSpan: Int

  /// What arrived in them.
  package var bytes: ByteCount {
    ByteCount(base: rounded(Double(rate.base) / 8 * Double(spans) * Transfer.binWidth.inSeconds))
  }

  /// The line may carry more: it was not seen at its limit.
  package var isAtLeast: Bool { isTooShort || drift.map { $0 > Self.tolerance } ?? true }
  /// A transfer that was cut within a second may have risen evenly still.
  private let isTooShort: Bool

  private static let tolerance = Share.percent(10)
  private static let fewestOfCut = 20

  /// Nothing where nothing arrived or no time passed.
  package init?(of transfer: Transfer, roundTrip: Microseconds) {
    let count = min(transfer.bins.count, Int(transfer.duration.base / Transfer.binWidth.base))
    // By whole bins: sums of bytes that have arrived before each of them.
    var sums: [Int64] = [0]
    for bin in transfer.bins.prefix(count) { sums.append(sums[sums.count - 1] + bin) }
    let bins = Spans(sums: sums)
    let window = Self.spans(4, of: roundTrip)
    low = bins.least(of: 2, long: Self.spans(1, of: roundTrip))
    isTooShort = transfer.isCut && count < Self.fewestOfCut
    guard let start = bins.steadyStart(window, within: Self.tolerance) else {
      // A few milliseconds of buffers that filled are no rate.
      let all = count >= window ? bins.rate(0, count) : Self.average(of: transfer)
      guard let all, all > .zero else { return nil }
      // A bound must not be a burst.
      rate = count >= window ? min(all, bins.rate(count - window, count)) : all
      drift = nil
      spans = min(count, window)
      firstSpan = count - spans
      return
    }
    drift = bins.drift(from: start)
    // Not from the middle of a stall of at most a second, after which all comes at once.
    var (least, from) = (bins.rate(start, count), start)
    for later in start...min(start + min(window, 20), count - window) where bins.rate(later, count) < least {
      (least, from) = (bins.rate(later, count), later)
    }
    rate = least
    spans = count - from
    firstSpan = from
  }

  private static func average(of transfer: Transfer) -> BitRate? {
    ByteCount(base: transfer.bins.reduce(0, +)).over(max(transfer.duration, Transfer.binWidth))
  }

  /// In spans of `Transfer.binWidth`, at least 200 ms; round trips over 10 s are not believed.
  private static func spans(_ trips: Int64, of roundTrip: Microseconds) -> Int {
    let wanted = trips * min(max(roundTrip.base, 0), 10_000_000)
    return max(4, Int((wanted + Transfer.binWidth.base - 1) / Transfer.binWidth.base))
  }
}

/// Bytes in spans of `Transfer.binWidth`, as running sums.
private struct Spans {
  let sums: [Int64]

  var count: Int { sums.count - 1 }

  /// The rate from the span `start` to before the span `end`.
  func rate(_ start: Int, _ end: Int) -> BitRate {
    let time = Microseconds(base: Int64(end - start) * Transfer.binWidth.base)
    return ByteCount(base: sums[end] - sums[start]).over(time) ?? .zero
  }

  /// The least rate of the last `windows` of this length; zero where there are fewer.
  func least(of windows: Int, long length: Int) -> BitRate {
    guard count >= windows * length else { return .zero }
    var least = rate(count - length, count)
    for index in 1..<windows {
      let end = count - index * length
      least = min(least, rate(end - length, end))
    }
    return least
  }

  /// How far the halves of what follows `start` are apart, as a share of its mean.
  func drift(from start: Int) -> Share {
    let middle = (start + count) / 2
    let apart = abs(rate(start, middle).base - rate(middle, count).base)
    return Share(base: rounded(Double(apart) * 1e6 / Double(max(rate(start, count).base, 1))))
  }

  /// The first window that is within 10 % of the mean of the second half; nothing where what follows is no
  /// longer than two. Where its halves do not agree the line changed meanwhile: then the first that is like the
  /// second half of what follows it, and whose halves agree. That must be four windows long and a quarter of
  /// all, since any two windows of many may agree by chance.
  func steadyStart(_ window: Int, within tolerance: Share) -> Int? {
    var first = 0
    while first < count, sums[first + 1] == 0 { first += 1 }
    guard count - first >= 2 * window else { return nil }
    func isUsual(_ start: Int, from half: Int) -> Bool {
      let usual = rate(half, count)
      return usual > .zero && abs(rate(start, start + window).base - usual.base) <= usual.base / 10
    }
    let start = (first...(count - 2 * window)).first { isUsual($0, from: (first + count) / 2) }
    if let start, drift(from: start) <= tolerance { return start }
    let fewest = max(4 * window, (count - first) / 4)
    guard first <= count - fewest else { return start }
    return (first...(count - fewest)).first {
      isUsual($0, from: ($0 + count) / 2) && drift(from: $0) <= tolerance
    } ?? start
  }
}
