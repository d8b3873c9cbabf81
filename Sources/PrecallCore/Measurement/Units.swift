/// A quantity kept as a whole number of its base unit.
///
/// Each unit is a type of its own, so that milliseconds can't be given where seconds are meant, nor a
/// fraction where a percentage is: the faults that made other toolkits pass broken lines.
package protocol Unit: Sendable, Hashable, Comparable, BitwiseCopyable {
  /// The value in the base unit that the type's name or documentation says.
  var base: Int64 { get }
  init(base: Int64)
}

extension Unit {
  package static func < (one: Self, other: Self) -> Bool { one.base < other.base }
  package static func + (one: Self, other: Self) -> Self { Self(base: one.base + other.base) }
  package static func - (one: Self, other: Self) -> Self { Self(base: one.base - other.base) }
  package static var zero: Self { Self(base: 0) }
}

/// A span of time, or a moment counted from the start of a check, in microseconds.
package struct Microseconds: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package static func milliseconds(_ count: Double) -> Self { Self(base: rounded(count * 1_000)) }
  package static func seconds(_ count: Double) -> Self { Self(base: rounded(count * 1_000_000)) }
  package var inMilliseconds: Double { Double(base) / 1_000 }
  package var inSeconds: Double { Double(base) / 1_000_000 }
}

/// A share of a whole, in parts per million.
package struct Share: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package static func percent(_ count: Double) -> Self { Self(base: rounded(count * 10_000)) }
  /// `part` of `whole`; zero of nothing is zero.
  package init(_ part: Int, of whole: Int) {
    base = whole == 0 ? 0 : Int64(part) * 1_000_000 / Int64(whole)
  }
  package var inPercent: Double { Double(base) / 10_000 }
  package var fraction: Double { Double(base) / 1_000_000 }
}

/// A count of bytes.
package struct ByteCount: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package static func megabytes(_ count: Double) -> Self { Self(base: rounded(count * 1_000_000)) }
  package var inMegabytes: Double { Double(base) / 1_000_000 }
  /// The rate at which this many bytes came in `time`; nothing where no time passed.
  package func over(_ time: Microseconds) -> BitRate? {
    guard time.base > 0 else { return nil }
    return BitRate(base: rounded(Double(base) * 8 * 1_000_000 / Double(time.base)))
  }
}

/// A rate of data, in bits a second.
package struct BitRate: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package static func kilobits(_ count: Double) -> Self { Self(base: rounded(count * 1_000)) }
  package static func megabits(_ count: Double) -> Self { Self(base: rounded(count * 1_000_000)) }
  package var inMegabits: Double { Double(base) / 1_000_000 }
  package var inKilobits: Double { Double(base) / 1_000 }
}

/// A level of sound relative to full scale (dBFS), in thousandths of a decibel.
///
/// 0 dBFS is a sample of full scale, for peaks; for RMS a square wave of full scale. A sine of full scale
/// has an RMS level of -3.01 dBFS.
package struct Decibels: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package init(_ count: Double) { base = rounded(count * 1_000) }
  package var inDecibels: Double { Double(base) / 1_000 }
  /// What is said of a signal of exact zeros: below what 24 bits can hold.
  package static let silence = Decibels(-200)
}

/// Pictures a second, in thousandths (millihertz).
package struct FrameRate: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package init(_ perSecond: Double) { base = rounded(perSecond * 1_000) }
  package var perSecond: Double { Double(base) / 1_000 }
}

/// A frequency of sound, in hertz.
package struct Frequency: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package init(_ hertz: Double) { base = rounded(hertz) }
  package var inKilohertz: Double { Double(base) / 1_000 }
}

/// A mean opinion score from 1 (bad) to 5 (excellent), in thousandths (ITU-T P.800).
package struct OpinionScore: Unit {
  package let base: Int64
  package init(base: Int64) { self.base = base }
  package init(_ score: Double) { base = rounded(score * 1_000) }
  package var score: Double { Double(base) / 1_000 }
}

/// The nearest whole number, half away from zero; bounded, so that no input can trap.
package func rounded(_ value: Double) -> Int64 {
  guard value == value else { return 0 }
  if value >= 9.0e18 { return 9_000_000_000_000_000_000 }
  if value <= -9.0e18 { return -9_000_000_000_000_000_000 }
  return Int64(value < 0 ? value - 0.5 : value + 0.5)
}
