import PrecallCore

/// What the page said of a line beside what the line really did in that run: rates, delay and loss, each within
/// a limit that counts.
struct BrowserTruth {
  var report: JSONValue
  /// The lab's own figures of the line (`truth.json`, "line").
  var line: JSONValue

  /// In percent of the truth. What both ends count differs by the slow start of a short transfer, which the
  /// page leaves out and the lab does not.
  private static let rateTolerance = 20.0
  /// In milliseconds and in percent: what the browser itself takes, of which the larger counts.
  private static let delayTolerance = (least: 10.0, share: 25.0)

  func show() {
    rate("download", truth: "download_bps")
    rate("upload", truth: "upload_bps")
    delay()
    loss()
  }

  /// Of a figure that is the least of what it may be only the upper side is known.
  private func rate(_ name: String, truth key: String) {
    guard let said = figure("network.\(name)", "bps"), let truth = real(key), truth > 0 else {
      return missing(name)
    }
    let isLeast = BrowserBenchmark.isLeast(report, "network.\(name)")
    let error = (said / truth - 1) * 100
    let isMissed = error > Self.rateTolerance || (!isLeast && error < -Self.rateTolerance)
    let words = isLeast ? "at least " : ""
    tell(
      name, "\(words)\(LineBenchmark.fixed(said / 1e6)) of \(LineBenchmark.fixed(truth / 1e6)) Mbit/s", error,
      "%", isMissed)
  }

  private func delay() {
    guard let said = figure("network.http-round-trip-time", "us"), let truth = real("round_trip_us") else {
      return missing("round trip by HTTP")
    }
    let error = (said - truth) / 1e3
    let most = max(Self.delayTolerance.least, truth / 1e3 * Self.delayTolerance.share / 100)
    tell(
      "round trip by HTTP", "\(LineBenchmark.fixed(said / 1e3)) of \(LineBenchmark.fixed(truth / 1e3)) ms",
      error, "ms", !(-most...most).contains(error))
  }

  /// The loop passes the line twice: what the line loses by its nature, each way, lies within what was said, or
  /// below it where the call's own packets filled the line.
  private func loss() {
    guard let said = figure("network.call-loss", "ppm"), let high = bound("high_ppm") else {
      return missing("loss of the call")
    }
    let ways = ["own_loss_up_ppm", "own_loss_down_ppm"].map { (real($0) ?? 0) / 1e6 }
    let truth = (1 - (1 - ways[0]) * (1 - ways[1])) * 100
    let words = "\(LineBenchmark.fixed(said / 1e4)) of \(LineBenchmark.fixed(truth)) %"
    let least = (bound("low_ppm") ?? 0) / 1e4
    tell("loss of the call", words, said / 1e4 - truth, "points", truth > high / 1e4 || least > truth + 1)
  }

  private func tell(_ name: String, _ words: String, _ error: Double, _ unit: String, _ isMissed: Bool) {
    print(
      "  " + name.padded(to: 22) + words.padded(to: 36) + "off by \(LineBenchmark.fixed(error)) \(unit)"
        + Miss.mark(where: isMissed))
  }

  private func missing(_ name: String) {
    print("  " + name.padded(to: 22) + "not measured" + Miss.mark(where: true))
  }

  private func figure(_ metric: String, _ unit: String) -> Double? {
    BrowserBenchmark.figure(report, metric, unit)
  }

  private func bound(_ key: String) -> Double? {
    BrowserBenchmark.metric(report, "network.call-loss").first { $0.key == Array(key.utf8) }?.value.number
  }

  private func real(_ key: String) -> Double? {
    line.members?.first { $0.key == Array(key.utf8) }?.value.number
  }
}
