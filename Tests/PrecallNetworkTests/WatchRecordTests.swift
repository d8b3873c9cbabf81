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
      if let time = time(index) { record.answer(number, after: .milliseconds(time)) }
      events += record.advance(to: sent)
    }
    return events + record.advance(to: .milliseconds(Double(50 * count)), isEnd: true)
  }

  @Test func `is told second by second`() {
    // Round trips 10, 20, 10, 20 …: nearest-rank median of twenty is the tenth, 10; all differences are 10.
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
