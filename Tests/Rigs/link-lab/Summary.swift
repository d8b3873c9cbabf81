import PrecallCore

/// Figures of a set of packets that went one way, from what really happened to each. Delays run from the
/// packet's coming to its being handed over; those that were lost have none.
package struct Summary {
  package var packets = 0
  package var bytes = 0
  package var counts = [Int](repeating: 0, count: Fate.allCases.count)
  package var deliveredBytes = 0
  package var duplicated = 0
  package var reordered = 0
  package var corrupted = 0
  package var longestLoss = 0
  /// Neither lost nor handed over when the run ended.
  package var underWay = 0
  /// Delays in nanoseconds, in order of size.
  package var delays: [Int64] = []
  /// The running RFC 3550 jitter (section 6.4.1), in nanoseconds: after the last packet, and in the mean.
  package var jitter = 0.0
  package var jitterMean = 0.0
  /// The mean of the absolute differences of successive delays (RFC 3393).
  package var difference = 0.0
  /// Nanoseconds from the first to the last handing over.
  package var duration: Int64 = 0
  /// The most bytes that were handed over within a second.
  package var mostBytesInSecond = 0

  init(_ log: PacketLog, _ numbers: [Int]) {
    var run = 0
    for number in numbers {
      let entry = log[number]
      packets += 1
      bytes += Int(entry.length)
      let fate = entry.fate == .delivered && entry.left == 0 ? nil : entry.fate
      if let fate { counts[Int(fate.rawValue)] += 1 } else { underWay += 1 }
      run = entry.fate == .delivered ? 0 : run + 1
      longestLoss = max(longestLoss, run)
      if entry.isDuplicated { duplicated += 1 }
      if entry.isReordered { reordered += 1 }
      if entry.isCorrupted { corrupted += fate == .delivered ? 1 : 0 }
    }
    let delivered = numbers.map { log[$0] }.filter { $0.left > 0 }.sorted { $0.left < $1.left }
    delays = delivered.map { $0.left - $0.arrived }
    takeVariation()
    takeRates(delivered)
    delays.sort()
  }

  /// From `delays` in the order of their coming.
  private mutating func takeVariation() {
    guard delays.count > 1 else { return }
    var (running, jitters) = (0.0, 0.0)
    for (earlier, later) in zip(delays, delays.dropFirst()) {
      let step = Double(abs(later - earlier))
      running += (step - running) / 16
      jitters += running
      difference += step
    }
    jitter = running
    jitterMean = jitters / Double(delays.count - 1)
    difference /= Double(delays.count - 1)
  }

  private mutating func takeRates(_ delivered: [PacketLog.Entry]) {
    guard let first = delivered.first, let last = delivered.last else { return }
    duration = last.left - first.left
    var (oldest, window) = (0, 0)
    for entry in delivered {
      deliveredBytes += Int(entry.length)
      window += Int(entry.length)
      while entry.left - delivered[oldest].left >= 1_000_000_000 {
        window -= Int(delivered[oldest].length)
        oldest += 1
      }
      mostBytesInSecond = max(mostBytesInSecond, window)
    }
  }

  package func lost(_ fate: Fate) -> Int { counts[Int(fate.rawValue)] }

  /// The delay that `share` of the packets did not exceed.
  package func delay(_ share: Double) -> Int64? { Self.quantile(share, of: delays) }

  static func quantile(_ share: Double, of sorted: [Int64]) -> Int64? {
    sorted.isEmpty ? nil : sorted[Int((Double(sorted.count - 1) * share).rounded())]
  }
}

extension Summary {
  func write(to writer: inout JSONWriter, varies: Bool) {
    writer.member("packets", Int64(packets))
    writer.member("bytes", Int64(bytes))
    for fate in Fate.allCases where fate != .overrun || lost(fate) > 0 {
      writer.member(fate.name, Int64(lost(fate)))
    }
    writer.member("under_way", Int64(underWay))
    writer.member("longest_loss", Int64(longestLoss))
    writer.member("duplicated", Int64(duplicated))
    writer.member("reordered", Int64(reordered))
    writer.member("corrupted", Int64(corrupted))
    writer.member("delivered_bytes", Int64(deliveredBytes))
    writer.member("duration_us", duration / 1000)
    if duration > 0 { writer.member("rate_bit_s", Int64(Double(deliveredBytes) * 8e9 / Double(duration))) }
    writer.member("peak_rate_bit_s", Int64(mostBytesInSecond * 8))
    guard let least = delays.first, let middle = delay(0.5), let p95 = delay(0.95), let p99 = delay(0.99)
    else {
      return
    }
    writer.member("delay_min_us", least / 1000)
    writer.member("delay_median_us", middle / 1000)
    writer.member("delay_p95_us", p95 / 1000)
    guard varies else { return }
    writer.member("pdv_p95_us", (p95 - least) / 1000)
    writer.member("pdv_p99_us", (p99 - least) / 1000)
    writer.member("jitter_us", Int64(jitter / 1000))
    writer.member("jitter_mean_us", Int64(jitterMean / 1000))
    writer.member("ipdv_mean_us", Int64(difference / 1000))
  }
}
