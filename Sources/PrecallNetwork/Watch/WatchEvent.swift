package import PrecallCore

/// What happens while a line is watched; times count from the start.
package enum WatchEvent: Sendable, Hashable {
  case second(WatchSecond)
  /// Since `at` nothing has come back.
  case outage(at: Microseconds)
  /// Packets come back again.
  case recovered(at: Microseconds, after: Microseconds)
  case call(WatchCall)
  /// The server answers over TCP, while no packet comes back: UDP is blocked, or its port is not open.
  case blocked(at: Microseconds)
}

/// One second of packets.
package struct WatchSecond: Sendable, Hashable {
  package var at: Microseconds
  package var sent = 0
  package var answered = 0
  /// The median round trip; nothing where none came back.
  package var roundTrip: Microseconds?
  /// The mean of |IPDV| (RFC 5481 section 4.1): by how much the way of each packet took longer or shorter than that of
  /// the one before, of the direction where it is more.
  package var jitter: Microseconds?

  package init(at: Microseconds) { self.at = at }
}

/// How long a packet took each way, by two clocks: only differences mean something.
package struct WatchTransit: Sendable, Hashable {
  package var up: Microseconds
  package var down: Microseconds
  /// Transits with the same number here have the same clocks.
  package var clock: Int

  package init(up: Microseconds, down: Microseconds, clock: Int) {
    (self.up, self.down, self.clock) = (up, down, clock)
  }

  /// By how much each way took longer than before, or less; nothing where one of the clocks was set meanwhile.
  func difference(to before: WatchTransit) -> (up: Int64, down: Int64)? {
    let (up, down) = (up.base - before.up.base, down.base - before.down.base)
    let isStep = min(abs(up), abs(down)) > Self.step && abs(up + down) < Self.step / 5
    return clock == before.clock && !isStep ? (abs(up), abs(down)) : nil
  }

  /// A clock that is set takes from one way what it adds to the other.
  private static let step: Int64 = 50_000
}

/// Turns packets, one after the other, into seconds and outages. Knows no clock and no socket.
package struct WatchRecord: Sendable {
  /// A reply that takes longer is of no use to a call.
  package static let patience = Microseconds.seconds(1)
  /// So long a silence is an outage: a person notices it, and no burst of losses lasts so long.
  package static let silence = Microseconds.seconds(1)

  private struct Packet {
    var sentAt: Microseconds
    var roundTrip: Microseconds?
    var transit: WatchTransit?
  }

  /// Packets not judged yet; the first one has the number `judged`.
  private var waiting: [Packet] = []
  private var judged = 0
  private var second: WatchSecond?
  private var times: [Int64] = []
  private var differences: [(up: Int64, down: Int64)] = []
  private var last: WatchTransit?
  private var lostSince: Microseconds?
  private var isOut = false

  package init() {}

  /// Whether a packet may still be answered.
  package var isWaiting: Bool { waiting.contains { $0.roundTrip == nil } }

  /// A packet leaves, or would if there were a way; gives its number.
  package mutating func send(at time: Microseconds) -> Int {
    waiting.append(Packet(sentAt: time))
    return judged + waiting.count - 1
  }

  /// A packet has come back; the first reply counts, and one that came in time.
  package mutating func answer(_ number: Int, after time: Microseconds, _ transit: WatchTransit? = nil) {
    let index = number - judged
    guard waiting.indices.contains(index), waiting[index].roundTrip == nil, time <= Self.patience else {
      return
    }
    waiting[index].roundTrip = time
    waiting[index].transit = transit
  }

  /// Judges, in order, every packet whose fate is known by `now`; all of them at the end.
  package mutating func advance(to now: Microseconds, isEnd: Bool = false) -> [WatchEvent] {
    var events: [WatchEvent] = []
    var done = 0
    while done < waiting.count {
      let packet = waiting[done]
      guard packet.roundTrip != nil || isEnd || now - packet.sentAt > Self.patience else { break }
      judge(packet, &events)
      done += 1
    }
    waiting.removeFirst(done)
    judged += done
    if isEnd, let second { events.append(.second(finished(second))) }
    return events
  }

  private mutating func judge(_ packet: Packet, _ events: inout [WatchEvent]) {
    let start = Microseconds(base: packet.sentAt.base / 1_000_000 * 1_000_000)
    if let second, second.at != start { events.append(.second(finished(second))) }
    var current = second ?? WatchSecond(at: start)
    current.sent += 1
    if let time = packet.roundTrip {
      current.answered += 1
      times.append(time.base)
      if let last, let difference = packet.transit?.difference(to: last) { differences.append(difference) }
      if isOut, let since = lostSince {
        events.append(.recovered(at: packet.sentAt, after: packet.sentAt - since))
      }
      (isOut, lostSince) = (false, nil)
    } else {
      let since = lostSince ?? packet.sentAt
      lostSince = since
      if !isOut, packet.sentAt - since >= Self.silence {
        isOut = true
        events.append(.outage(at: since))
      }
    }
    last = packet.transit
    second = current
  }

  private mutating func finished(_ second: WatchSecond) -> WatchSecond {
    var whole = second
    whole.roundTrip = OrderStatistics(times).map { Microseconds(base: $0.median) }
    if !differences.isEmpty {
      let sum = differences.reduce((0, 0)) { ($0.0 + $1.up, $0.1 + $1.down) }
      whole.jitter = Microseconds(base: max(sum.0, sum.1) / Int64(differences.count))
    }
    (self.second, times, differences) = (nil, [], [])
    return whole
  }
}
