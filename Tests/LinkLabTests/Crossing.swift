import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// One run of the independent witness `echo.py` across a link.
struct Crossing {
  /// A packet as the witness saw it, in nanoseconds of the monotonic clock.
  struct Row {
    var sent: Int64?
    var returned: Int64?
    /// From the server's own notes: packets whose answer was lost are there too.
    var arrived: Int64?
  }

  var rows: [Row] = []
  /// What the server noted: the packets' numbers and times, in order of coming.
  var notes: [(number: Int, time: Int64)] = []
  var lab: LinkLab.Outcome

  static let script = Fixtures.root.appending(path: "Tests/LinkLabTests/echo.py").path()

  /// Runs the witness in `mode` over a link of `parts`, the inside of a link file.
  init(_ parts: String, seed: Int = 1, family: String = "", _ mode: String...) async throws {
    self = try await Fixtures.withTemporaryFolder { folder in
      let file = folder + "/link.json"
      try Data("{\"description\":\"a test\",\(parts)}".utf8).write(to: URL(filePath: file))
      let server = "exec python3 '\(Self.script)' serve '\(folder)/log'"
      let outcome = try await LinkLab(file, seed: seed, server: server)
        .run(["python3", Self.script] + mode, environment: ["FAMILY": family], keepsPackets: true)
      try #require(outcome.client.code == 0, "\(outcome.client.error)")
      return try Crossing(outcome, log: folder + "/log")
    }
  }

  private init(_ outcome: LinkLab.Outcome, log: String) throws {
    lab = outcome
    let answer = try JSONReader.read(Array(outcome.client.output.utf8))
    rows = (answer["rows"]?.array ?? []).map {
      Row(sent: $0.array?[1].integer, returned: $0.array?[2].integer, arrived: nil)
    }
    for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let number = Int(words[0]), let time = Int64(words[1]) else { continue }
      notes.append((number, time))
      if number < rows.count, rows[number].arrived == nil { rows[number].arrived = time }
    }
  }

  /// One-way delays up, in milliseconds, in order of size.
  var delaysUp: [Double] {
    rows.compactMap { row in
      guard let sent = row.sent, let arrived = row.arrived else { return nil }
      return Double(arrived - sent) / 1e6
    }.sorted()
  }

  var delaysDown: [Double] {
    rows.compactMap { row in
      guard let arrived = row.arrived, let returned = row.returned else { return nil }
      return Double(returned - arrived) / 1e6
    }.sorted()
  }

  /// A figure of the truth about the witness's own packets, as `up`, `delay_median_us`.
  func truth(_ direction: StaticString, _ figure: StaticString) throws -> Int64 {
    let flow = try #require(
      lab.truth?["flows"]?.array?.first {
        $0["server_port"]?.integer == 4000 && $0["protocol"]?.string == Array("udp".utf8)
      })
    return try #require(flow[direction]?[figure]?.integer)
  }
}

extension [Double] {
  func quantile(_ share: Double) -> Double { isEmpty ? .nan : self[Int(Double(count - 1) * share)] }
}
