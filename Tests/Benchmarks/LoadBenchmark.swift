import FoundationEssentials
import PrecallTestSupport

/// What the client itself takes of the processor while it fills a line of 100 Mbit/s both ways.
enum LoadBenchmark {
  private static let link = """
    {"description": "100 Mbit/s both ways, 20 ms round trip", "both": {
      "delay": {"ms": 10, "source": "chosen"},
      "rate": {"kbit_s": 100000, "queue_ms": 50, "source": "chosen"}}}
    """

  /// The client's processor time, in hundredths of a second, ten times a second.
  private static let script = """
    "$@" >/dev/null 2>&1 & client=$!
    while read -r stat 2>/dev/null < /proc/$client/stat; do
      set -- ${stat##*) }; echo $((${12} + ${13})); sleep 0.1
    done
    wait $client; [ $? -le 3 ]
    """

  static func run() async {
    if let obstacle = LinkLab.obstacle {
      return print("load: \(obstacle)" + Miss.mark(where: true, ": FAILED"))
    }
    var busiest: [Double] = []
    for seed in 1...3 {
      guard let share = try? await busiestSecond(seed) else {
        print("load, seed \(seed)" + Miss.mark(where: true, ": FAILED"))
        continue
      }
      busiest.append(share)
    }
    print("\n" + Figure.heading)
    Figure(name: "client filling 100 Mbit/s, its busiest second", values: busiest, limit: 50, unit: "% core")
      .show()
  }

  /// In percent of a core.
  private static func busiestSecond(_ seed: Int) async throws -> Double? {
    try await Fixtures.withTemporaryFolder { folder in
      try link.write(toFile: folder + "/link.json", atomically: true, encoding: .utf8)
      let server = "exec '\(Fixtures.program("precall-server"))' --host 10.98.0.1 --port 8080"
      let client = [
        Benchmark.command, "http://10.98.0.1:8080", "--only", "network", "--full", "-q", "--format", "json",
      ]
      let outcome = try await LinkLab(folder + "/link.json", seed: seed, server: server)
        .run(["bash", "-c", script, "bash"] + client)
      guard outcome.client.code == 0 else { return nil }
      let ticks = outcome.client.output.split(separator: "\n").compactMap { Double($0) }
      guard ticks.count > 20 else { return nil }
      // Ten naps last a little more than a second: what they are told to have taken is a little too much.
      return zip(ticks, ticks.dropFirst(10)).map { $1 - $0 }.max()
    }
  }
}
