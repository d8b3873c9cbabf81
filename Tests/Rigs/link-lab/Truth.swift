import PrecallCore

/// What really happened on the link in one run.
struct Truth {
  let link: Link
  let seed: UInt64
  let up: PacketLog
  let down: PacketLog
  let droppedBefore: Int

  /// Packets between two ports, both ways.
  struct Flow: Hashable {
    var kind: PacketHeader.Kind
    var family: UInt8
    var clientPort: UInt16
    var serverPort: UInt16
  }

  /// Flows with fewer packets than the first this many are left out.
  private static let mostFlows = 200

  func summary(of measured: MeasuredPackets? = nil) -> Text {
    var writer = JSONWriter(indent: 2)
    writer.object { writer in
      writer.member("link", Array(link.name.utf8))
      writer.member("seed", Int64(bitPattern: seed))
      writer.member("dropped_before_the_link", Int64(droppedBefore))
      writer.member("not_in_the_figures", Int64(up.uncounted + down.uncounted))
      write(up, "up", to: &writer)
      write(down, "down", to: &writer)
      writer.key("line")
      LineFigures(self, of: measured).write(to: &writer)
      writer.key("flows")
      writer.array { writer in
        for (flow, numbers) in flows() { write(flow, numbers, to: &writer) }
      }
    }
    return writer.text + [0x0A]
  }

  private func write(_ log: PacketLog, _ name: StaticString, to writer: inout JSONWriter) {
    writer.key(name)
    writer.object { writer in
      Summary(log, Array(0..<log.count)).write(to: &writer, varies: false)
      writer.member("queue_max_bytes", Int64(log.queueMaximumBytes))
      writer.member("queue_max_us", log.queueMaximumTime / 1000)
      writer.member("lateness_median_us", Int64(lateness(log, 0.5)))
      writer.member("lateness_p99_us", Int64(lateness(log, 0.99)))
    }
  }

  private func lateness(_ log: PacketLog, _ share: Double) -> Int {
    let rank = Double(log.lateness.reduce(0, +)) * share
    var count = 0
    for (microseconds, packets) in log.lateness.enumerated() {
      count += packets
      if Double(count) >= rank { return microseconds }
    }
    return log.lateness.count
  }

  typealias Numbers = (up: [Int], down: [Int])

  private func flows() -> [(Flow, Numbers)] {
    var flows: [Flow: Numbers] = [:]
    for number in 0..<up.count {
      let entry = up[number]
      let flow = Flow(
        kind: entry.kind, family: entry.family, clientPort: entry.source, serverPort: entry.destination)
      flows[flow, default: ([], [])].up.append(number)
    }
    for number in 0..<down.count {
      let entry = down[number]
      let flow = Flow(
        kind: entry.kind, family: entry.family, clientPort: entry.destination, serverPort: entry.source)
      flows[flow, default: ([], [])].down.append(number)
    }
    let sorted = flows.sorted { size($0.value) > size($1.value) }
    return sorted.prefix(Self.mostFlows).map { ($0.key, $0.value) }
  }

  private func size(_ numbers: Numbers) -> Int { numbers.up.count + numbers.down.count }

  private func write(_ flow: Flow, _ numbers: Numbers, to writer: inout JSONWriter) {
    let varies = flow.kind != .tcp
    writer.object { writer in
      writer.member("protocol", flow.kind.name)
      writer.member("family", Int64(flow.family))
      writer.member("client_port", Int64(flow.clientPort))
      writer.member("server_port", Int64(flow.serverPort))
      writer.key("up")
      writer.object { Summary(up, numbers.up).write(to: &$0, varies: varies) }
      writer.key("down")
      writer.object { Summary(down, numbers.down).write(to: &$0, varies: varies) }
      let trips = roundTrips(numbers)
      guard varies, let least = trips.first, let middle = Summary.quantile(0.5, of: trips),
        let p95 = Summary.quantile(0.95, of: trips)
      else { return }
      writer.key("round_trip")
      writer.object { writer in
        writer.member("count", Int64(trips.count))
        writer.member("min_us", least / 1000)
        writer.member("median_us", middle / 1000)
        writer.member("p95_us", p95 / 1000)
      }
    }
  }

  /// In order of size.
  func roundTrips(_ numbers: Numbers) -> [Int64] { trips(numbers).sorted() }

  /// Each packet that reached the server with the first one that left the server after it: an echo's way
  /// there and back without the time that the server held it. In order of their reaching the server.
  func trips(_ numbers: Numbers) -> [Int64] {
    let there = numbers.up.map { up[$0] }.filter { $0.left > 0 }.sorted { $0.left < $1.left }
    var trips: [Int64] = []
    var next = 0
    for packet in there {
      while next < numbers.down.count, down[numbers.down[next]].arrived < packet.left { next += 1 }
      guard next < numbers.down.count else { break }
      let answer = down[numbers.down[next]]
      next += 1
      if answer.left > 0 { trips.append(packet.left - packet.arrived + answer.left - answer.arrived) }
    }
    return trips
  }

  /// One line of JSON a packet, in order of coming.
  func packets() -> Text {
    var lines: Text = []
    var (first, second) = (0, 0)
    while first < up.count || second < down.count {
      let isUp = second == down.count || (first < up.count && up[first].arrived <= down[second].arrived)
      write(isUp ? up[first] : down[second], isUp: isUp, to: &lines)
      if isUp { first += 1 } else { second += 1 }
    }
    return lines
  }

  private func write(_ entry: PacketLog.Entry, isUp: Bool, to lines: inout Text) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("direction", isUp ? "up" : "down")
      writer.member("arrived_ns", entry.arrived)
      if entry.left > 0 { writer.member("left_ns", entry.left) }
      writer.member("length", Int64(entry.length))
      writer.member("protocol", entry.kind.name)
      writer.member("family", Int64(entry.family))
      writer.member("client_port", Int64(isUp ? entry.source : entry.destination))
      writer.member("server_port", Int64(isUp ? entry.destination : entry.source))
      if entry.testNumber != .max { writer.member("test_number", Int64(entry.testNumber)) }
      writer.member("fate", entry.fate.name)
      if entry.isDuplicated { writer.member("duplicated", true) }
      if entry.isReordered { writer.member("reordered", true) }
      if entry.isCorrupted { writer.member("corrupted", true) }
    }
    lines += writer.text
    lines.append(0x0A)
  }
}
