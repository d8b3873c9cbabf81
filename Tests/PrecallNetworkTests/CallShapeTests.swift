import PrecallCore
import PrecallNetwork
import Testing

@Suite struct `The shape of a call` {
  private static let second: Int64 = 1_000_000_000

  @Test func `sound alone is fifty packets a second of 160 octets`() {
    let shape = CallShape(rate: .kilobits(64), for: Self.second)
    #expect(shape.departures.count == 50)
    #expect(shape.departures.allSatisfy { $0.octets == 160 })
    #expect(shape.departures[7].after == 140_000_000)
  }

  @Test func `a lower rate has smaller sound and no picture`() {
    let shape = CallShape(rate: .kilobits(24), for: Self.second)
    #expect(shape.departures.count == 50)
    #expect(shape.departures.allSatisfy { $0.octets == 60 })
  }

  @Test(arguments: [350, 750, 1_500, 2_500, 8_000] as [Double]) func `every call keeps its rate`(
    kilobits: Double
  ) {
    for duration in [Self.second / 2, Self.second, 4 * Self.second] {
      let shape = CallShape(rate: .kilobits(kilobits), for: duration)
      let octets = Double(shape.departures.map(\.octets).reduce(0, +))
      let meant = kilobits * 125 * Double(duration) / Double(Self.second)
      #expect(abs(octets / meant - 1) < 0.01)
      #expect(shape.departures.allSatisfy { $0.octets > 0 && $0.octets <= CallShape.longestPacket })
      #expect(zip(shape.departures, shape.departures.dropFirst()).allSatisfy { $0.after <= $1.after })
    }
  }

  @Test func `the first picture is six times the others, and is paced`() {
    let shape = CallShape(rate: .kilobits(1_500), for: Self.second)
    // Of 179,500 octets of video a second, 31 pictures (the last begins as the second ends) make 36 units
    // of 4,986 octets: the first picture has six, in 25 packets of 1,197, and no other packet is as long.
    let first = shape.departures.filter { $0.octets > 1_100 }
    #expect(first.count == 25)
    #expect(first.map(\.octets).reduce(0, +) == 29_916)
    // 1,197 octets at 2.5 times 179,500 octets a second are 2.67 ms.
    let spacing = zip(first, first.dropFirst()).map { $1.after - $0.after }
    #expect(spacing.allSatisfy { (2_660_000...2_675_000).contains($0) })
  }
}
