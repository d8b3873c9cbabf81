import PrecallCore
import PrecallTestSupport

/// Two checks in browsers at once across one line: neither may be changed by more than the line explains, which
/// has half its rate for each, and its queue for both.
enum BesideBenchmark {
  private static let link = "cable-100-20"
  private static let runs = 3

  static func run() async {
    do {
      let alone = try await Self.alone()
      let both = try await BrowserBenchmark.measure(link, checks: 2)
      print(
        "two checks at once across \(link): alone in \(runs) runs, each of the two, what the line explains")
      let queue = ["up", "down"].reduce(0.0) { $0 + (number(both.truth, [$1, "queue_max_us"]) ?? 0) }
      for rate in ["download", "upload"] { compareRate("network.\(rate)", alone, both.reports) }
      for delay in ["http-round-trip-time", "call-round-trip", "call-jitter"] {
        compareDelay("network.\(delay)", alone, both.reports, queue)
      }
      compareLoss(alone, both)
      compareFindings(alone, both.reports)
    } catch {
      print("two checks at once: \(error)" + Miss.mark(where: true, ": FAILED"))
    }
  }

  private static func alone() async throws -> [JSONValue] {
    var reports: [JSONValue] = []
    for _ in 0..<runs { reports += try await BrowserBenchmark.measure(link, checks: 1).reports }
    return reports
  }

  /// Half of the least that one had alone, and 10 % for what two sets of flows lose by their own beginnings.
  private static func compareRate(_ name: String, _ alone: [JSONValue], _ both: [JSONValue]) {
    guard let (least, most, each) = figures(name, "bps", 1e6, alone, both) else { return }
    show(name, "Mbit/s", least, most, each, bound: ("at least", least / 2 * 0.9))
  }

  /// The most that one had alone, and the longest that a packet waited in the line's queues.
  private static func compareDelay(
    _ name: String, _ alone: [JSONValue], _ both: [JSONValue], _ queue: Double
  ) {
    guard let (least, most, each) = figures(name, "us", 1e3, alone, both) else { return }
    show(name, "ms", least, most, each, bound: ("at most", most + queue / 1e3))
  }

  /// The most that one had alone, and what the line lost of all that the two sent: the loop passes it twice.
  private static func compareLoss(_ alone: [JSONValue], _ both: BrowserBenchmark.Outcome) {
    guard let (least, most, each) = figures("network.call-loss", "ppm", 1e4, alone, both.reports) else {
      return
    }
    let shares = ["up", "down"].map { way in
      let sent = (number(both.truth, [way, "packets"]) ?? 0) - (number(both.truth, [way, "under_way"]) ?? 0)
      return sent > 0 ? 100 * (1 - (number(both.truth, [way, "delivered"]) ?? 0) / sent) : 0
    }
    show("network.call-loss", "%", least, most, each, bound: ("at most", most + shares.reduce(0, +)))
  }

  /// What is found of the line, but for mere notes: nothing that was not found alone. (What is found of the
  /// devices is the computer's doing, which runs both browsers and the line.)
  private static func compareFindings(_ alone: [JSONValue], _ both: [JSONValue]) {
    let known = Set(alone.flatMap { lineFindings($0) })
    let found = both.map { lineFindings($0) }
    let words = found.map { $0.isEmpty ? "nothing" : $0.joined(separator: ", ") }
    let isSame = found.allSatisfy { known.isSuperset(of: $0) }
    print(
      "  found of the line: alone \(known.isEmpty ? "nothing" : known.sorted().joined(separator: ", ")); "
        + words.joined(separator: " and ")
        + (isSame ? ": the same" : ": changed") + Miss.mark(where: !isSame))
  }

  private static func lineFindings(_ report: JSONValue) -> [String] {
    (report["findings"]?.array ?? []).compactMap { finding in
      let word = { (key: StaticString) in String(decoding: finding[key]?.string ?? [], as: UTF8.self) }
      return word("check") == "network" && word("severity") != "note" ? word("code") : nil
    }
  }

  /// Of the runs alone the least and the most, and of the two at once each; says where one is missing.
  private static func figures(
    _ name: String, _ unit: String, _ scale: Double, _ alone: [JSONValue], _ both: [JSONValue]
  ) -> (Double, Double, [Double])? {
    let values = [alone, both].map { reports in
      reports.compactMap { BrowserBenchmark.figure($0, name, unit).map { $0 / scale } }
    }
    guard let least = values[0].min(), let most = values[0].max(), values[1].count == both.count else {
      print("  \(name): not measured in every run" + Miss.mark(where: true))
      return nil
    }
    return (least, most, values[1])
  }

  private static func show(
    _ name: String, _ unit: String, _ least: Double, _ most: Double, _ each: [Double],
    bound: (words: String, value: Double)
  ) {
    let isExplained = each.allSatisfy { bound.words == "at least" ? $0 >= bound.value : $0 <= bound.value }
    let both = each.map { BrowserBenchmark.rounded($0) }.joined(separator: " and ")
    print(
      "  \(name), \(unit): \(BrowserBenchmark.rounded(least)) to \(BrowserBenchmark.rounded(most)); \(both); "
        + "\(bound.words) \(BrowserBenchmark.rounded(bound.value)): "
        + (isExplained ? "by the line" : "by more than the line") + Miss.mark(where: !isExplained))
  }

  private static func number(_ json: JSONValue, _ path: [String]) -> Double? {
    var value: JSONValue? = json
    for key in path {
      value = value?.members?.first { $0.key == Array(key.utf8) }?.value
    }
    return value?.number
  }
}
