import PrecallCore

/// What precall-test said of the line beside what the line really did to its packets.
struct Comparison {
  private let link: Link
  private let truth: Truth
  private let metrics: JSONValue?
  private let idle: Truth.Numbers
  private let receiving: Truth.Numbers
  private let sending: Truth.Numbers

  init(_ link: Link, _ truth: Truth, report: JSONValue) {
    (self.link, self.truth) = (link, truth)
    metrics = report["checks"]?["network"]?["metrics"]
    let load = Load(truth)
    idle = load.packets { $0 == 0 && $1 == 0 }
    receiving = load.packets { $0 == 0 && $1 >= 5 }
    sending = load.packets { $0 >= 5 && $1 == 0 }
  }

  func table() -> String {
    let (up, down) = (Summary(truth.up, idle.up), Summary(truth.down, idle.down))
    let variation = [up, down].compactMap { part in
      part.delays.first.flatMap { least in part.delay(0.95).map { Double($0 - least) } }
    }.max()
    let rows = [
      row("round trip, idle", "network.round-trip-time", "us", 1e3, "ms", median(idle)),
      row(
        "jitter, mean |IPDV|", "network.jitter", "us", 1e3, "ms", max(up.difference, down.difference) / 1e3),
      row("PDV, 95th percentile", "network.delay-variation", "us", 1e3, "ms", variation.map { $0 / 1e3 }),
      row("loss up", "network.loss-up", "ppm", 1e4, "%", loss(up)),
      row("loss down", "network.loss-down", "ppm", 1e4, "%", loss(down)),
      row("download", "network.download", "bps", 1e6, "Mbit/s", goodput(link.down)),
      row("upload", "network.upload", "bps", 1e6, "Mbit/s", goodput(link.up)),
      row("round trip, receiving", "network.working-latency-down", "us", 1e3, "ms", median(receiving)),
      row("round trip, sending", "network.working-latency-up", "us", 1e3, "ms", median(sending)),
    ]
    let moved =
      "moved: \(Self.fixed(megabytes(truth.up))) MB up, \(Self.fixed(megabytes(truth.down))) MB down\n"
    return Self.line(link.name, "truth", "measured", "difference") + rows.joined() + moved
  }

  private func row(
    _ name: String, _ metric: String, _ suffix: String, _ scale: Double, _ unit: String, _ truth: Double?
  ) -> String {
    let figures = metrics?.members?.first { $0.key == Array(metric.utf8) }?.value
    let key = Array("measured_\(suffix)".utf8)
    let measured = figures?.members?.first { $0.key == key }?.value.number
    let said = measured.map { "\(Self.fixed($0 / scale)) \(unit)" } ?? "not measured"
    let difference = measured.flatMap { measured in
      truth.map { truth in
        let share = truth == 0 ? "" : " (\(Self.fixed((measured / truth - 1) * 100)) %)"
        return Self.fixed((measured - truth) / scale) + share
      }
    }
    return Self.line(
      name, truth.map { "\(Self.fixed($0 / scale)) \(unit)" } ?? "none", said, difference ?? "")
  }

  private func median(_ numbers: Truth.Numbers) -> Double? {
    Summary.quantile(0.5, of: truth.roundTrips(numbers)).map { Double($0) / 1e3 }
  }

  /// In millionths.
  private func loss(_ summary: Summary) -> Double? {
    let lost = summary.packets - summary.lost(.delivered)
    return summary.packets == 0 ? nil : Double(lost) * 1e6 / Double(summary.packets)
  }

  /// The line's rate without the headers of IP and TCP with timestamps; nothing where it changes.
  private func goodput(_ direction: Link.Direction) -> Double? {
    guard let rate = direction.rate, rate.bitsPerSecond.steps.isEmpty else { return nil }
    let unit = Double(direction.maximum?.bytes ?? 1500)
    return rate.bitsPerSecond.first * (unit - 52) / (unit + Double(rate.overhead))
  }

  private func megabytes(_ log: PacketLog) -> Double { log.all.reduce(0) { $0 + Double($1.length) } / 1e6 }

  private static func fixed(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func line(_ cells: String...) -> String {
    let widths = [26, 18, 18, 0]
    return zip(cells, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined()
      + "\n"
  }
}

/// When bulk TCP was on the line, so that idle packets can be told from those that met its queue.
private struct Load {
  private let truth: Truth
  private let up: [Int64]
  private let down: [Int64]
  private static let window: Int64 = 250_000_000

  init(_ truth: Truth) {
    self.truth = truth
    up = Self.bulk(truth.up)
    down = Self.bulk(truth.down)
  }

  private static func bulk(_ log: PacketLog) -> [Int64] {
    log.all.filter { $0.kind == .tcp && $0.length >= 1_000 }.map(\.arrived)
  }

  /// The UDP packets for which `suits` holds of the bulk packets up and down within a quarter of a second.
  func packets(_ suits: (_ up: Int, _ down: Int) -> Bool) -> Truth.Numbers {
    (numbers(truth.up, suits), numbers(truth.down, suits))
  }

  private func numbers(_ log: PacketLog, _ suits: (Int, Int) -> Bool) -> [Int] {
    (0..<log.count).filter { number in
      let entry = log[number]
      guard entry.kind == .udp else { return false }
      return suits(Self.count(up, near: entry), Self.count(down, near: entry))
    }
  }

  private static func count(_ times: [Int64], near entry: PacketLog.Entry) -> Int {
    let end = max(entry.left, entry.arrived) + window
    return first(times, notBefore: end) - first(times, notBefore: entry.arrived - window)
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
