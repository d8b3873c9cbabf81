import Glibc

/// How the delay varies from packet to packet, in nanoseconds on top of the line's delay.
///
/// One normal process drives all distributions (a Gaussian copula): packets near in time get like delays,
/// and the distribution of all of them stays exactly the one asked for.
package struct Variation: Equatable {
  package enum Distribution: String, CaseIterable, Sendable {
    /// Around the delay, `spread` is the standard deviation.
    case normal
    /// Within `spread` around the delay.
    case uniform
    /// Above the delay, by `spread` in the mean; quantiles by Wilson and Hilferty 1931.
    case gamma
    /// Above the delay, by `spread` in the mean, with a heavy tail (Lomax 1954).
    case pareto
  }

  package var distribution: Distribution
  package var spread: Double
  /// Of gamma and pareto; above 1 for pareto, or there is no mean.
  package var shape: Double
  /// No deviation is greater.
  package var cap: Double
  /// After this time, in nanoseconds, the correlation of two delays is 1/e.
  package var correlation: Double

  package func deviation(_ normal: Double) -> Int64 {
    let value =
      switch distribution {
      case .normal: spread * normal
      case .uniform: spread * (2 * Self.share(below: normal) - 1)
      case .gamma: spread * Self.gamma(normal, shape: shape)
      case .pareto:
        spread * (shape - 1) * (pow(max(Self.share(below: -normal), 1e-12), -1 / shape) - 1)
      }
    return Int64(max(-cap, min(cap, value)))
  }

  private static func share(below normal: Double) -> Double { 0.5 * erfc(-normal / 2.0.squareRoot()) }

  /// With mean 1.
  private static func gamma(_ normal: Double, shape: Double) -> Double {
    let root = max(0, 1 - 1 / (9 * shape) + normal / (3 * shape.squareRoot()))
    return root * root * root
  }
}

/// The normal process, sampled when packets come.
package struct CorrelatedNormal {
  private var generator: Generator
  private var value = 0.0
  private var last: Int64?

  package init(generator: Generator) { self.generator = generator }

  package mutating func next(at time: Int64, correlation: Double) -> Double {
    let fresh = generator.normal()
    defer { last = time }
    guard let last, correlation > 0 else {
      value = fresh
      return fresh
    }
    let kept = exp(-Double(max(0, time - last)) / correlation)
    value = kept * value + (1 - kept * kept).squareRoot() * fresh
    return value
  }
}
