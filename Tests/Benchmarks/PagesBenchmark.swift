import Foundation
import PrecallCore
import PrecallTestSupport

/// Our page and others' in the same browser across the same lines: how long, how much, and how right.
struct PagesBenchmark {
  /// Of `--pages`.
  var folder: String

  private static let links = ["dsl-10", "cable-100-20", "4g-good"]

  func run() async {
    print(
      "\npages across the same lines: what each said, the truth, and the error in %. The truth of rates is what "
        + "the line let that page have; of latency and jitter what it did to \(Self.pings) pings alone, there "
        + "and back (our page's jitter is that of a call with its picture)")
    print(Self.row("line", "page", ["s", "MB", "Mbit/s down", "up", "ms latency", "jitter"]))
    for link in Benchmark.option("--links") ?? Self.links {
      do {
        let idle = try await Self.idle(link)
        await show(link, "ours", idle) { try await Self.ours(link) }
        for page in ForeignPage.all { await show(link, page.name, idle) { try await measure(page, link) } }
      } catch {
        print(Self.row(link, "idle", [Miss.mark(where: true, "FAILED: \(error)")]))
      }
    }
  }

  /// A page's run across a line, and the truth of that run.
  private typealias Outcome = (reading: ForeignPage.Reading, truth: JSONValue?)

  private func show(
    _ link: String, _ name: String, _ idle: JSONValue, _ measure: () async throws -> Outcome
  ) async {
    do {
      let (reading, truth) = try await measure()
      let moved = ["bytes_up", "bytes_down"].compactMap { Self.number(truth, $0) }.reduce(0, +)
      let cells = [
        Self.cell(reading.download, Self.number(truth, "download_bps"), 1e6, reading.isLeastDownload),
        Self.cell(reading.upload, Self.number(truth, "upload_bps"), 1e6, reading.isLeastUpload),
        Self.cell(reading.latency, Self.number(idle, "round_trip_us"), 1e3),
        Self.cell(reading.jitter, Self.number(idle, "round_trip_jitter_us"), 1e3),
      ]
      let cost = [reading.seconds ?? 0, moved / 1e6].map { LineBenchmark.fixed($0) }
      print(Self.row(link, name, cost + cells))
    } catch {
      print(Self.row(link, name, [Miss.mark(where: true, "FAILED: \(error)")]))
    }
  }

  // MARK: Runs

  private static let pings = 500

  /// The truth of the line while it carries nothing else.
  private static func idle(_ link: String) async throws -> JSONValue {
    let client = ["ping", "-i", "0.02", "-c", "\(pings)", "-q", Peer.address]
    guard let truth = try await LinkLab(link).run(client).truth?["line"] else {
      throw RigError("the lab did not run")
    }
    return truth
  }

  private static func ours(_ link: String) async throws -> Outcome {
    let outcome = try await BrowserBenchmark.measure(link, checks: 1)
    let report = outcome.reports[0]
    let reading = ForeignPage.Reading(
      seconds: BrowserBenchmark.number(after: "seconds", in: outcome.output),
      download: BrowserBenchmark.figure(report, "network.download", "bps"),
      upload: BrowserBenchmark.figure(report, "network.upload", "bps"),
      latency: BrowserBenchmark.figure(report, "network.http-round-trip-time", "us"),
      jitter: BrowserBenchmark.figure(report, "network.call-jitter", "us"),
      isLeastDownload: BrowserBenchmark.isLeast(report, "network.download"),
      isLeastUpload: BrowserBenchmark.isLeast(report, "network.upload"))
    return (reading, outcome.truth["line"])
  }

  private func measure(_ page: ForeignPage, _ link: String) async throws -> Outcome {
    try await Fixtures.withTemporaryFolder { temporary in
      let (truth, answer) = (temporary + "/truth", temporary + "/answer")
      let pages = URL(filePath: folder).absoluteURL.path()
      let server = "cd '\(pages)/\(page.name)' && \(page.server)"
      let client = [CommandLine.arguments[0], "page-client", page.name, pages, answer]
      let result = try await Program("link-lab").run(
        [link, "--truth", truth, "--server", server] + page.waiting + ["--"] + client,
        deadline: .seconds(300))
      guard result.code == 0 else { throw RigError(result.error + result.output) }
      let files = try [truth, answer].map { try Data(contentsOf: URL(filePath: $0)) }
      return (
        try JSONDecoder().decode(ForeignPage.Reading.self, from: files[1]),
        try JSONReader.read([UInt8](files[0]))["line"]
      )
    }
  }

  // MARK: Words

  private static func number(_ json: JSONValue?, _ key: String) -> Double? {
    json?.members?.first { $0.key == Array(key.utf8) }?.value.number
  }

  /// Said, true, and the error.
  private static func cell(
    _ said: Double?, _ truth: Double?, _ scale: Double, _ isLeast: Bool? = nil
  ) -> String {
    guard let said else { return "not said" }
    let bound = isLeast == true ? ">= " : ""
    guard let truth, truth > 0 else { return "\(bound)\(LineBenchmark.fixed(said / scale)) of unknown" }
    let error = LineBenchmark.fixed((said / truth - 1) * 100)
    return "\(bound)\(LineBenchmark.fixed(said / scale)) of \(LineBenchmark.fixed(truth / scale)) (\(error))"
  }

  private static func row(_ link: String, _ page: String, _ cells: [String]) -> String {
    let widths = [8, 8, 24, 24, 24, 0]
    return link.padded(to: 15) + page.padded(to: 13)
      + zip(cells, widths).map { $0.padded(to: $1) }.joined()
  }
}
