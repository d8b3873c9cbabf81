import PrecallTestSupport
import Testing

import link_lab

@Suite struct LinkFileTests {
  @Test func `every link of the collection can be read`() throws {
    let names = try Fixtures.names(in: "links", ending: "json")
    #expect(names.count >= 20)
    for name in names { _ = try Link(json: Fixtures.bytes("links/" + name), name: name) }
    for name in try Fixtures.names(in: "firewalls", ending: "json") {
      _ = try Link(json: Fixtures.bytes("firewalls/" + name), name: name)
    }
  }

  @Test func `spoilt files are refused or taken, and never trap`() throws {
    var random = Mutations(seed: 98)
    let files = try Fixtures.names(in: "links", ending: "json").map { try Fixtures.bytes("links/" + $0) }
    var refused = 0
    for round in 0..<6_000 {
      if (try? Link(json: random.mutated(files[round % files.count]), name: "t")) == nil { refused += 1 }
    }
    #expect(refused > 1_000)
  }

  @Test(arguments: [
    (#"{}"#, "description: this must be text"),
    (#"{"description":"x","sideways":{}}"#, "sideways: this key is not known here"),
    (#"{"description":"x","up":{"delay":{"ms":5}}}"#, "up.delay.source: this must be text"),
    (
      #"{"description":"x","up":{"delay":{"ms":5,"secs":1,"source":"t"}}}"#,
      "up.delay.secs: this key is not known here"
    ),
    (
      #"{"description":"x","up":{"delay":{"ms":"5","source":"t"}}}"#,
      "up.delay.ms: this must be a number from 0.0 to 3600000.0"
    ),
    (
      #"{"description":"x","both":{"loss":{"percent":101,"source":"t"}}}"#,
      "both.loss.percent: this must be a number from 0.0 to 100.0"
    ),
    (
      #"{"description":"x","both":{"rate":{"kbit_s":10,"source":"t"}}}"#,
      "both.rate.queue_ms: a rate needs a finite queue: queue_ms or queue_bytes"
    ),
    (
      #"{"description":"x","down":{"rate":{"kbit_s":9,"queue_ms":1,"source":"t","steps":{"at":[{"s":1,"kbits":3}]}}}}"#,
      "down.rate.steps.at[0].kbit_s: this is missing"
    ),
    (
      #"{"description":"x","down":{"outages":{"packets":"lost","source":"t","at":[{"s":3,"ms":1},{"s":1,"ms":1}]}}}"#,
      "down.outages.at: the times must grow, and end before repeat_s"
    ),
    (
      #"{"description":"x","up":{"variation":{"ms":5,"distribution":"odd","source":"t"}}}"#,
      "up.variation.distribution: this must be one of normal, uniform, gamma, pareto"
    ),
    (
      #"{"description":"x","up":{"block":{"udp":{"only":[0]},"answer":"silence","source":"t"}}}"#,
      "up.block.udp.only: this must be a list of ports, each from 1 to 65535"
    ),
    (#"{"description":"x""#, "byte 18: it ends too early"),
  ])
  func `a figure that can't be used is refused with its place`(_ text: String, _ words: String) {
    do {
      _ = try Link(json: Array(text.utf8), name: "x")
      Issue.record("was read")
    } catch { #expect(error.description == words) }
  }

  @Test func `a direction's own part takes the place of the common one`() throws {
    let text = #"""
      {"description": "x", "both": {"delay": {"ms": 5, "source": "t"}, "loss": {"percent": 1, "source": "t"}},
       "up": {"delay": {"ms": 7.5, "source": "t"}}}
      """#
    let link = try Link(json: Array(text.utf8), name: "x")
    #expect(link.up.delay.first == 7_500_000)
    #expect(link.down.delay.first == 5_000_000)
    #expect(link.up.loss == 0.01)
  }
}
