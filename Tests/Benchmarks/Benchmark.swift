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
    if words.count == 5, words[1] == "page-client" {
      return try await ForeignPage.measure(words[2], pages: words[3], answer: words[4])
    }
    if words.contains("--help") { return print(usage) }
    if isAsked("check") { check() }
    if isAsked("devices") { await DeviceBenchmark.run() }
    if isAsked("engine") { await EngineBenchmark.run() }
    if isAsked("browser") { await BrowserBenchmark.run() }
    if isAsked("rooms") { await RoomBenchmark.run() }
    if isAsked("server") { await ServerBenchmark.run() }
    if isAsked("lines") { await LineBenchmark.run() }
    if isAsked("load") { await LoadBenchmark.run() }
    Miss.conclude()
  }

  private static let usage = """
    use: virtual-devices precall-bench [--only PART,…]
    Parts: check, devices, engine, browser, rooms, server, lines, load.
    Of lines: [--links NAME,…] [--programs NAME,…] [--seeds NUMBER,…] [--goresponsiveness PATH]
    --goresponsiveness: also the client of that name (github.com/network-quality/goresponsiveness), about 75 s
    a line; it is in no package.
    With --pages FOLDER the browser's part also runs others' pages across the same lines: FOLDER/librespeed \
    is a checkout of github.com/librespeed/speedtest (needs php-cli), FOLDER/cloudflare the package \
    @cloudflare/speedtest, or its checkout once built into dist/speedtest.js. --links names other lines.
    """

  /// All parts run, or those that `--only rooms,devices` names.
  static func isAsked(_ part: String) -> Bool {
    option("--only")?.contains(part) ?? true
  }

  /// The words, with commas between them, after `name`.
  static func option(_ name: String) -> [String]? {
    let words = CommandLine.arguments
    guard let at = words.firstIndex(of: name), at + 1 < words.count else { return nil }
    return words[at + 1].split(separator: ",").map { String($0) }
  }

  /// The program under test, beside this one.
  static let command = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "precall-test").path()

  private static func check() {
    print(Figure.heading)
    let version = runs([command, "--version"], 20)
    Figure(name: "precall-test --version, wall", values: version.map { $0.wall * 1e3 }, limit: 20, unit: "ms")
      .show()
    let said = (0..<20).compactMap { _ in FirstLine.time([command, "--local"]) }
    Figure(name: "first line: what it contacts, how long", values: said, limit: 100, unit: "ms").show()
    let network = runs([command, "--local", "--only", "network", "-q"], 3)
    Figure(name: "network part alone, wall", values: network.map(\.wall), limit: 6, unit: "s").show()
    let complete = runs([command, "--local", "-q"], 5)
    Figure(name: "complete check with both devices, wall", values: complete.map(\.wall), limit: 8, unit: "s")
      .show()
    let peak = complete.map(\.peakMegabytes)
    Figure(name: "complete check, memory at its peak", values: peak, limit: 40, unit: "MiB").show()
    Figure(name: "complete check, processor time", values: complete.map(\.cpu), unit: "s").show()
  }

  /// Those of `count` runs, after one to warm up, that ended as they should; the others are said.
  static func runs(_ arguments: [String], _ count: Int) -> [Run] {
    _ = Run.of(arguments)
    let all = (0..<count).compactMap { _ in Run.of(arguments) }
    let bad = all.filter { $0.status != 0 }
    if !bad.isEmpty {
      print("\(bad.count) runs of \(arguments.joined(separator: " ")) ended with \(bad[0].status)")
    }
    return all.filter { $0.status == 0 }
  }
}
