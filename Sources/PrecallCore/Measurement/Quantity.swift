/// A measured value or a limit together with its unit.
package struct Quantity: Sendable, Hashable {
  /// The value in its base unit: what stands in a report.
  package let base: Int64
  package let unit: QuantityUnit

  package init(_ base: Int64, in unit: QuantityUnit) {
    self.base = base
    self.unit = unit
  }

  package static func time(_ value: Microseconds) -> Self { Self(value.base, in: .microseconds) }
  package static func share(_ value: Share) -> Self { Self(value.base, in: .partsPerMillion) }
  package static func rate(_ value: BitRate) -> Self { Self(value.base, in: .bitsPerSecond) }
  package static func size(_ value: ByteCount) -> Self { Self(value.base, in: .bytes) }
  package static func level(_ value: Decibels) -> Self { Self(value.base, in: .millidecibels) }
  package static func frameRate(_ value: FrameRate) -> Self { Self(value.base, in: .millihertz) }
  package static func frequency(_ value: Frequency) -> Self { Self(value.base, in: .hertz) }
  package static func score(_ value: OpinionScore) -> Self { Self(value.base, in: .thousandths) }
  /// A bare count: pictures, packets, lines of a picture.
  package static func count(_ value: Int64) -> Self { Self(value, in: .count) }
}

/// The base unit of a quantity, and how a key of a report or policy ends that holds one.
package enum QuantityUnit: UInt8, Sendable, Hashable, CaseIterable {
  case microseconds, partsPerMillion, bitsPerSecond, bytes, millidecibels, millihertz, hertz
  case thousandths, count

  package var suffix: StaticString {
    switch self {
    case .microseconds: "us"
    case .partsPerMillion: "ppm"
    case .bitsPerSecond: "bps"
    case .bytes: "bytes"
    case .millidecibels: "mdb"
    case .millihertz: "mhz"
    case .hertz: "hz"
    case .thousandths: "milli"
    case .count: "count"
    }
  }

  package func quantity(_ base: Int64) -> Quantity { Quantity(base, in: self) }

  /// The larger units that people write in a policy, each with the number of base units in one.
  package var written: [(suffix: StaticString, base: Double)] {
    switch self {
    case .microseconds: [("us", 1), ("ms", 1_000), ("s", 1_000_000)]
    case .partsPerMillion: [("ppm", 1), ("percent", 10_000)]
    case .bitsPerSecond: [("bps", 1), ("kbps", 1_000), ("mbps", 1_000_000)]
    case .bytes: [("bytes", 1), ("mb", 1_000_000)]
    case .millidecibels: [("mdb", 1), ("db", 1_000)]
    case .millihertz: [("mhz", 1), ("fps", 1_000)]
    case .hertz: [("hz", 1), ("khz", 1_000)]
    case .thousandths: [("milli", 1), ("score", 1_000)]
    case .count: [("count", 1)]
    }
  }
}
