import PrecallCore
import PrecallNetwork
import Testing

/// What is made of packets, one every 50 ms, by hand.
struct `A watched line` {
  /// Packets at 0, 50, 100 … ms; those that `time` gives a round trip in milliseconds came back.
  private func events(_ count: Int, _ time: (Int) -> Double?) -> [WatchEvent] {
    var record = WatchRecord()
    var events: [WatchEvent] = []
    for index in 0..<count {
      let sent = Microseconds.milliseconds(Double(50 * index))
      let number = record.send(at: sent)
      #expect(number == index)
      // All that is above 5 ms is the way there; the reflector's clock is an hour ahead.
      if let time = time(index) {
        record.answer(number, after: .milliseconds(time), Self.transit(time - 5, 5))
      }
      events += record.advance(to: sent)
    }
    return events + record.advance(to: .milliseconds(Double(50 * count)), isEnd: true)
  }

  private static func transit(_ up: Double, _ down: Double, clock: Int = 1) -> WatchTransit {
    let hour = Microseconds.seconds(3_600)
    return WatchTransit(up: .milliseconds(up) + hour, down: .milliseconds(down) - hour, clock: clock)
  }

  /// The jitter of the first second, of packets whose ways took so long up and down.
  private func jitter(_ ways: [WatchTransit?]) -> Microseconds? {
    var record = WatchRecord()
    for (index, way) in ways.enumerated() {
      let number = record.send(at: .milliseconds(Double(50 * index)))
      record.answer(number, after: .milliseconds(10), way)
    }
    guard case .second(let second)? = record.advance(to: .seconds(1), isEnd: true).first else { return nil }
    return second.jitter
  }

  @Test func `has the jitter of its worse direction, not of the round trip`() {
    // Up 5 11 5, down 5 9 5: differences 6 and 4, of the round trip 10.
    let both = [(5.0, 5.0), (11, 9), (5, 5)].map { Self.transit($0.0, $0.1) }
    #expect(jitter(both) == .milliseconds(6))
    // One way takes longer by what the other takes less: the round trip stays the same.
    let opposite = [(5.0, 9.0), (9, 5), (5, 9)].map { Self.transit($0.0, $0.1) }
    #expect(jitter(opposite) == .milliseconds(4))
    // Up 5 5 8: the mean of 0 and 3 is 1.5.
    #expect(jitter([(5.0, 5.0), (5, 5), (8, 5)].map { Self.transit($0.0, $0.1) }) == .milliseconds(1.5))
  }

  @Test func `has no jitter across a gap, another ticket's clock or a clock that was set`() {
    #expect(jitter([Self.transit(5, 5), nil, Self.transit(9, 5)]) == nil)
    #expect(jitter([Self.transit(5, 5), Self.transit(9, 5, clock: 2)]) == nil)
    #expect(jitter([Self.transit(5, 5), Self.transit(505, -495)]) == nil)
    // Half a second more on both ways is the line's.
    #expect(jitter([Self.transit(5, 5), Self.transit(505, 505)]) == .milliseconds(500))
  }

  @Test func `is told second by second`() {
    // Round trips 10, 20, 10, 20 …: nearest-rank median of twenty is the tenth, 10; all differences
    // of the way up are 10.
    var first = WatchSecond(at: .zero)
    (first.sent, first.answered) = (20, 20)
    (first.roundTrip, first.jitter) = (.milliseconds(10), .milliseconds(10))
    var second = first
    second.at = .seconds(1)
    #expect(events(40) { $0 % 2 == 0 ? 10 : 20 } == [.second(first), .second(second)])
  }

  @Test func `is out when nothing comes back for a second, and when it was is exact`() {
    // Packets 10 to 39 are lost: from 500 ms on, and 2,000 ms is the first that is back.
    let told = events(60) { (10..<40).contains($0) ? nil : 10 }
    let breaks = told.filter { if case .second = $0 { false } else { true } }
    #expect(
      breaks == [.outage(at: .milliseconds(500)), .recovered(at: .seconds(2), after: .milliseconds(1_500))])
  }

  @Test func `is not out for less than a second`() {
    let told = events(60) { (10..<30).contains($0) ? nil : 10 }
    #expect(told.count == 3)
    guard case .second(let first) = told[0] else {
      Issue.record("no second")
      return
    }
    #expect(first.answered == 10)
  }

  @Test func `stays out to the end, and counts what it sent`() {
    let told = events(60) { _ in nil }
    #expect(told.contains(.outage(at: .zero)))
    let sent = told.reduce(0) { if case .second(let second) = $1 { $0 + second.sent } else { $0 } }
    #expect(sent == 60)
  }

  @Test func `takes no second reply, no late one and none to a packet it never sent`() {
    var record = WatchRecord()
    let number = record.send(at: .zero)
    record.answer(number, after: .seconds(2))
    record.answer(number + 1, after: .milliseconds(1))
    record.answer(-1, after: .milliseconds(1))
    record.answer(number, after: .milliseconds(30))
    record.answer(number, after: .milliseconds(5))
    guard case .second(let second)? = record.advance(to: .seconds(1), isEnd: true).last else {
      Issue.record("no second")
      return
    }
    #expect(second.roundTrip == .milliseconds(30))
    #expect((second.sent, second.answered) == (1, 1))
  }
}
