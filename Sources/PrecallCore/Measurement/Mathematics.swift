/// The elementary functions the engine needs, from additions, multiplications and divisions alone.
///
/// Each of these is rounded by IEEE 754 in one way only, so a native program and the browser get the same
/// bits, which they would not from two C libraries. (Loops count whole numbers: a stride of `Double`s is a
/// fused multiply, which wasm would import.) The method is that of W. J. Cody and W. Waite, *Software
/// Manual for the Elementary Functions* (1980): reduce the argument with a constant split in parts whose
/// products are exact, then sum a Taylor series until its next term is below half a unit in the last place.
/// Relative errors stay under 1e-12 (most under 1e-15), as the tests hold them against the C library.
package enum Mathematics {
  /// The natural logarithm; negative infinity of zero, not a number below.
  ///
  /// With x = 2^k · m and m between √½ and √2: ln x = k ln 2 + 2 artanh((m − 1) / (m + 1)).
  package static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var (mantissa, power) = split(x)
    if mantissa > 1.4142135623730951 { mantissa *= 0.5; power += 1 }
    let k = Double(power)
    return k * ln2High + (k * ln2Low + doubledArtanh((mantissa - 1) / (mantissa + 1)))
  }

  package static func log2(_ x: Double) -> Double {
    guard x > 0, x < .infinity else { return log(x) }
    let (mantissa, power) = split(x)
    return mantissa == 1 ? Double(power) : log(x) * 1.4426950408889634
  }

  package static func log10(_ x: Double) -> Double { log(x) * 0.4342944819032518 }

  /// e to the power of `x`: 2^k · e^r with r between ±½ ln 2.
  package static func exp(_ x: Double) -> Double {
    guard x == x else { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.1332191019412 { return 0 }
    let k = nearest(x * 1.4426950408889634)
    let r = (x - Double(k) * ln2High) - Double(k) * ln2Low
    var sum = 1.0
    for n in 0..<14 { sum = 1 + sum * r / Double(14 - n) }
    // In two steps, since 2^k alone may be too large or too small to be written.
    return sum * powerOfTwo(k / 2) * powerOfTwo(k - k / 2)
  }

  /// `x` to the power of `y`; not a number for a negative `x` unless `y` is whole. The relative error grows
  /// with the logarithm of the result: 1e-13 where that is 500.
  package static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if x == 0 { return y > 0 ? 0 : .infinity }
    if x > 0 { return exp(y * log(x)) }
    guard y > -9.0e15, y < 9.0e15, y == Double(Int64(y)) else { return .nan }
    let size = exp(y * log(-x))
    return Int64(y) % 2 == 0 ? size : -size
  }

  /// The sine of an angle in radians up to a million; not a number beyond.
  package static func sine(_ x: Double) -> Double { wave(x, quarters: 0) }

  /// The cosine of an angle in radians up to a million; not a number beyond.
  package static func cosine(_ x: Double) -> Double { wave(x, quarters: 1) }
}

extension Mathematics {
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// Two times the inverse hyperbolic tangent of `s`, at most 0.172: 2 (s + s³/3 + s⁵/5 + …).
  private static func doubledArtanh(_ s: Double) -> Double {
    let square = s * s
    var sum = 0.0
    for n in 0..<11 { sum = (sum + 1 / Double(23 - 2 * n)) * square }
    return 2 * s + 2 * s * sum
  }

  /// sin(x + quarters · π/2): x less the nearest multiple of π/2 in three parts, then the series of sine or
  /// cosine.
  private static func wave(_ x: Double, quarters: Int) -> Double {
    guard x >= -1.0e6, x <= 1.0e6 else { return .nan }
    let k = nearest(x * 0.6366197723675814)
    let count = Double(k)
    let r = ((x - count * 0x1.921fb544p+0) - count * 0x1.0b4611a6p-34) - count * 0x1.3198a2e037073p-69
    let quarter = (k + quarters) & 3
    let value = quarter & 1 == 0 ? series(r, sum: r, from: 1) : series(r, sum: 1, from: 0)
    return quarter < 2 ? value : -value
  }

  /// r^n/n! − r^(n+2)/(n+2)! + …, from its first term on, for |r| up to π/4.
  private static func series(_ r: Double, sum first: Double, from n: Int) -> Double {
    var tail = 1.0
    for step in 0..<9 {
      let m = n + 18 - 2 * step
      tail = 1 - tail * r * r / Double(m * (m - 1))
    }
    return first * tail
  }

  private static func nearest(_ x: Double) -> Int { Int(x < 0 ? x - 0.5 : x + 0.5) }

  /// `x` as a number from 1 up to 2 times a power of two.
  private static func split(_ x: Double) -> (mantissa: Double, power: Int) {
    let isSubnormal = x < 0x1p-1022
    let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
    let mantissa = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    return (mantissa, Int(bits >> 52) - 1023 - (isSubnormal ? 54 : 0))
  }

  /// 2 to the power of `k`, from -1022 up to 1023.
  private static func powerOfTwo(_ k: Int) -> Double { Double(bitPattern: UInt64(k + 1023) << 52) }
}
