import PrecallCore
import PrecallTestSupport
import Testing

/// The real command against the real server over every line of `Fixtures/links`: what it says of each is held against
/// `Fixtures/link-verdicts.txt`, which follows from what the line is made of.
@Suite(.needsLinks, .timeLimit(.minutes(10))) struct LinkVerdictTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    let link: String
    let tiers: ClosedRange<Tier>
    /// One of each must be there.
    let needed: [Set<String>]
    let allowed: Set<String>

    var testDescription: String { link }

    init(row: Substring) throws {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(columns.count == 4, "\(row)")
      link = String(columns[0])
      let ends = columns[1].replacing("..", with: ".").split(separator: ".").map {
        Tier.named(Array($0.utf8))
      }
      let (low, high) = (try #require(ends.first ?? nil), try #require(ends.last ?? nil))
      tiers = low...high
      needed = columns[2].split(separator: " ").map { Set($0.split(separator: "|").map(String.init)) }
      allowed = Set(columns[3].split(separator: " ").map(String.init)).union(needed.flatMap { $0 })
    }
  }

  private static let expectations: [Expectation] = {
    let text = (try? Fixtures.bytes("link-verdicts.txt")).map { String(decoding: $0, as: UTF8.self) }
    let rows = text?.split(separator: "\n") ?? []
    return rows.filter { !$0.hasPrefix("#") }.compactMap { try? Expectation(row: $0) }
  }()

  @Test func `every line has its expectation, and no other has one`() throws {
    let links = try Fixtures.names(in: "links", ending: "json").map { $0.replacing(".json", with: "") }
    #expect(Self.expectations.map(\.link).sorted() == links.sorted())
  }

  @Test(arguments: expectations) func `what is said of each line`(_ expectation: Expectation) async throws {
    let report = try Report(json: Array(try await LinkLab.check(expectation.link).output.utf8))
    let codes = report.findings.map { "\($0.kind.code)".replacing("network.", with: "") }
    #expect(expectation.tiers.contains(report.verdict.tier), "\(report.verdict.tier) with \(codes)")
    for one in expectation.needed { #expect(!one.isDisjoint(with: codes), "none of \(one) in \(codes)") }
    #expect(Set(codes).subtracting(expectation.allowed).isEmpty)
    #expect(Set(codes).count == codes.count, "said twice: \(codes)")
  }
}
