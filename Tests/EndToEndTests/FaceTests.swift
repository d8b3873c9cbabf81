import PrecallCore
import PrecallTestSupport
import Testing

/// Recorded measurements, the reports that the engine makes of them, and their faces, all golden files.
@Suite struct FaceTests {
  private static let cases = (try? Fixtures.names(in: "measurements", ending: "json")) ?? []

  @Test(arguments: cases)
  func `A recorded measurement gives its golden report`(_ name: String) throws {
    let measurements = try Measurements(json: try Fixtures.bytes("measurements/\(name)"))
    var report = Report(
      measurements, policy: .standard, startedAt: 1_795_470_000, madeBy: Array("precall-test".utf8))
    report.calls = measurements.rehearsedCalls(by: .standard)
    report.path = measurements.pathFacts
    try Golden.expect(String(decoding: report.json() + [0x0A], as: UTF8.self), is: "reports/\(name)")
    #expect(try Report(json: report.json()).json() == report.json(), "reading gives back what was written")
  }

  @Test(arguments: cases, ["human", "plain", "jsonl"])
  func `A report's face is a golden file`(_ name: String, format: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name)"), "--format", format])
    #expect(result.code == 0)
    let stem = name.dropLast(5)
    try Golden.expect(result.output, is: "reports/faces/\(stem).\(format).txt")
  }

  @Test(arguments: ["slow-line", "behind-a-proxy"])
  func `All figures, the way and each rehearsed call are shown on demand`(_ name: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name).json"), "-v"])
    try Golden.expect(result.output, is: "reports/faces/\(name).verbose.txt")
  }

  @Test(arguments: cases)
  func `A report that is shown as JSON is the same`(_ name: String) async throws {
    let result = try await Program("precall-test")
      .run(["report", "show", Fixtures.path("reports/\(name)"), "--format", "json"])
    #expect(Array(result.output.utf8) == (try Fixtures.bytes("reports/\(name)")))
  }
}
