import FoundationEssentials
import PrecallTestSupport
import Testing

/// What `make lab` prints: truth beside measured.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct ComparisonTests {
  /// The cells of each row but the first, which names the columns.
  private func rows(of text: String) -> [String: [Double]] {
    var rows: [String: [Double]] = [:]
    for line in text.split(separator: "\n").dropFirst() where line.count > 26 {
      let cells = line.dropFirst(26).split(whereSeparator: { " ()".contains($0) }).compactMap { Double($0) }
      rows[String(line.prefix(26)).split(separator: " ").joined(separator: " ")] = cells
    }
    return rows
  }

  @Test func `the table holds what was said beside what happened, and by how much they differ`() async throws
  {
    let output = try await Fixtures.withTemporaryFolder { folder in
      let check = [
        Fixtures.program("precall-test"), "http://10.98.0.1:8080", "--only", "network", "--format", "json",
        "--samples",
        folder + "/samples",
      ]
      let script = "'" + check.joined(separator: "' '") + "' > '\(folder)/report' || true"
      let server = "exec '\(Fixtures.program("precall-server"))' --host 10.98.0.1 --port 8080 >/dev/null"
      let lab = [
        "dsl-3", "--compare", folder + "/report", "--samples", folder + "/samples", "--wait-port", "8080",
        "--server", server, "--", "sh", "-c", script,
      ]
      return try await Program("link-lab").run(lab)
    }
    let rows = rows(of: output.output)
    for (name, truth) in [
      ("round trip, idle", 30.0...80), ("upload", 0.2...1), ("download", 1.5...3),
      ("round trip, call", 30...120),
    ] {
      let cells = try #require(rows[name], "\(output)")
      try #require(cells.count == 4, "\(name): \(cells)")
      #expect(truth.contains(cells[0]), "\(name): \(cells)")
      #expect(abs(cells[1] - cells[0]) < cells[0] / 5, "\(name): \(cells)")
      #expect(abs(cells[1] - cells[0] - cells[2]) < 0.011)
      #expect(abs((cells[1] / cells[0] - 1) * 100 - cells[3]) < 3, "\(name): \(cells)")
    }
  }
}
