import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

@Suite struct PolicyTests {
  private func refusal(_ document: Text) -> String? {
    do throws(JSONError) {
      _ = try Policy(json: document)
      return nil
    } catch {
      return string(error.sentence(in: document))
    }
  }

  @Test func `every bad file is refused by name and place`() throws {
    let files = try Fixtures.json(in: "policies/bad")
    #expect(files.count >= 19)
    for file in files {
      let golden = try String(
        contentsOf: file.deletingPathExtension().appendingPathExtension("txt"), encoding: .utf8)
      #expect(
        refusal(try Text(Data(contentsOf: file))).map { $0 + "\n" } == golden, "\(file.lastPathComponent)")
    }
  }

  @Test func `a clinic's file changes what it names and nothing else`() throws {
    let file = URL(filePath: Fixtures.path("policies/clinic.json"))
    let policy = try Policy(json: Text(Data(contentsOf: file)))
    #expect(string(policy.name) == "Seaside clinic")
    #expect(string(policy.fallback) == "+1 555 0100")
    #expect(policy.need(of: .hdVideo) == .megabits(2.5))
    #expect(policy.need(of: .standardVideo) == .kilobits(900))
    #expect(policy.need(of: .lowVideo) == Policy.standard.need(of: .lowVideo))
    #expect(policy.limits.count == Policy.standard.limits.count)
  }

  @Test func `the smallest file is the standard policy`() throws {
    let policy = try Policy(json: bytes("{ \"format_version\": 1 }"))
    #expect(policy.name == Policy.standard.name)
    #expect(policy.ready == Policy.standard.ready)
    #expect(policy.rates.count == Policy.standard.rates.count)
  }

  @Test func `a rate carries the tiers up to its own`() {
    let policy = Policy.standard
    #expect(policy.tier(carriedBy: .zero) == .phone)
    for tier in Tier.allCases where tier > .phone {
      let need = policy.need(of: tier) ?? .zero
      #expect(policy.tier(carriedBy: need) == tier)
      #expect(policy.tier(carriedBy: BitRate(base: need.base - 1)) < tier)
    }
  }

  @Test func `the name of each figure leaves room for the rest in 80 columns`() {
    for metric in Metric.all { #expect(metric.title.utf8CodeUnitCount <= 30, "\(metric.id)") }
  }

  /// The levels of every figure there is, in its own unit and each wrong one, and in the wrong order.
  @Test func `each figure takes its own unit only, warn before block`() throws {
    for metric in Metric.all {
      func file(_ levels: String) -> Text {
        bytes("{\"format_version\":1,\"limits\":{\"\(metric.id)\":{\(levels)}}}")
      }
      let suffix = metric.unit.suffix
      let (first, second) = metric.worse == .higher ? (10, 20) : (20, 10)
      #expect(refusal(file("\"warn_\(suffix)\":\(first),\"block_\(suffix)\":\(second)")) == nil)
      #expect(
        refusal(file("\"warn_\(suffix)\":\(second),\"block_\(suffix)\":\(first)"))
          == "limits.\(metric.id): warn must be reached before block")
      for unit in QuantityUnit.allCases where unit != metric.unit {
        #expect(
          refusal(file("\"warn_\(unit.suffix)\":1"))
            == "limits.\(metric.id).warn_\(unit.suffix): this key is not known here")
      }
    }
  }

  @Test func `the built-in levels stand in order, with a source each`() {
    for limit in Policy.standard.limits {
      #expect(!Policy.standard.source(of: limit).isEmpty, "\(limit.metric.id)")
      if let warn = limit.warn { #expect(limit.level(of: warn) == .good, "\(limit.metric.id)") }
      if let warn = limit.warn, let block = limit.block {
        #expect(limit.metric.worse == .higher ? warn.base <= block.base : warn.base >= block.base)
      }
    }
    #expect(refusal(bytes("{\"format_version\":1}")) == nil)
  }
}
