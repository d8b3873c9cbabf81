import Foundation
import PrecallFuzz
import PrecallTestSupport
import Testing

/// The corpus of `make fuzz`, and some thousand inputs made of it, the same in every run.
struct `Readers of what others send` {
  private static func corpus(of parser: Parser) throws -> [(name: String, octets: [UInt8])] {
    let folder = Fixtures.path("fuzz/" + parser.name)
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
      ($0, try Fixtures.bytes("fuzz/\(parser.name)/\($0)"))
    }
  }

  @Test(arguments: Parser.all.map(\.name)) func `bear the corpus and what is made of it`(
    name: String
  ) throws {
    let parser = try #require(Parser.all.first { $0.name == name })
    let corpus = try Self.corpus(of: parser)
    #expect(corpus.count >= 2)
    for (name, octets) in corpus { #expect(parser.complaint(octets) == nil, "\(name)") }
    var random = Mutations(seed: 1)
    let small = corpus.map(\.octets).filter { $0.count < 20_000 }
    for round in 0..<3_000 {
      let octets = random.mutated(small[round % small.count])
      let complaint = parser.complaint(octets)
      if let complaint { Issue.record("\(complaint): \(Data(octets).base64EncodedString())") }
    }
  }

  @Test func `are all of those that have a corpus`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("fuzz"))
    #expect(Set(folders) == Set(Parser.all.map(\.name)))
  }
}
