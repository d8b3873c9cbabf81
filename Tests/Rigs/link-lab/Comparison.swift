import PrecallCore

/// What precall-test said of the line beside what the line really did to its packets.
struct Comparison {
  private let name: String
  private let metrics: JSONValue?
  private let truth: LineFigures

  init(_ truth: Truth, of measured: MeasuredPackets?, report: JSONValue) {
    name = truth.link.name
    metrics = report["checks"]?["network"]?["metrics"]
    self.truth = LineFigures(truth, of: measured)
  }

  private static let variation = "network.rehearsal-delay-variation-"

  func table() -> String {
    let rows = [
      row("round trip, idle", "network.round-trip-time", "us", 1e3, "ms", truth.roundTrip),
      row("jitter, mean |IPDV|", "network.jitter", "us", 1e3, "ms", truth.jitter),
      row("jitter, RFC 3550", "network.smoothed-jitter", "us", 1e3, "ms", truth.smoothedJitter),
      row("PDV, 95th percentile", "network.delay-variation", "us", 1e3, "ms", truth.variation),
      row("loss up", "network.loss-up", "ppm", 1e4, "%", truth.lossUp),
      row("loss down", "network.loss-down", "ppm", 1e4, "%", truth.lossDown),
      row("download", "network.download", "bps", 1e6, "Mbit/s", truth.download),
      row("upload", "network.upload", "bps", 1e6, "Mbit/s", truth.upload),
      row("round trip, receiving", "network.working-latency-down", "us", 1e3, "ms", truth.receiving),
      row("round trip, sending", "network.working-latency-up", "us", 1e3, "ms", truth.sending),
      row("round trip, call", "network.rehearsal-round-trip-time", "us", 1e3, "ms", truth.callRoundTrip),
      row("PDV, call, up", Self.variation + "up", "us", 1e3, "ms", truth.callVariationUp),
      row("PDV, call, down", Self.variation + "down", "us", 1e3, "ms", truth.callVariationDown),
    ]
    let (up, down) = (Self.fixed(truth.megabytesUp), Self.fixed(truth.megabytesDown))
    return Self.line(name, "truth", "measured", "difference") + rows.joined()
      + "moved: \(up) MB up, \(down) MB down\n"
  }

  private func row(
    _ name: String, _ metric: String, _ suffix: String, _ scale: Double, _ unit: String, _ truth: Double?
  ) -> String {
    let figures = metrics?.members?.first { $0.key == Array(metric.utf8) }?.value
    let key = Array("measured_\(suffix)".utf8)
    let measured = figures?.members?.first { $0.key == key }?.value.number
    let said = measured.map { "\(Self.fixed($0 / scale)) \(unit)" } ?? "not measured"
    let difference = measured.flatMap { measured in
      truth.map { truth in
        let share = truth == 0 ? "" : " (\(Self.fixed((measured / truth - 1) * 100)) %)"
        return Self.fixed((measured - truth) / scale) + share
      }
    }
    return Self.line(
      name, truth.map { "\(Self.fixed($0 / scale)) \(unit)" } ?? "none", said, difference ?? "")
  }

  private static func fixed(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func line(_ cells: String...) -> String {
    let widths = [26, 18, 18, 0]
    return zip(cells, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined()
      + "\n"
  }
}
