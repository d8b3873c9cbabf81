import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

@Suite struct ReportReadingTests {
  private func refusal(_ document: Text) -> String? {
    do throws(JSONError) {
      _ = try Report(json: document)
      return nil
    } catch {
      return string(error.sentence(in: document))
    }
  }

  /// Every recorded measurement's report, bare and with all that may stand in one.
  static func reports() throws -> [Report] {
    try Fixtures.json(in: "measurements").flatMap { file in
      let measurements = try Measurements(json: Text(Data(contentsOf: file)))
      var policy = Policy.standard
      policy.fallback = bytes("+1 555 0100")
      var whole = Report(measurements, policy: .standard)
      whole.calls = measurements.rehearsedCalls(by: .standard)
      whole.path = measurements.pathFacts
      return [
        whole,
        Report(
          measurements, policy: policy, isComplete: false, startedAt: 1_763_934_033,
          madeBy: bytes("a test \"ä\"")),
      ]
    }
  }

  @Test func `what is read is written again, byte for byte`() throws {
    for report in try Self.reports() {
      for indent in [0, 2] {
        let written = report.json(indent: indent)
        #expect(string(try Report(json: written).json(indent: indent)) == string(written))
      }
    }
  }

  @Test func `a report cut anywhere is refused`() throws {
    let whole = try #require(try Self.reports().last).json()
    for length in stride(from: 0, to: whole.count, by: 7) {
      let sentence = refusal(Text(whole.prefix(length)))
      #expect(sentence?.hasSuffix("it ends too early") == true, "\(length)")
    }
  }

  private static let plain = string(Report(Measurements(), policy: .standard).json(indent: 0))

  @Test(arguments: [
    (
      "\"format_version\":1", "\"format_version\":2",
      "format_version: this program reads reports of format_version 1"
    ),
    ("\"format_version\":1,", "", "format_version: this program reads reports of format_version 1"),
    ("\"complete\":true", "\"complete\":1", "complete: this must be true or false"),
    ("\"complete\":true,", "", "complete: this is missing"),
    (
      "\"outcome\":\"not-measured\"", "\"outcome\":\"fine\"",
      "verdict.outcome: this is not a word that this program knows here"
    ),
    ("\"tier\":\"hd-video\",", "", "verdict.tier: this is missing"),
    ("\"findings\":[]", "\"findings\":{}", "findings: this must be a list [ … ]"),
    ("\"findings\":[]", "\"findings\":[1]", "findings: this must be an object { … }"),
    ("\"findings\":[]", "\"findings\":[{}]", "findings.code: this is missing"),
    (
      "\"reason\":\"not-asked\"", "\"reason\":7",
      "checks.network.reason: this is not a word that this program knows here"
    ),
    (
      "\"state\":\"not-measured\"", "\"state\":\"well\"",
      "checks.network.state: this must be measured, partial or not-measured"
    ),
    (
      "\"complete\":true", "\"complete\":true,\"started_at\":\"now\"",
      "started_at: this must be a moment as 2026-11-23T21:40:33Z"
    ),
    ("\"policy\":{", "\"policy\":[],\"x\":{", "policy: this must be an object { … }"),
  ])
  func `a value that can't be is named`(part: String, instead: String, sentence: String) throws {
    let range = try #require(Self.plain.range(of: part))
    #expect(refusal(bytes(Self.plain.replacingCharacters(in: range, with: instead))) == sentence)
  }

  @Test func `what is no report at all is refused`() {
    #expect(refusal(bytes("hello")) == "line 1, column 1: this is not JSON")
    #expect(refusal(bytes("[]")) == "this must be an object { … }")
    #expect(refusal(Text(repeating: 0x20, count: Report.maximumBytes + 1)) == "it is too large")
  }

  @Test func `a newer program's codes are kept and its keys ignored`() throws {
    let newer = Self.plain
      .replacingOccurrences(
        of: "\"findings\":[]",
        with: "\"findings\":[{\"code\":\"network.unheard-of\",\"cap\":\"?\"}],\"new\":[{}]"
      )
      .replacingOccurrences(
        of: "\"screen_share\"", with: "\"decided_by\":\"network.unheard-of\",\"screen_share\"")
    let report = try Report(json: bytes(newer))
    #expect(report.unknownCodes.map { string($0) } == ["network.unheard-of"])
    #expect(report.unknownDeciding.map { string($0) } == "network.unheard-of")
    #expect(report.deciding == nil)
  }

  /// Documents spoilt at random: the readers refuse them or take them, and never trap.
  @Test func `spoilt documents never trap a reader`() throws {
    var random = Mutations(seed: 7)
    var documents = try Fixtures.json(in: "measurements").map { try Text(Data(contentsOf: $0)) }
    documents += try Fixtures.json(in: "policies").map { try Text(Data(contentsOf: $0)) }
    documents += try Self.reports().map { $0.json(indent: 0) }
    var refused = 0
    for round in 0..<6_000 {
      let document = random.mutated(documents[round % documents.count])
      if (try? JSONReader.read(document)) == nil { refused += 1 }
      _ = try? Policy(json: document)
      if let measurements = try? Measurements(json: document) {
        _ = Report(measurements, policy: .standard).json()
      }
      if let report = try? Report(json: document) { #expect((try? Report(json: report.json())) != nil) }
    }
    #expect(refused > 1_000)
  }
}
