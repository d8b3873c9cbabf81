package import PrecallCore

extension Transfer {
  /// With bytes that arrived beside the flows while these ran.
  func adding(_ beside: [Int64]) -> Transfer {
    var sum = self
    for index in bins.indices where index < beside.count { sum.bins[index] += beside[index] }
    return sum
  }

  /// The last `count` whole spans; nothing where there are fewer.
  package func tail(_ count: Int) -> Transfer? {
    let end = min(bins.count, Int(duration.base / Self.binWidth.base))
    guard end >= count, bins[end - count] > 0 else { return nil }
    var tail = self
    let width = Self.binWidth.base
    tail.bins = Array(bins[(end - count)..<end])
    tail.duration = Microseconds(base: Int64(count) * width)
    tail.startedAt = startedAt.map { Microseconds(base: $0.base + Int64(end - count) * width) }
    return tail
  }

  /// All parts of `count` spans, from the last one back, half a second apart.
  func parts(of count: Int) -> [Transfer] {
    let whole = min(bins.count, Int(duration.base / Self.binWidth.base))
    return stride(from: whole, through: count, by: -10).compactMap { end in
      var part = self
      part.duration = Microseconds(base: Int64(end) * Self.binWidth.base)
      return part.tail(count)
    }
  }

  /// Without its first third: a slow line's ramp takes seconds, and may pass for a part of what is steady. Nothing
  /// where that is too little.
  package var withoutRamp: Transfer? {
    guard bins.count > 3 else { return nil }
    return (bins.count / 2...bins.count * 2 / 3).reversed().lazy.compactMap { tail($0) }.first
  }

  /// Less this share of each span.
  func without(_ share: Double) -> Transfer {
    guard share > 0 else { return self }
    var rest = self
    for index in bins.indices { rest.bins[index] = rounded(Double(bins[index]) * (1 - share)) }
    return rest
  }
}
