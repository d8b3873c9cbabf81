/// Packet delay variation of one direction (RFC 5481 section 4.2, PDV): how much longer each packet took
/// than the fastest one. A de-jitter buffer is sized by its high percentiles.
package struct DelayVariation: Sendable {
  /// By sequence number.
  package let variations: [Int64]
  package let p95: Microseconds
  package let p99: Microseconds

  /// Clocks drift by at most this much against each other; a steeper slope is a queue that grows or drains.
  static let greatestDrift = 200e-6

  /// Nothing where no packet arrived.
  package init?(of transit: OneWayTransit) {
    let flat = Self.withoutDrift(transit.samples)
    guard let least = flat.min() else { return nil }
    variations = flat.map { $0 - least }
    guard let order = OrderStatistics(variations) else { return nil }
    p95 = Microseconds(base: order.percentile(95))
    p99 = Microseconds(base: order.percentile(99))
  }

  /// The share of the packets that took more than `wait` longer than the fastest: lost to a buffer that
  /// waits no longer.
  package func late(beyond wait: Microseconds) -> Share {
    Share(variations.count { $0 > wait.base }, of: variations.count)
  }

  /// Takes off the line that lies below all samples and closest to them (Moon, Skelly and Towsley, INFOCOM
  /// 1999): the edge of the lower convex hull over the mean of the send times.
  private static func withoutDrift(_ samples: [OneWayTransit.Sample]) -> [Int64] {
    let slope = envelopeSlope(samples)
    guard let first = samples.first, slope != 0, abs(slope) <= greatestDrift else {
      return samples.map { $0.transit }
    }
    return samples.map { $0.transit - rounded(slope * Double($0.sentAt - first.sentAt)) }
  }

  private static func envelopeSlope(_ samples: [OneWayTransit.Sample]) -> Double {
    guard let first = samples.first, samples.count > 2 else { return 0 }
    var hull: [(x: Double, y: Double)] = []
    var sum = 0.0
    for place in ascending(samples.map { $0.sentAt }) {
      let sample = samples[place]
      let point = (x: Double(sample.sentAt - first.sentAt), y: Double(sample.transit - first.transit))
      sum += point.x
      while hull.count > 1, !turnsUp(hull[hull.count - 2], hull[hull.count - 1], point) { hull.removeLast() }
      hull.append(point)
    }
    let mean = sum / Double(samples.count)
    for (left, right) in zip(hull, hull.dropFirst()) where right.x >= mean && right.x > left.x {
      return (right.y - left.y) / (right.x - left.x)
    }
    return 0
  }

  private static func turnsUp(
    _ one: (x: Double, y: Double), _ two: (x: Double, y: Double), _ three: (x: Double, y: Double)
  ) -> Bool {
    (two.x - one.x) * (three.y - one.y) > (two.y - one.y) * (three.x - one.x)
  }
}
