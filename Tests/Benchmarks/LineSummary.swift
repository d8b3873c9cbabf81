/// All runs of each program: median and worst beside the limit, and whether it was met.
struct LineSummary {
  private let runs: [LineRun]

  init(_ runs: [LineRun]) { self.runs = runs }

  func print() {
    Swift.print("\nover all lines: median, worst; limit")
    let ours = runs.filter { $0.peer == "ours" }
    let full = runs.filter { $0.peer == "ours --full" }
    say("whole verdict, s", ours.map(\.seconds), (5, 8), "5 s / 8 s (10 s at 600 ms round trip)")
    say("data moved, MB", ours.map(\.megabytes), (10, 10), "10 MB")
    let rates = full.flatMap { run in [LineFigure.download, .upload].compactMap { run.error($0) } }
    say("goodput error --full, %", rates.map { abs($0) * 100 }, (3, 7), "3 % / 7 %")
    say("goodput above the truth, %", rates.map { max(0, $0) * 100 }, (0, 0.05), "never")
    for peer in ["iperf3 down", "iperf3 up"] {
      let others = runs.filter { $0.peer == peer }
      let errors = others.flatMap { run in [LineFigure.download, .upload].compactMap { run.error($0) } }
      say("  \(peer), %", errors.map { abs($0) * 100 }, nil, "")
    }
    for (figure, name) in [
      (LineFigure.roundTrip, "round trip"), (.jitter, "jitter"), (.variation, "PDV p95"),
    ] {
      for peer in ["ours", "irtt", "ping"] { times(figure, name, peer) }
    }
    let working = (ours + full).flatMap { run in
      [LineFigure.receiving, .sending].compactMap { run.error($0) }
    }
    say("working latency error, %", working.map { abs($0) * 100 }, (15, 15), "15 %")
    let loss = ours.flatMap { run in [LineFigure.lossUp, .lossDown].compactMap { run.holds($0) } }
    guard !loss.isEmpty else { return }
    let held = Double(loss.count { $0 }) / Double(max(loss.count, 1)) * 100
    Swift.print(line("loss inside the interval, % of runs", LineBenchmark.fixed(held), "95 %", held >= 95))
  }

  /// Of times, an error under half a millisecond counts as none.
  private func times(_ figure: LineFigure, _ name: String, _ peer: String) {
    let errors = runs.filter { $0.peer == peer }.compactMap { run -> Double? in
      guard let error = run.error(figure), let difference = run.difference(figure) else { return nil }
      return difference <= 500 ? 0 : abs(error) * 100
    }
    let limit: (Double, Double) = figure == .roundTrip ? (1, .infinity) : (10, 10)
    let words = figure == .roundTrip ? "0.5 ms or 1 %, median" : "0.5 ms or 10 %"
    say("\(peer): \(name) error, %", errors, peer == "ours" ? limit : nil, peer == "ours" ? words : "")
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
    name.padded(to: 38) + figures.padded(to: 22) + limit + (isMet == false ? "  MISSED" : "")
  }
}
