import Foundation
import PrecallCore
import PrecallTestSupport

/// The browser's check across lines whose truth is known: how long, how much, and how right.
enum BrowserBenchmark {
  private static let links = ["perfect", "fibre", "cable-100-20", "vdsl-50", "dsl-10", "dsl-3", "4g-good"]
  static let server =
    "\(Fixtures.program("precall-server")) --host 10.98.0.1 --port 8080 --udp-port 0 "
    + "--turn managed --turn-port 3478"

  static func run() async {
    print("the browser's check, by line: s to the verdict, MB moved, then truth beside measured")
    for link in links { await row(link) }
    await BesideBenchmark.run()
    if let folder = Benchmark.option("--pages")?.first { await PagesBenchmark(folder: folder).run() }
  }

  /// What so many checks at once came to across a line, and what really happened on it.
  struct Outcome {
    var output: String
    var reports: [JSONValue]
    var truth: JSONValue
  }

  static func measure(_ link: String, checks count: Int) async throws -> Outcome {
    try await Fixtures.withTemporaryFolder { folder in
      let client = [CommandLine.arguments[0], "browser-client", folder, "\(count)"]
      let compare = ["--compare", "\(folder)/report-0.json", "--truth", "\(folder)/truth.json"]
      let result = try await Program("link-lab").run(
        [link] + compare + ["--wait-line", "--server", server, "--"] + client, deadline: .seconds(120))
      guard result.code == 0 else { throw RigError(result.error + result.output) }
      let files = (0..<count).map { "report-\($0)" } + ["truth"]
      var read = try files.map {
        try JSONReader.read([UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\($0).json"))))
      }
      let truth = read.removeLast()
      return Outcome(output: result.output, reports: read, truth: truth)
    }
  }

  private static func row(_ link: String) async {
    do {
      let outcome = try await measure(link, checks: 1)
      print(describe(link, outcome.output, outcome.reports[0]))
      BrowserTruth(
        report: outcome.reports[0], line: outcome.truth["line"] ?? .null, delay: try delay(link)
      ).show()
      if link == "perfect" { showLimits(outcome.output) }
    } catch {
      print("\(link): \(error)" + Miss.mark(where: true, ": FAILED"))
    }
  }

  private static func describe(_ link: String, _ output: String, _ report: JSONValue) -> String {
    let lines = output.split(separator: "\n").map(String.init)
    let moved = lines.first { $0.hasPrefix("moved: ") } ?? "moved: not known"
    let call = figure(report, "network.call-round-trip", "us").map { rounded($0 / 1e3) + " ms" }
    return
      "\(link): \(rounded(number(after: "seconds", in: output) ?? 0)) s, \(moved.dropFirst(7)); round trip "
      + "in the call, through the relay and back: \(call ?? "not measured")"
  }

  /// On a line without impairment there are limits; a figure that is missing is said too.
  private static func showLimits(_ output: String) {
    let seconds = [number(after: "seconds", in: output)].compactMap { $0 }
    let moved = [number(after: "moved", in: output)].compactMap { $0 }
    Figure(name: "  from the press to the verdict", values: seconds, limit: 15, unit: "s").show()
    Figure(name: "  data moved", values: moved, limit: 15, unit: "MB").show()
  }

  /// Of a line `seconds: 14.2`, or both ways together of `moved: 4.1 MB up, 7.2 MB down`.
  static func number(after name: String, in output: String) -> Double? {
    let line = output.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
    let numbers = line?.split(separator: " ").compactMap { Double($0) } ?? []
    return numbers.isEmpty ? nil : numbers.reduce(0, +)
  }

  static func metric(_ report: JSONValue, _ name: String) -> [JSONValue.Member] {
    let metrics = report["checks"]?["network"]?["metrics"]?.members ?? []
    return metrics.first { $0.key == Array(name.utf8) }?.value.members ?? []
  }

  static func figure(_ report: JSONValue, _ name: String, _ unit: String) -> Double? {
    metric(report, name).first { $0.key == Array("measured_\(unit)".utf8) }?.value.number
  }

  /// A figure with a low end alone.
  static func isLeast(_ report: JSONValue, _ name: String) -> Bool {
    let keys = metric(report, name).map { String(decoding: $0.key, as: UTF8.self) }
    return keys.contains { $0.hasPrefix("low_") } && !keys.contains { $0.hasPrefix("high_") }
  }

  /// There and back, without what varies.
  private static func delay(_ link: String) throws -> Double {
    let json = try JSONReader.read(try Fixtures.bytes("links/\(link).json"))
    let ways = [json["up"]?["delay"], json["down"]?["delay"]].map { $0 ?? json["both"]?["delay"] }
    return ways.reduce(0.0) { $0 + ($1?["ms"]?.number ?? 0) }
  }

  static func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
