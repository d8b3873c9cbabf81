import PrecallCore
import Testing

@Suite struct QuantityTests {
  @Test func `units are kept in whole numbers of their base`() {
    #expect(Microseconds.milliseconds(1.5).base == 1_500)
    #expect(Microseconds.seconds(0.25) == .milliseconds(250))
    #expect(Share.percent(2.5).base == 25_000)
    #expect(Share(1, of: 4) == .percent(25))
    #expect(Share(3, of: 0) == .zero)
    #expect(BitRate.megabits(1.5) == .kilobits(1_500))
    #expect(ByteCount.megabytes(1).over(.seconds(8)) == .megabits(1))
    #expect(ByteCount.megabytes(1).over(.zero) == nil)
    #expect(Decibels(-3.01).base == -3_010)
    #expect(FrameRate(29.97).base == 29_970)
    #expect(OpinionScore(4.41).base == 4_410)
  }

  @Test func `rounding is half away from zero, and no number traps`() {
    #expect(rounded(0.5) == 1)
    #expect(rounded(-0.5) == -1)
    #expect(rounded(0.49999) == 0)
    #expect(rounded(.nan) == 0)
    #expect(rounded(.infinity) == 9_000_000_000_000_000_000)
    #expect(rounded(-1e300) == -9_000_000_000_000_000_000)
  }

  @Test(arguments: QuantityUnit.allCases)
  func `a unit makes its own quantity, and its first written unit is the base`(unit: QuantityUnit) {
    #expect(unit.quantity(42).unit == unit)
    #expect(unit.quantity(42).base == 42)
    #expect(unit.written.first?.suffix.description == unit.suffix.description)
    #expect(unit.written.first?.base == 1)
  }

  @Test func `no two units share a suffix`() {
    let suffixes = QuantityUnit.allCases.flatMap { $0.written.map(\.suffix.description) }
    #expect(Set(suffixes).count == suffixes.count)
  }
}
