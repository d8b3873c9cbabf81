import PrecallCore

/// The very packets that the figures of a report were made of, by its samples, each with what really happened
/// to it on the line. Which packets count is the report's choice; what became of them is the lab's knowledge.
struct MeasuredPackets {
  private let measurement: NetworkMeasurement
  /// Of each packet by its sender's count: on the way up, and its reply's on the way down.
  private let up: [PacketLog.Entry?]
  private let down: [PacketLog.Entry?]

  /// Nothing where the samples have no test packets.
  init?(samples: Text, _ truth: Truth) {
    guard let all = try? Measurements(json: samples), let port = Self.port(truth.up) else { return nil }
    switch all.network {
    case .measured(let measurement), .partial(let measurement, _): self.measurement = measurement
    case .notMeasured: return nil
    }
    guard !measurement.packets.sentAt.isEmpty else { return nil }
    let count = measurement.packets.sentAt.count
    up = Self.numbered(truth.up.all.filter { $0.kind == .udp && $0.source == port }, count)
    down = Self.numbered(truth.down.all.filter { $0.kind == .udp && $0.destination == port }, count)
  }

  /// Of the client, from which most packets came.
  private static func port(_ log: PacketLog) -> UInt16? {
    var counts: [UInt16: Int] = [:]
    for entry in log.all where entry.kind == .udp { counts[entry.source, default: 0] += 1 }
    return counts.max { $0.value < $1.value }?.key
  }

  private static func numbered(_ entries: [PacketLog.Entry], _ count: Int) -> [PacketLog.Entry?] {
    var numbered = [PacketLog.Entry?](repeating: nil, count: count)
    for entry in entries where entry.testNumber < count && numbered[Int(entry.testNumber)] == nil {
      numbered[Int(entry.testNumber)] = entry
    }
    return numbered
  }

  private static func isWhole(_ entry: PacketLog.Entry) -> Bool {
    entry.fate == .delivered && entry.left > 0 && !entry.isCorrupted
  }
}

// MARK: Times

extension MeasuredPackets {
  private var packets: PacketRun { measurement.packets }
  private var idle: Range<Int> { packets.sequences(under: .idle) }

  /// Those that came back, with both of their ways.
  private func trips(
    _ sequences: Range<Int>
  ) -> [(sequence: Int, up: PacketLog.Entry, down: PacketLog.Entry)] {
    packets.answered(in: sequences).compactMap { reply in
      guard let there = up[reply.sequence], let back = down[reply.sequence], Self.isWhole(there),
        Self.isWhole(back)
      else { return nil }
      return (reply.sequence, there, back)
    }
  }

  /// The median, in microseconds.
  private func roundTrip(_ sequences: Range<Int>) -> Double? {
    let times = trips(sequences).map { $0.up.left - $0.up.arrived + $0.down.left - $0.down.arrived }
    return OrderStatistics(times).map { Double($0.median) / 1e3 }
  }

  var roundTrip: Double? { roundTrip(idle) }
  var receiving: Double? { roundTrip(under: .download) }
  var sending: Double? { roundTrip(under: .upload) }

  private func roundTrip(under load: Load) -> Double? {
    RoundTripTime(of: packets, in: idle)
      .flatMap { WorkingLatency(of: packets, under: load, idle: $0) }.flatMap { roundTrip($0.sequences) }
  }

  /// The greater of what `figure` makes of either direction's packets on the idle line, in microseconds.
  private func worse(_ figure: ([(sequence: Int, entry: PacketLog.Entry)]) -> Double?) -> Double? {
    let all = trips(idle)
    return [all.map { ($0.sequence, $0.up) }, all.map { ($0.sequence, $0.down) }].compactMap(figure).max()
      .map { $0 / 1e3 }
  }

  private static func delay(_ entry: PacketLog.Entry) -> Int64 { entry.left - entry.arrived }

  /// The mean of |IPDV|, of packets sent one after the other.
  var jitter: Double? {
    worse { packets in
      let steps = zip(packets, packets.dropFirst()).filter { $1.sequence == $0.sequence + 1 }
        .map { Double(abs(Self.delay($1.entry) - Self.delay($0.entry))) }
      return steps.isEmpty ? nil : steps.reduce(0, +) / Double(steps.count)
    }
  }

  /// RFC 3550 section 6.4.1, after the last packet in the order of their coming.
  var smoothedJitter: Double? {
    worse { packets in
      let arrived = packets.map(\.entry).sorted { $0.left < $1.left }
      guard arrived.count > 1 else { return nil }
      return zip(arrived, arrived.dropFirst()).reduce(0.0) { jitter, pair in
        jitter + (Double(abs(Self.delay(pair.1) - Self.delay(pair.0))) - jitter) / 16
      }
    }
  }

  /// PDV, 95th percentile by nearest rank.
  var variation: Double? { worse { Self.variation($0.map(\.entry)) } }

  private static func variation(_ entries: [PacketLog.Entry]) -> Double? {
    OrderStatistics(entries.map(delay)).map { Double($0.percentile(95) - $0.minimum) }
  }
}

// MARK: The call

extension MeasuredPackets {
  /// Those of the last step of the rehearsal that held.
  private var call: Range<Int>? {
    CallRehearsal(of: packets, PacketFates(of: packets))?.held.last?.phase.sequences
  }

  var callRoundTrip: Double? { call.flatMap { roundTrip($0) } }

  /// As `variation`, of the call's packets in one direction.
  func callVariation(_ direction: Direction) -> Double? {
    call.flatMap { Self.variation(trips($0).map { direction == .up ? $0.up : $0.down }) }.map { $0 / 1e3 }
  }
}

// MARK: Losses and rates

extension MeasuredPackets {
  /// Millionths of the packets that losses were counted of.
  func loss(_ direction: Direction) -> Double? {
    let fates = PacketFates(of: packets)
    let known = (CallRehearsal(of: packets, fates)?.pooled ?? idle).filter { fates.fates[$0] != .unknown }
    let entries = known.compactMap { direction == .up ? up[$0] : down[$0] }
    return entries.isEmpty
      ? nil : Double(entries.count { !Self.isWhole($0) }) * 1e6 / Double(entries.count)
  }

  /// From when to when the bytes passed that the figure was made of, in the lab's nanoseconds.
  func span(_ direction: Direction) -> Range<Int64>? {
    guard let transfer = measurement.transfer(direction), let start = transfer.startedAt?.base,
      let lead, let goodput = Goodput(of: transfer, roundTrip: usualTrip)
    else { return nil }
    let first = (start + Int64(goodput.firstSpan) * Transfer.binWidth.base) * 1_000 + lead
    return first..<first + Int64(goodput.spans) * Transfer.binWidth.base * 1_000
  }

  private var usualTrip: Microseconds { RoundTripTime(of: packets, in: idle)?.median ?? .zero }

  /// What is to be added to the times of the report, in nanoseconds.
  private var lead: Int64? {
    let leads = packets.sentAt.indices.compactMap { sequence in
      up[sequence].map { $0.arrived - packets.sentAt[sequence].base * 1_000 }
    }
    return OrderStatistics(leads)?.median
  }
}
