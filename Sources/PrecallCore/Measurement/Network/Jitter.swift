/// Interarrival jitter of one direction, in its two definitions.
///
/// `mean` is the headline: the mean of |D| over all pairs of packets sent one after the other (the mean
/// absolute IPDV of RFC 3393). `smoothed` is what RTCP reports and what RFC 3550's running filter happens to
/// stand at when the test ends; with a gain of 1/16 it forgets all but the last packets and is within 10 % of
/// `mean`, its expectation, only every second time, whatever the length of the test.
package struct Jitter: Sendable {
  package let pairs: Int
  package let mean: Microseconds
  /// RFC 3550 section 6.4.1: J += (|D| - J) / 16, over packets in the order they arrived.
  package let smoothed: Microseconds
  /// Of the filter: one for each packet that arrived, but the first.
  package let steps: Int

  /// Nothing where no two consecutive packets arrived.
  package init?(of transit: OneWayTransit) {
    // Of recorded times, which may be a century apart each, the whole numbers could overflow.
    var sum = 0.0
    var pairs = 0
    for (one, next) in zip(transit.samples, transit.samples.dropFirst())
    where next.sequence == one.sequence + 1 {
      sum += Double(abs(next.transit - one.transit))
      pairs += 1
    }
    guard pairs > 0 else { return nil }
    self.pairs = pairs
    mean = Microseconds(base: rounded(sum / Double(pairs)))
    smoothed = Self.smoothed(transit.samples)
    steps = transit.samples.count - 1
  }

  private static func smoothed(_ samples: [OneWayTransit.Sample]) -> Microseconds {
    let arrived = ascending(samples.map { $0.sentAt + $0.transit }).map { samples[$0] }
    var jitter = 0.0
    for (one, next) in zip(arrived, arrived.dropFirst()) {
      jitter += (Double(abs(next.transit - one.transit)) - jitter) / 16
    }
    return Microseconds(base: rounded(jitter))
  }
}
