import PrecallTestSupport

/// Every line of `Fixtures/links`, or those of `--links dsl-3,fibre`, with our programs and others', or those of
/// `--programs ours,irtt`: seconds, megabytes, and errors against what really happened in that very run. The
/// check as people run it meets each line several times, with the luck of `--seeds 1,2,3`.
enum LineBenchmark {
  static func run() async {
    if let obstacle = LinkLab.obstacle {
      return print("lines: \(obstacle)" + Miss.mark(where: true, ": FAILED"))
    }
    guard let links = Benchmark.option("--links") ?? (try? Fixtures.names(in: "links", ending: "json")) else {
      return print("lines: there is no Fixtures/links" + Miss.mark(where: true, ": FAILED"))
    }
    print("\nlines: error against the truth in %; loss: whether the truth is in the interval that was said,")
    print("or where none was, the error in points of %")
    print(row("line", "program", ["s", "MB"] + LineFigure.allCases.map(title)))
    var runs: [LineRun] = []
    var wanted = 0
    for link in links.map({ $0.replacing(".json", with: "") }) {
      for peer in Peer.all where Benchmark.option("--programs")?.contains(peer.name) ?? true {
        for seed in seeds.prefix(peer.name == "ours" ? seeds.count : 1) {
          wanted += 1
          let run: LineRun
          do {
            run = try await LineRun.of(peer, on: link, seed: seed)
          } catch {
            print(row(link, peer.name, [Miss.mark(where: true, "FAILED: \(error)")]))
            continue
          }
          print(row(link, peer.name, [fixed(run.seconds), fixed(run.megabytes)] + cells(run)))
          runs.append(run)
        }
      }
    }
    print("\n\(runs.count) of \(wanted) runs" + Miss.mark(where: runs.count < wanted))
    PeerTable(runs).print()
    LineSummary(runs).print()
  }

  private static var seeds: [Int] { (Benchmark.option("--seeds") ?? ["1", "2", "3"]).compactMap { Int($0) } }

  private static func title(_ figure: LineFigure) -> String {
    switch figure {
    case .roundTrip: "rtt"
    case .jitter: "jitter"
    case .smoothedJitter: "rfc3550"
    case .variation: "pdv95"
    case .lossUp: "loss up"
    case .lossDown: "down"
    case .roundTripLoss: "both"
    case .download: "download"
    case .upload: "upload"
    case .receiving: "rtt down"
    case .sending: "rtt up"
    case .callRoundTrip: "call rtt"
    case .callVariationUp: "pdv up"
    case .callVariationDown: "pdv down"
    case .ownLossUp: "own up"
    case .ownLossDown: "own down"
    }
  }

  private static func cells(_ run: LineRun) -> [String] {
    LineFigure.allCases.map { figure in
      if [.lossUp, .lossDown, .roundTripLoss, .ownLossUp, .ownLossDown].contains(figure) {
        return loss(run, figure)
      }
      return run.isBound(figure) ? ">=" : run.error(figure).map { fixed($0 * 100) } ?? "-"
    }
  }

  private static func loss(_ run: LineRun, _ figure: LineFigure) -> String {
    guard let said = run.said[figure], let holds = run.holds(figure) else { return "-" }
    if said.low != nil || said.high != nil { return holds ? "yes" : "no" }
    return run.difference(figure).map { Figure.decimal($0 / 1e4) } ?? "-"
  }

  private static func row(_ link: String, _ peer: String, _ cells: [String]) -> String {
    link.padded(to: 23) + peer.padded(to: 17) + cells.map { $0.padded(to: 9) }.joined()
  }

  static func fixed(_ value: Double) -> String {
    let tenths = Int((abs(value) * 10).rounded())
    return (value < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
  }
}
