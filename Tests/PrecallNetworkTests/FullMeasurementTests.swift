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

  /// Three whole segments of 1,448 behind a head of 400 bytes; then two gaps, each with two segments behind it, and
  /// the filling of one after the other, while nothing else comes.
  @Test func `what arrived is exact without a gap, and counts what is behind one`() {
    var bytes = ReceivedBytes()
    let (head, segment) = (Int64(400), Int64(1_448))
    #expect(bytes.note(inOrder: head, whole: segment, held: 0, hasBody: false) == 0)
    #expect(
      bytes.note(inOrder: head + 3 * segment, whole: 4 * segment, held: 0, hasBody: true) == 3 * segment)
    for _ in 0..<2 {
      #expect(
        bytes.note(inOrder: head + 3 * segment, whole: 8 * segment, held: 9_216, hasBody: true) == 7 * segment
      )
    }
    #expect(
      bytes.note(inOrder: head + 6 * segment, whole: 9 * segment, held: 4_608, hasBody: true) == 8 * segment)
    #expect(
      bytes.note(inOrder: head + 9 * segment, whole: 10 * segment, held: 0, hasBody: true) == 9 * segment)
  }

  /// Damaged or sent twice: it is counted among the segments, and is of no use.
  @Test func `a segment that came for nothing is left out once no gap is open`() {
    var bytes = ReceivedBytes()
    #expect(bytes.note(inOrder: 1_000, whole: 1_448, held: 0, hasBody: true) == 1_000)
    #expect(bytes.note(inOrder: 1_000, whole: 3 * 1_448, held: 2_304, hasBody: true) == 1_000 + 2 * 1_448)
    let filled = Int64(1_000 + 2 * 1_448)
    #expect(bytes.note(inOrder: filled, whole: 4 * 1_448, held: 0, hasBody: true) == filled)
    #expect(bytes.note(inOrder: filled + 1_448, whole: 5 * 1_448, held: 0, hasBody: true) == filled + 1_448)
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

  @Test func `a ramp is left out, and with it no span that must begin what is left`() {
    #expect(transfer([1, 2, 3, 4, 5, 6]).withoutRamp?.bins == [3, 4, 5, 6])
    // A span without bytes would begin later than it says.
    #expect(transfer([1, 2, 0, 4, 5, 6]).withoutRamp?.bins == [4, 5, 6])
    #expect(transfer([1, 2, 0, 0, 5, 6]).withoutRamp == nil)
    #expect(transfer([1, 2, 3]).withoutRamp == nil)
  }
}
