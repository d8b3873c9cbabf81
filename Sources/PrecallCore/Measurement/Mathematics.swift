/// Elementary functions in pure Swift, so that the command and the browser get the same bits: C libraries
/// round these differently.
package enum Mathematics {
  private static let ln2 = 0.693_147_180_559_945_3

  /// The natural logarithm; not a number below zero, minus infinity at zero.
  package static func log(_ value: Double) -> Double {
    guard value > 0 else { return value == 0 ? -.infinity : .nan }
    guard value.isFinite else { return value }
    var exponent = Double(value.exponent)
    var mantissa = value.significand
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa /= 2
      exponent += 1
    }
    // log(m) = 2 artanh((m - 1) / (m + 1)), where the argument is at most 0.172.
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var term = ratio
    var sum = 0.0
    var divisor = 1.0
    while divisor < 24 {
      sum += term / divisor
      term *= square
      divisor += 2
    }
    return exponent * ln2 + 2 * sum
  }

  package static func log10(_ value: Double) -> Double { log(value) / 2.302_585_092_994_045_7 }

  package static func exp(_ value: Double) -> Double {
    guard value > -700 else { return 0 }
    guard value < 700 else { return .infinity }
    let whole = (value / ln2).rounded()
    let rest = value - whole * ln2
    var term = 1.0
    var sum = 1.0
    var index = 1.0
    while index < 18 {
      term *= rest / index
      sum += term
      index += 1
    }
    return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
  }

  package static func sine(_ angle: Double) -> Double {
    let turn = 6.283_185_307_179_586
    let reduced = angle - (angle / turn).rounded() * turn
    var term = reduced
    var sum = reduced
    var index = 2.0
    while index < 30 {
      term *= -reduced * reduced / (index * (index + 1))
      sum += term
      index += 2
    }
    return sum
  }
}
