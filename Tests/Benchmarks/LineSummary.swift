/// All runs of ours: median and worst beside the limit, and whether it was met.
struct LineSummary {
  private let runs: [LineRun]

  init(_ runs: [LineRun]) { self.runs = runs }

  private var ours: [LineRun] { runs.filter { $0.peer == "ours" } }
  private var full: [LineRun] { runs.filter { $0.peer == "ours --full" } }

  func print() {
    Swift.print("\nours over all lines: median, worst; limit")
    printCost()
    printRates()
    for (figure, name) in [
      (LineFigure.roundTrip, "round trip"), (.jitter, "jitter"), (.smoothedJitter, "RFC 3550 jitter"),
      (.variation, "PDV p95"), (.callRoundTrip, "round trip in a call"),
      (.callVariationUp, "PDV p95 in a call, up"), (.callVariationDown, "PDV p95 in a call, down"),
    ] {
      times(figure, name)
    }
    let working = (ours + full).flatMap { run in
      // The truth of "at least" is that of the packets that it was said of.
      [LineFigure.receiving, .sending].compactMap { run.distance($0) }
    }
    say("working latency error, lines with a rate, %", working.map { abs($0) * 100 }, (15, 15), "15 %")
    printMissing()
    printLosses("losses of the run's own packets", [.lossUp, .lossDown])
    printLosses("losses of the line in the long run", [.ownLossUp, .ownLossDown])
  }

  /// What our program did not say of a line although it is known there: a figure that is missing is no good one.
  private func printMissing() {
    let wanted: [LineFigure] = [.roundTrip, .jitter, .smoothedJitter, .variation, .lossUp, .lossDown]
    for (name, runs, figures) in [
      ("figures said, default", ours, wanted + [.download, .upload]),
      ("figures said, --full", full, wanted + [.download, .upload, .receiving, .sending]),
    ] where !runs.isEmpty {
      let known = runs.flatMap { run in figures.filter { isFigure($0, of: run) }.map { (run, $0) } }
      let missing = known.filter { run, figure in run.said[figure] == nil }
      let words = missing.prefix(6).map { "\($0.0.link) \($0.1)" }.joined(separator: ", ")
      Swift.print(
        line(name, "\(known.count - missing.count) of \(known.count)", "all  \(words)", missing.isEmpty))
    }
  }

  /// Whether the truth is known; where not a packet gets through, that is a finding.
  private func isFigure(_ figure: LineFigure, of run: LineRun) -> Bool {
    guard let truth = run.truth[figure] else { return false }
    return ![.lossUp, .lossDown].contains(figure) || truth < 1e6
  }

  // MARK: Seconds and megabytes

  /// 600 ms, less what the lab's own clock may make of it.
  private static let satellite = 599_000.0

  private func printCost() {
    let isFar = { (run: LineRun) in run.truth[.roundTrip].map { $0 >= Self.satellite } ?? false }
    say("whole verdict, s", ours.map(\.seconds), (5, .infinity), "5 s, median")
    say("  round trip under 600 ms", ours.filter { !isFar($0) }.map(\.seconds), (.infinity, 8), "8 s, worst")
    say("  of 600 ms and more", ours.filter(isFar).map(\.seconds), (.infinity, 10), "10 s, worst")
    say("data moved, MB", ours.map(\.megabytes), (10, 10), "10 MB")
    let slow = ours.filter { $0.rate.map { $0 < 20e6 } ?? false }
    say("  on lines under 20 Mbit/s", slow.map(\.megabytes), (6, 6), "6 MB")
  }

  // MARK: Rates

  private func printRates() {
    // Asked for in full, a bound is an answer that falls short.
    let rates = distances(full)
    say("goodput error --full, %", rates.map { abs($0) * 100 }, (3, 7), "3 % / 7 %")
    say("goodput above the truth, %", rates.map { max(0, $0) * 100 }, (0.05, 0.05), "never")
    let bounds = ours.flatMap { run in
      [LineFigure.download, .upload].filter(run.isBound).compactMap { run.distance($0) }
    }
    say("\"at least\" above the truth, %", bounds.map { max(0, $0) * 100 }, (0.05, 0.05), "never")
    // A brief transfer whose halves agree within 10 % is said as a figure, and may be off by that.
    let brief = ours.flatMap { run in [LineFigure.download, .upload].compactMap { run.error($0) } }
    say("goodput error by default, %", brief.map { abs($0) * 100 }, (5, 12), "no limit set; ours 5 % / 12 %")
    say("  above the truth, %", brief.map { max(0, $0) * 100 }, (0.05, 5), "no limit set; ours 5 %")
  }

  private func distances(_ runs: [LineRun]) -> [Double] {
    runs.flatMap { run in [LineFigure.download, .upload].compactMap { run.distance($0) } }
  }

  // MARK: Times and losses

  private func times(_ figure: LineFigure, _ name: String) {
    let errors = ours.compactMap { $0.timeError(figure).map { $0 * 100 } }
    let isTrip = [.roundTrip, .callRoundTrip].contains(figure)
    let limit: (Double, Double) = isTrip ? (1, .infinity) : (10, 10)
    let words = isTrip ? "0.5 ms or 1 %, median" : "0.5 ms or 10 %"
    say("\(name) error, %", errors, limit, words)
  }

  private func printLosses(_ name: String, _ figures: [LineFigure]) {
    let loss = ours.flatMap { run in figures.compactMap { run.holds($0) } }
    guard !loss.isEmpty else { return Swift.print(line(name, "none", "95 %", runs.isEmpty)) }
    let held = Double(loss.count { $0 }) / Double(loss.count) * 100
    let figure = "\(LineBenchmark.fixed(held)) of \(loss.count)"
    Swift.print(line("\(name) in the interval, %", figure, "95 %", held >= 95))
  }

  private func say(_ name: String, _ values: [Double], _ limit: (Double, Double)?, _ words: String) {
    guard !values.isEmpty else { return }
    let sorted = values.sorted()
    let (median, worst) = (sorted[sorted.count / 2], sorted[sorted.count - 1])
    let isMet = limit.map { median <= $0.0 && worst <= $0.1 }
    let figures = "\(LineBenchmark.fixed(median)), \(LineBenchmark.fixed(worst)) of \(values.count)"
    Swift.print(line(name, figures, words, isMet))
  }

  private func line(_ name: String, _ figures: String, _ limit: String, _ isMet: Bool?) -> String {
    name.padded(to: 52) + figures.padded(to: 22) + limit + Miss.mark(where: isMet == false)
  }
}
