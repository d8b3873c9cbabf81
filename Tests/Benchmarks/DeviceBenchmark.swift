import Glibc
import PrecallTestSupport

/// What looking at the microphone and the camera takes: time, processor, and how true it is.
enum DeviceBenchmark {
  static func run() async {
    print("\nMicrophone and camera\n" + Figure.heading)
    together()
    lists()
    await SoundBenchmark.run()
    await CameraBenchmark.run()
  }

  private static func together() {
    let runs = Benchmark.runs([Benchmark.command, "--only", "microphone,camera", "-q"], 5)
    Figure(
      name: "microphone and camera together, wall", values: runs.map(\.wall), limit: 3, unit: "s",
      peer: "of which 2 s listening and watching"
    ).show()
  }

  private static func lists() {
    let runs = Benchmark.runs([Benchmark.command, "devices"], 20)
    let peer = Benchmark.runs(["/bin/sh", "-c", "pactl list sources && pactl list sinks"], 10)
    let middle = peer.map { $0.wall * 1e3 }.sorted()
    Figure(
      name: "precall-test devices, wall", values: runs.map { $0.wall * 1e3 }, limit: 50, unit: "ms",
      peer: middle.isEmpty ? "" : "pactl, sound alone: \(Figure.decimal(middle[middle.count / 2]))"
    ).show()
  }

  /// The share of a core that this process takes while `body` runs.
  static func share<Result>(of body: () async throws -> Result) async rethrows -> (Double, Result) {
    let (start, before) = (Run.now(), processorTime())
    let result = try await body()
    return ((processorTime() - before) / (Run.now() - start) * 100, result)
  }

  /// User and system, of all threads.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
