import PrecallCore

/// What the line really did while it idled and while bulk TCP filled it: the truth that figures of any
/// program are held against.
struct LoadTruth {
  let idle: Truth.Numbers
  let receiving: Truth.Numbers
  let sending: Truth.Numbers
  private let truth: Truth
  private let up: [PacketLog.Entry]
  private let down: [PacketLog.Entry]

  init(_ truth: Truth) {
    self.truth = truth
    up = Self.bulk(truth.up)
    down = Self.bulk(truth.down)
    idle = Self.packets(beside: nil, of: truth, apartFrom: up + down)
    receiving = Self.packets(beside: down, of: truth, apartFrom: [])
    sending = Self.packets(beside: up, of: truth, apartFrom: [])
  }

  /// Of data, not of acknowledgements.
  private static func bulk(_ log: PacketLog) -> [PacketLog.Entry] {
    log.all.filter { $0.kind == .tcp && $0.length >= 1_000 }
  }

  /// Bits a second that programs can have got at most: the line's rate in the mean in `span`, or else while it
  /// was loaded, its first third left out as ramp, less the packets that it lost by itself then, less the headers of IP and TCP
  /// with timestamps. Nothing where the line has no limit or hardly carried a load.
  func goodput(_ direction: Direction, in span: Range<Int64>? = nil) -> Double? {
    let (link, packets) = direction == .up ? (truth.link.up, up) : (truth.link.down, down)
    guard let rate = link.rate, packets.count >= 20, let first = packets.first, let last = packets.last
    else { return nil }
    let rest = first.arrived + (last.arrived - first.arrived) / 3..<last.arrived
    let passed = packets.filter {
      [.delivered, .lostAtRandom, .lostInBurst].contains($0.fate) && (span ?? rest).contains($0.arrived)
    }
    let whole = passed.count { $0.fate == .delivered && !$0.isCorrupted }
    let unit = Double(link.maximum?.bytes ?? 1500)
    return mean(rate, link.outages, in: span ?? rest)
      * Double(whole) / Double(max(passed.count, 1)) * (unit - 52) / (unit + Double(rate.overhead))
  }

  private func mean(_ rate: Link.Rate, _ outages: Link.Outages?, in span: Range<Int64>) -> Double {
    let times = Array(stride(from: span.lowerBound, through: span.upperBound, by: 5_000_000))
    let sum = times.reduce(0.0) { sum, time in
      let isOut = outages.map { !$0.hold && $0.times.value(at: time).value } ?? false
      return isOut ? sum : sum + rate.bitsPerSecond.value(at: time).value
    }
    return sum / Double(max(times.count, 1))
  }

  /// Nanoseconds.
  func roundTrip(_ numbers: Truth.Numbers, _ share: Double = 0.5) -> Double? {
    Summary.quantile(share, of: truth.roundTrips(numbers)).map { Double($0) }
  }

  /// The mean difference of successive round trips, in nanoseconds.
  func roundTripJitter(_ numbers: Truth.Numbers) -> Double? {
    let trips = truth.trips(numbers)
    guard trips.count > 1 else { return nil }
    return zip(trips, trips.dropFirst()).reduce(0.0) { $0 + Double(abs($1.1 - $1.0)) }
      / Double(trips.count - 1)
  }

  private static let vicinity: Int64 = 250_000_000
  /// 100 octets with the headers of UDP and IPv6.
  private static let longestProbe = 148

  /// The test packets, of UDP or ICMP: those that came between the first and the last packet of `load`, or
  /// without one those of a quarter of a second without bulk packets.
  private static func packets(
    beside load: [PacketLog.Entry]?, of truth: Truth, apartFrom bulk: [PacketLog.Entry]
  ) -> Truth.Numbers {
    let times = bulk.map(\.arrived).sorted()
    func numbers(_ log: PacketLog) -> [Int] {
      (0..<log.count).filter { number in
        let entry = log[number]
        // Longer packets are those of the rehearsed call.
        guard entry.kind == .udp && entry.length <= longestProbe || entry.kind == .icmp else { return false }
        if let load {
          guard let first = load.first, let last = load.last else { return false }
          return first.arrived <= entry.arrived && entry.arrived <= last.arrived
        }
        let start = self.first(times, notBefore: entry.arrived - vicinity)
        return start == self.first(times, notBefore: max(entry.left, entry.arrived) + vicinity)
      }
    }
    return (numbers(truth.up), numbers(truth.down))
  }

  private static func first(_ times: [Int64], notBefore time: Int64) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
