import PrecallCore

/// What the page said of a line beside what the line really did in that run: rates, delay and loss, each within
/// a limit that counts.
struct BrowserTruth {
  var report: JSONValue
  /// The lab's own figures of the line (`truth.json`, "line").
  var line: JSONValue

  /// There and back without what varies, by the line's file: what the lab saw has the call's own packets in it.
  var delay: Double

  /// In percent of the truth, of a figure and of the least that it may be. What both ends count differs by the
  /// slow start of a short transfer, which the page leaves out and the lab does not.
  private static let rateTolerance = (figure: 20.0, least: 10.0)
  /// In milliseconds and in percent: what varies, and what browser and server take.
  private static let delayTolerance = (most: 10.0, share: 20.0)
  /// In bits a second: where that is known to be there, a visit needs no closer look.
  private static let ample = 5e6

  func show() {
    rate("download", truth: "download_bps")
    rate("upload", truth: "upload_bps")
    roundTrip()
    loss()
    picture()
  }

  /// On a line without a limit there is no truth of a rate.
  private func rate(_ name: String, truth key: String) {
    guard let said = figure("network.\(name)", "bps") else { return missing(name) }
    guard let truth = real(key), truth > 0 else { return }
    let isLeast = BrowserBenchmark.isLeast(report, "network.\(name)")
    let error = (said / truth - 1) * 100
    let (figure, least) = Self.rateTolerance
    // The least must be true, and enough to judge by.
    let isMissed =
      isLeast ? error > least || said < min(truth / 3, Self.ample) : abs(error) > figure
    let words = isLeast ? "at least " : ""
    tell(
      name, "\(words)\(LineBenchmark.fixed(said / 1e6)) of \(LineBenchmark.fixed(truth / 1e6)) Mbit/s", error,
      "%", isMissed)
  }

  private func roundTrip() {
    let name = "round trip by HTTP"
    guard let said = figure("network.http-round-trip-time", "us").map({ $0 / 1e3 }) else {
      return missing(name)
    }
    let most = Self.delayTolerance.most + delay * Self.delayTolerance.share / 100
    tell(
      name, "\(LineBenchmark.fixed(said)) of \(LineBenchmark.fixed(delay)) ms", said - delay, "ms",
      !(-most / 2...most).contains(said - delay))
  }

  /// What is found of the line leaves high definition where there is ample room for it both ways, and not where
  /// a way lacks it.
  private func picture() {
    guard let rate = figure("network.call-video-rate", "bps") else { return missing("picture of the call") }
    let caps = (report["findings"]?.array ?? []).filter { $0["check"]?.string == Text("network".utf8) }
      .compactMap { Tier.named($0["cap"]?.string ?? []) }
    let best = caps.min() ?? .hdVideo
    let least = ["download_bps", "upload_bps"].compactMap { real($0) }.min() ?? .infinity
    let need = Double(Policy.standard.need(of: .hdVideo)?.base ?? 0)
    let isMissed = best == .hdVideo ? least < need : least > Self.ample
    print(
      "  " + "picture of the call".padded(to: 22) + "\(LineBenchmark.fixed(rate / 1e6)) Mbit/s".padded(to: 36)
        + "the line is good for \(best.name)" + Miss.mark(where: isMissed))
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
