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

  @Test func `damaged segments are those of the column of that name`() {
    let table = """
      Ip: Forwarding DefaultTTL
      Ip: 1 64
      Tcp: RtoAlgorithm InSegs InErrs OutRsts InCsumErrors
      Tcp: 1 9589312 3 25424 12
      Udp: InDatagrams InCsumErrors
      Udp: 5 7
      """
    #expect(DamagedSegments.count(in: table) == 12)
    #expect(DamagedSegments.count(in: "Tcp: RtoAlgorithm InSegs\nTcp: 1 9\n") == nil)
    #expect(DamagedSegments.count(in: "Tcp: InSegs InCsumErrors\nTcp: 1\n") == nil)
    #expect(DamagedSegments.count(in: "") == nil)
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
