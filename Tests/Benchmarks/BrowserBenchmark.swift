import Foundation
import PrecallCore
import PrecallTestSupport

/// The browser's check across lines whose truth is known: how long, how much, and how right.
enum BrowserBenchmark {
  private static let links = ["perfect", "fibre", "cable-100-20", "vdsl-50", "dsl-10", "dsl-3", "4g-good"]
  private static let server =
    "\(Fixtures.program("precall-server")) --host 10.98.0.1 --port 8080 --udp-port 0 "
    + "--turn managed --turn-port 3478"

  static func run() async {
    print("the browser's check, by line: s to the verdict, MB moved, then truth beside measured")
    for link in links { await row(link, 1) }
    print("two checks at once: each one's figures, and what both took of the line")
    await row("cable-100-20", 2)
  }

  private static func row(_ link: String, _ count: Int) async {
    do {
      try await Fixtures.withTemporaryFolder { folder in
        let client = [CommandLine.arguments[0], "browser-client", folder, "\(count)"]
        let compare = ["--compare", "\(folder)/report-0.json", "--wait-line", "--server", server]
        let result = try await Program("link-lab").run(
          [link] + compare + ["--"] + client, deadline: .seconds(120))
        guard result.code == 0 else { throw RigError(result.error + result.output) }
        print(try describe(link, result.output, try reports(folder, count)))
      }
    } catch {
      print("\(link): failed: \(error)")
    }
  }

  private static func reports(_ folder: String, _ count: Int) throws -> [JSONValue] {
    try (0..<count).map { number in
      let file = URL(filePath: "\(folder)/report-\(number).json")
      return try JSONReader.read([UInt8](try Data(contentsOf: file)))
    }
  }

  private static func describe(_ link: String, _ output: String, _ reports: [JSONValue]) throws -> String {
    let lines = output.split(separator: "\n").map(String.init)
    let seconds = lines.first { $0.hasPrefix("seconds: ") }.flatMap { Double($0.dropFirst(9)) } ?? 0
    let moved = lines.first { $0.hasPrefix("moved: ") } ?? "moved: not known"
    let limits = link == "perfect" ? " (limits: 15 s, 15 MB)" : ""
    var text = "\(link): \(rounded(seconds)) s, \(moved.dropFirst(7))\(limits)\n"
    text += lines.filter { $0.hasPrefix("download ") || $0.hasPrefix("upload ") }.map { "  \($0)\n" }.joined()
    text += try "  round trip, the line's own \(delay(link)) ms, measured:"
    for report in reports {
      let trips = ["http-round-trip-time", "call-round-trip"].map {
        figure(report, "network.\($0)", "us", 1e3)
      }
      text += " \(trips[0]) ms by HTTP, \(trips[1]) ms in the call through the relay and back;"
    }
    if reports.count > 1 {
      for name in ["download", "upload"] {
        let each = reports.map { figure($0, "network.\(name)", "bps", 1e6) }
        text += "\n  \(name) of each: \(each.joined(separator: ", ")) Mbit/s"
      }
    }
    return text
  }

  private static func figure(_ report: JSONValue, _ metric: String, _ unit: String, _ scale: Double) -> String
  {
    let metrics = report["checks"]?["network"]?["metrics"]
    let entry = metrics?.members?.first { $0.key == Array(metric.utf8) }?.value
    let value = entry?.members?.first { $0.key == Array("measured_\(unit)".utf8) }?.value.number
    return value.map { rounded($0 / scale) } ?? "not measured"
  }

  /// There and back, without what varies.
  private static func delay(_ link: String) throws -> String {
    let json = try JSONReader.read(try Fixtures.bytes("links/\(link).json"))
    let ways = [json["up"]?["delay"], json["down"]?["delay"]].map { $0 ?? json["both"]?["delay"] }
    let sum = ways.reduce(0.0) { $0 + ($1?["ms"]?.number ?? 0) }
    return rounded(sum)
  }

  private static func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
