import Glibc
import PrecallCore
import PrecallTestSupport
import Testing

/// The engine's functions against the C library's, over the ranges of levels, scores and percentiles.
@Suite struct MathematicsTests {
  private func worstError(
    _ ours: (Double) -> Double, _ theirs: (Double) -> Double, _ range: ClosedRange<Double>, seed: UInt64
  ) -> Double {
    var random = Mutations(seed: seed)
    var worst = 0.0
    for _ in 0..<50_000 {
      let x = Double.random(in: range, using: &random)
      let expected = theirs(x)
      let error = expected == 0 ? Swift.abs(ours(x)) : Swift.abs(ours(x) - expected) / Swift.abs(expected)
      worst = max(worst, error)
    }
    return worst
  }

  @Test func `logarithms hold over every magnitude`() {
    for range in [1e-300...1e-290, 1e-12...1, 0.9...1.1, 1...1e6, 1e290...1e308] {
      #expect(worstError(Mathematics.log, Glibc.log, range, seed: 1) < 1e-14)
      #expect(worstError(Mathematics.log2, Glibc.log2, range, seed: 2) < 1e-14)
      #expect(worstError(Mathematics.log10, Glibc.log10, range, seed: 3) < 1e-14)
    }
  }

  @Test func `exponentials and powers hold`() {
    #expect(worstError(Mathematics.exp, Glibc.exp, -1...1, seed: 4) < 1e-15)
    #expect(worstError(Mathematics.exp, Glibc.exp, -700...700, seed: 5) < 1e-14)
    #expect(worstError({ Mathematics.pow(10, $0) }, { Glibc.pow(10, $0) }, -12...12, seed: 6) < 1e-13)
    #expect(worstError({ Mathematics.pow($0, 6) }, { Glibc.pow($0, 6) }, 0.001...1e6, seed: 7) < 1e-13)
    #expect(
      worstError({ Mathematics.pow(1 + $0, 1.0 / 6) }, { Glibc.pow(1 + $0, 1.0 / 6) }, 0...1e12, seed: 8)
        < 1e-13)
  }

  @Test func `waves hold, near their zeros too`() {
    for range in [-0.8...0.8, -100.0...100, -1e5...1e5] {
      #expect(worstError(Mathematics.sine, Glibc.sin, range, seed: 9) < 1e-12)
      #expect(worstError(Mathematics.cosine, Glibc.cos, range, seed: 10) < 1e-12)
    }
    for multiple in 1...1_000 {
      let x = Double(multiple) * Double.pi
      #expect(Swift.abs(Mathematics.sine(x) - Glibc.sin(x)) <= 1e-12 * Swift.abs(Glibc.sin(x)))
    }
  }

  @Test func `edges have the values of IEEE 754`() {
    #expect(Mathematics.log(0) == -.infinity)
    #expect(Mathematics.log(1) == 0)
    #expect(Mathematics.log(-1).isNaN)
    #expect(Mathematics.log(.nan).isNaN)
    #expect(Mathematics.log(.infinity) == .infinity)
    #expect(Mathematics.log2(8) == 3)
    #expect(Mathematics.log2(.leastNonzeroMagnitude) == -1074)
    #expect(Mathematics.exp(0) == 1)
    #expect(Mathematics.exp(710) == .infinity)
    #expect(Mathematics.exp(-.infinity) == 0)
    #expect(Mathematics.exp(-744) > 0)
    #expect(Mathematics.pow(0, 0) == 1)
    #expect(Mathematics.pow(0, 2) == 0)
    #expect(Swift.abs(Mathematics.pow(-2, 3) + 8) < 1e-14)
    #expect(Mathematics.pow(-2, 0.5).isNaN)
    #expect(Mathematics.sine(0) == 0)
    #expect(Mathematics.cosine(0) == 1)
    #expect(Mathematics.sine(.infinity).isNaN)
  }

  /// The bits themselves: a change of method or compiler that moves one shows here, and the browser's engine
  /// is held to the same reports.
  @Test func `the same bits everywhere`() {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for step in 1...2_000 {
      let x = Double(step) * 0.37
      for value in [
        Mathematics.log(x), Mathematics.log10(x), Mathematics.exp(-x / 10), Mathematics.pow(x, 1.3),
        Mathematics.sine(x), Mathematics.cosine(x),
      ] {
        hash = (hash ^ value.bitPattern) &* 1_099_511_628_211
      }
    }
    #expect(hash == 12_361_587_799_363_060_044)
  }
}
