import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Testing

/// The link against an independent witness at both ends, and its own account of what it did.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(3))) struct LinkLabTests {
  @Test(arguments: ["", "6"]) func `delay is what was asked for, each way, in both families`(_ family: String)
    async throws
  {
    let run = try await Crossing(
      #""up":{"delay":{"ms":30,"source":"t"}},"down":{"delay":{"ms":12.5,"source":"t"}}"#, family: family,
      "flow", "150", "0.01", "200")
    // The witness is woken late on a busy machine; its quickest packets tell of the link.
    #expect(abs(run.delaysUp.quantile(0.1) - 30) < 0.5)
    #expect(abs(run.delaysDown.quantile(0.1) - 12.5) < 0.5)
    #expect(try abs(run.truth("up", "delay_median_us") - 30_000) < 500)
    #expect(run.delaysUp.quantile(0) >= 30)
  }

  @Test func `every lost packet is counted where it was lost`() async throws {
    let run = try await Crossing(
      #""up":{"loss":{"percent":8,"source":"t"}},"down":{"burst_loss":{"good_to_bad_percent":3,"bad_to_good_percent":40,"loss_in_bad_percent":80,"loss_in_good_percent":0,"source":"t"}}"#,
      seed: 5, "flow", "600", "0.002", "100")
    let arrived = run.rows.count { $0.arrived != nil }
    let returned = run.rows.count { $0.returned != nil }
    #expect(try run.truth("up", "packets") == 600)
    #expect(try run.truth("up", "lost_random") == Int64(600 - arrived))
    #expect(try run.truth("down", "packets") == Int64(arrived))
    #expect(try run.truth("down", "lost_burst") == Int64(arrived - returned))
    #expect(arrived < 590 && returned < arrived)
    let logged = run.lab.packets.count { $0["fate"]?.string == Array("lost_random".utf8) }
    #expect(logged == 600 - arrived)
  }

  @Test func `a packet that is still under way in the end is none that was lost`() async throws {
    let link = #"{"description":"a test","up":{"delay":{"ms":20000,"source":"t"}}}"#
    let truth = try await Fixtures.withTemporaryFolder { folder in
      try Data(link.utf8).write(to: URL(filePath: folder + "/link.json"))
      let send = ["bash", "-c", "echo late >/dev/udp/10.98.0.1/9"]
      return try #require(try await LinkLab(folder + "/link.json").run(send).truth)
    }
    #expect(truth["up"]?["packets"]?.integer == 1 && truth["up"]?["under_way"]?.integer == 1)
    #expect(truth["up"]?["delivered"]?.integer == 0 && truth["up"]?["longest_loss"]?.integer == 0)
    #expect(truth["line"] != nil && truth["line"]?["loss_up_ppm"] == nil)
  }

  @Test func `the same seed loses the same packets`() async throws {
    func lost(seed: Int) async throws -> [Int] {
      let run = try await Crossing(
        #""up":{"loss":{"percent":10,"source":"t"}}"#, seed: seed, "flow", "300", "0.001", "100")
      return run.rows.indices.filter { run.rows[$0].arrived == nil }
    }
    let first = try await lost(seed: 9)
    #expect(!first.isEmpty)
    #expect(try await first == lost(seed: 9))
    #expect(try await first != lost(seed: 10))
  }

  @Test func `an overloaded rate passes just that rate and a queue of just that depth`() async throws {
    let run = try await Crossing(
      #""up":{"rate":{"kbit_s":5000,"queue_ms":100,"source":"t"}}"#, "flood", "3", "1172", "8")
    let times = run.notes.map(\.time)
    let later = times.filter { $0 > times[0] + 500_000_000 }
    let seconds = Double((later.last ?? 0) - later[0]) / 1e9
    let rate = Double(later.count - 1) * 1200 * 8 / seconds
    #expect(abs(rate / 5_000_000 - 1) < 0.02)
    #expect(try run.truth("up", "delivered") == Int64(run.notes.count))
    #expect(try run.truth("up", "lost_queue") > 0)
    let deepest = try #require(run.lab.truth?["up"]?["queue_max_bytes"]?.integer)
    #expect(abs(deepest - 5_000_000 / 8 / 10) <= 2_400)
    #expect(try abs(run.truth("up", "delay_p95_us") - 100_000) < 3_000)
  }

  @Test func `variation has the quantiles of its distribution`() async throws {
    let run = try await Crossing(
      #""up":{"delay":{"ms":40,"source":"t"},"variation":{"distribution":"uniform","ms":10,"source":"t"}}"#,
      "flow", "150", "0.025", "100")
    // Packets 25 ms apart can't overtake each other, so nothing bends the distribution.
    for share in [0.1, 0.5, 0.9] {
      #expect(abs(run.delaysUp.quantile(share) - (30 + 20 * share)) < 3)
    }
    let middle = try Double(run.truth("up", "delay_median_us")) / 1000
    #expect(abs(middle - run.delaysUp.quantile(0.5)) < 0.5)
    // The mean difference of two uniform numbers is a third of their range.
    let difference = try Double(run.truth("up", "ipdv_mean_us")) / 1000
    #expect(abs(difference - 20.0 / 3) < 1.5)
  }

  @Test func `nothing passes in an outage, and held packets come after it`() async throws {
    for packets in ["lost", "held"] {
      let run = try await Crossing(
        #""up":{"outages":{"packets":"\#(packets)","at":[{"s":1,"ms":400}],"source":"t"}}"#,
        "flow", "200", "0.01", "100")
      let times = run.notes.map(\.time)
      let gap = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
      #expect((350_000_000...480_000_000).contains(gap), "\(packets)")
      let lost = try run.truth("up", "lost_outage")
      #expect(packets == "held" ? lost == 0 : (30...45).contains(lost))
    }
  }

  @Test func `a firewall stops UDP in silence or with an answer`() async throws {
    for answer in ["silence", "icmp"] {
      let run = try await Crossing(
        #""up":{"block":{"udp":{"except":[53]},"answer":"\#(answer)","source":"t"}}"#,
        "flow", "20", "0.005", "100")
      #expect(run.notes.isEmpty)
      #expect(try run.truth("up", "lost_blocked") > (answer == "icmp" ? 0 : 19))
    }
  }

  @Test func `copies, damage and overtaking are what the truth says`() async throws {
    let run = try await Crossing(
      #""up":{"delay":{"ms":5,"source":"t"},"duplication":{"percent":10,"source":"t"},"reordering":{"percent":10,"ms":15,"source":"t"},"corruption":{"percent":5,"source":"t"}}"#,
      "flow", "400", "0.004", "100")
    let arrivals = run.notes.map(\.number)
    let overtaken = zip(arrivals, arrivals.dropFirst()).count { $0 > $1 }
    #expect(try overtaken > run.truth("up", "reordered") / 2)
    let damaged = try run.truth("up", "corrupted")
    let copied = try run.truth("up", "duplicated")
    #expect(damaged > 5 && copied > 20)
    // The kernel drops a damaged packet; its undamaged copy, if there is one, still arrives.
    #expect(Int64(arrivals.count) == 400 + copied - damaged)
  }

  @Test func `too big packets are answered, or vanish in a black hole`() async throws {
    let part = #""both":{"mtu":{"bytes":1300,"answer":"ANSWER","source":"t"}}"#
    let hole = try await Crossing(part.replacing("ANSWER", with: "silence"), "flow", "20", "0.01", "1400")
    #expect(hole.notes.isEmpty)
    #expect(try hole.truth("up", "lost_too_big") == 20)
    let told = try await Crossing(part.replacing("ANSWER", with: "icmp"), "flow", "20", "0.01", "1400")
    #expect(try told.truth("up", "lost_too_big") == 1)
    #expect(told.notes.count >= 18)
  }
}
