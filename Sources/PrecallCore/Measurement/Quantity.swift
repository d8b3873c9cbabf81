/// A measured value or a limit together with its unit.
package enum Quantity: Sendable, Hashable {
  case time(Microseconds)
  case share(Share)
  case rate(BitRate)
  case size(ByteCount)
  case level(Decibels)
  case frameRate(FrameRate)
  case score(OpinionScore)
  /// A bare count: pictures, packets, lines of a picture.
  case count(Int64)

  /// The value in its base unit: what stands in a report.
  package var base: Int64 {
    switch self {
    case .time(let value): value.base
    case .share(let value): value.base
    case .rate(let value): value.base
    case .size(let value): value.base
    case .level(let value): value.base
    case .frameRate(let value): value.base
    case .score(let value): value.base
    case .count(let value): value
    }
  }

  package var unit: QuantityUnit {
    switch self {
    case .time: .microseconds
    case .share: .partsPerMillion
    case .rate: .bitsPerSecond
    case .size: .bytes
    case .level: .millidecibels
    case .frameRate: .millihertz
    case .score: .thousandths
    case .count: .count
    }
  }
}

/// The base unit of a quantity, and how a key of a report or policy ends that holds one.
package enum QuantityUnit: Sendable, Hashable, CaseIterable {
  case microseconds, partsPerMillion, bitsPerSecond, bytes, millidecibels, millihertz, thousandths, count

  package var suffix: StaticString {
    switch self {
    case .microseconds: "us"
    case .partsPerMillion: "ppm"
    case .bitsPerSecond: "bps"
    case .bytes: "bytes"
    case .millidecibels: "mdb"
    case .millihertz: "mhz"
    case .thousandths: "milli"
    case .count: "count"
    }
  }

  package func quantity(_ base: Int64) -> Quantity {
    switch self {
    case .microseconds: .time(Microseconds(base: base))
    case .partsPerMillion: .share(Share(base: base))
    case .bitsPerSecond: .rate(BitRate(base: base))
    case .bytes: .size(ByteCount(base: base))
    case .millidecibels: .level(Decibels(base: base))
    case .millihertz: .frameRate(FrameRate(base: base))
    case .thousandths: .score(OpinionScore(base: base))
    case .count: .count(base)
    }
  }

  /// The larger units that people write in a policy, each with the number of base units in one.
  package var written: [(suffix: StaticString, base: Double)] {
    switch self {
    case .microseconds: [("us", 1), ("ms", 1_000), ("s", 1_000_000)]
    case .partsPerMillion: [("ppm", 1), ("percent", 10_000)]
    case .bitsPerSecond: [("bps", 1), ("kbps", 1_000), ("mbps", 1_000_000)]
    case .bytes: [("bytes", 1), ("mb", 1_000_000)]
    case .millidecibels: [("mdb", 1), ("db", 1_000)]
    case .millihertz: [("mhz", 1), ("fps", 1_000)]
    case .thousandths: [("milli", 1), ("score", 1_000)]
    case .count: [("count", 1)]
    }
  }
}
