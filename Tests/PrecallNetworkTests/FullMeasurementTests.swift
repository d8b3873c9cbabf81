import PrecallCore
import PrecallNetwork
import Testing

@Suite struct `A measurement to saturation` {
  private func transfer(_ bins: [Int64]) -> Transfer {
    Transfer(.down, flows: 6, duration: Microseconds(base: Int64(bins.count) * 50_000), bins: bins)
  }

  private func uncertainty(_ bins: [Int64], roundTrip: Microseconds = .zero) throws -> Share? {
    let goodput = try #require(Goodput(of: transfer(bins), roundTrip: roundTrip))
    return goodput.uncertainty(in: transfer(bins), roundTrip: roundTrip)
  }

  @Test func `a mean is as uncertain as its batches say`() throws {
    // Eight batches of four spans of 1,000 or 1,080 bytes in turn: a deviation of 42.76 around 1,040, over the root
    // of eight and times 2.365: 35.8, which is 3.44 %.
    let bins = (0..<32).map { Int64($0 / 4 % 2 == 0 ? 1_000 : 1_080) }
    let uncertain = try #require(try uncertainty(bins))
    #expect(abs(uncertain.base - 34_378) < 20)
    #expect(try uncertainty(Array(repeating: 1_000, count: 32)) == .zero)
  }

  @Test func `less than eight batches say nothing`() throws {
    #expect(try uncertainty(Array(repeating: 1_000, count: 31)) == nil)
    // Of a round trip of 300 ms they are six spans long.
    let long = Array(repeating: Int64(1_000), count: 47)
    #expect(try uncertainty(long, roundTrip: .milliseconds(300)) == nil)
    #expect(try uncertainty(long + [1_000], roundTrip: .milliseconds(300)) == .zero)
  }

  /// Three whole segments of 1,448 behind a head of 400 bytes, then a gap of one, two behind it, and its filling.
  @Test func `what arrived is exact without a gap, and counts what is behind one`() {
    var bytes = ReceivedBytes()
    #expect(bytes.note(inOrder: 400, whole: 1_448, late: 0, hasBody: false) == 0)
    #expect(bytes.note(inOrder: 4_744, whole: 4 * 1_448, late: 0, hasBody: true) == 4_344)
    #expect(bytes.note(inOrder: 4_744, whole: 6 * 1_448, late: 2, hasBody: true) == 4_344 + 2 * 1_448)
    // Nothing came since: the gap may still be open.
    #expect(bytes.note(inOrder: 4_744, whole: 6 * 1_448, late: 2, hasBody: true) == 4_344 + 2 * 1_448)
    #expect(
      bytes.note(inOrder: 4_744 + 3 * 1_448, whole: 7 * 1_448, late: 2, hasBody: true) == 4_344 + 3 * 1_448)
  }

  /// Damaged or sent twice: it is counted among the segments, and is of no use.
  @Test func `a segment that came for nothing is left out once no gap is open`() {
    var bytes = ReceivedBytes()
    #expect(bytes.note(inOrder: 1_000, whole: 1_448, late: 0, hasBody: true) == 1_000)
    #expect(bytes.note(inOrder: 1_000, whole: 3 * 1_448, late: 1, hasBody: true) == 1_000 + 2 * 1_448)
    let filled = Int64(1_000 + 2 * 1_448)
    #expect(bytes.note(inOrder: filled, whole: 4 * 1_448, late: 1, hasBody: true) == filled)
    #expect(bytes.note(inOrder: filled + 1_448, whole: 5 * 1_448, late: 1, hasBody: true) == filled + 1_448)
  }

  @Test func `the newest whole spans of a transfer begin later`() throws {
    var whole = transfer([1, 2, 3, 4, 5])
    whole.startedAt = .milliseconds(1_000)
    whole.duration = .milliseconds(230)
    let tail = try #require(whole.tail(3))
    #expect(tail.bins == [2, 3, 4])
    #expect(tail.duration == .milliseconds(150))
    #expect(tail.startedAt == .milliseconds(1_050))
    #expect(whole.tail(5) == nil)
  }
}
