/// All programs side by side on the same lines: what each costs, and how far its figures are from the truth.
struct PeerTable {
  private let runs: [LineRun]

  init(_ runs: [LineRun]) { self.runs = runs }

  func print() {
    Swift.print(
      "\npeers side by side: median (worst) over the lines; - where it said nothing, or no truth is known")
    Swift.print("rtt, jitter and rates: error in % of the truth; loss: error in points of %")
    Swift.print(row("program", "runs", ["s", "MB", "rtt", "jitter", "loss", "download", "upload"]))
    for peer in Peer.all {
      let own = runs.filter { $0.peer == peer.name }
      if !own.isEmpty { Swift.print(row(peer.name, "\(own.count)", cells(own))) }
    }
  }

  private func cells(_ own: [LineRun]) -> [String] {
    [
      cell(own.map(\.seconds)), cell(own.map(\.megabytes), { Figure.decimal($0) }),
      cell(times(.roundTrip, own)), cell(times(.jitter, own)), cell(losses(own), { Figure.decimal($0) }),
      rate(.download, own), rate(.upload, own),
    ]
  }

  private func times(_ figure: LineFigure, _ own: [LineRun]) -> [Double] {
    own.compactMap { $0.timeError(figure).map { $0 * 100 } }
  }

  private func losses(_ own: [LineRun]) -> [Double] {
    own.flatMap { run in
      [LineFigure.lossUp, .lossDown, .roundTripLoss].compactMap { run.difference($0).map { $0 / 1e4 } }
    }
  }

  /// Bounds only are no figure to be wrong.
  private func rate(_ figure: LineFigure, _ own: [LineRun]) -> String {
    let errors = own.compactMap { $0.error(figure).map { abs($0) * 100 } }
    return errors.isEmpty && own.contains { $0.isBound(figure) } ? ">=" : cell(errors)
  }

  private func cell(_ values: [Double], _ words: (Double) -> String = LineBenchmark.fixed) -> String {
    guard let worst = values.max() else { return "-" }
    let middle = values.sorted()[values.count / 2]
    return "\(words(middle)) (\(words(worst)))"
  }

  private func row(_ name: String, _ count: String, _ cells: [String]) -> String {
    name.padded(to: 18) + count.padded(to: 6) + cells.map { $0.padded(to: 16) }.joined()
  }
}
