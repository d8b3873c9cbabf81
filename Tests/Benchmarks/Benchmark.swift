import FoundationEssentials
import PrecallCore

/// How fast and how small the programs are, each figure beside its limit. Run it under `virtual-devices`.
@main
struct Benchmark {
  static func main() async throws {
    let words = CommandLine.arguments
    if words.count == 4, words[1] == "browser-client" {
      return try await BrowserClient.run(words[2], Int(words[3]) ?? 1)
    }
    if isAsked("check") { check() }
    if isAsked("sound") { SoundBenchmark.run() }
    if isAsked("engine") { EngineBenchmark.run() }
    if isAsked("browser") { await BrowserBenchmark.run() }
    if isAsked("rooms") { await RoomBenchmark.run() }
    if isAsked("lines") { await LineBenchmark.run() }
  }

  /// All parts run, or those that `--only rooms,sound` names.
  static func isAsked(_ part: String) -> Bool {
    option("--only")?.contains(part) ?? true
  }

  /// The words, with commas between them, after `name`.
  static func option(_ name: String) -> [String]? {
    let words = CommandLine.arguments
    guard let at = words.firstIndex(of: name), at + 1 < words.count else { return nil }
    return words[at + 1].split(separator: ",").map { String($0) }
  }

  private static func check() {
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let command = folder.appending(path: "precall-test").path()
    print("median (least to most) of the runs".padded(to: 64) + "limit")
    row("precall-test --version, wall", [command, "--version"], runs: 20, "20 ms", code: 0) { $0.wall * 1000 }
    let network = runs([command, "--local", "--only", "network", "-q"], 3)
    row("network part alone, wall", network, "6 s", code: 0) { $0.wall }
    let complete = runs([command, "--local", "-q"], 5)
    row("complete check with both devices, wall", complete, "8 s", code: 0) { $0.wall }
    row("complete check, memory at its peak", complete, "40 MiB", code: 0) { $0.peakMegabytes }
    row("complete check, processor time", complete, "", code: 0) { $0.cpu }
  }

  private static func runs(_ arguments: [String], _ count: Int) -> [Run] {
    _ = Run.of(arguments)
    return (0..<count).compactMap { _ in Run.of(arguments) }
  }

  private static func row(
    _ name: String, _ arguments: [String], runs count: Int, _ limit: String, code: Int32,
    _ figure: (Run) -> Double
  ) {
    row(name, runs(arguments, count), limit, code: code, figure)
  }

  /// A run that did not end as it should is not a figure: it is said instead.
  private static func row(
    _ name: String, _ runs: [Run], _ limit: String, code: Int32, _ figure: (Run) -> Double
  ) {
    let good = runs.filter { $0.status == code }
    let figures = good.map(figure).sorted()
    guard let least = figures.first, let most = figures.last else {
      print(name.padded(to: 42) + "failed: it ended with \(runs.map { $0.status })")
      return
    }
    let middle = figures[figures.count / 2]
    let failed = runs.count > good.count ? "  (\(runs.count - good.count) runs failed)" : ""
    print(
      name.padded(to: 42) + "\(decimal(middle)) (\(decimal(least)) to \(decimal(most)))".padded(to: 22)
        + limit + failed)
  }

  private static func decimal(_ value: Double) -> String {
    let tenths = rounded(value * 100)
    return "\(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100)"
  }
}

extension String {
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }
}
