import FoundationEssentials
import PrecallCore
import PrecallTestSupport

/// A figure of a line, named as in the lab's truth.
enum LineFigure: String, CaseIterable {
  case roundTrip = "round_trip_us"
  case jitter = "jitter_us"
  case smoothedJitter = "smoothed_jitter_us"
  case variation = "variation_us"
  case lossUp = "loss_up_ppm"
  case lossDown = "loss_down_ppm"
  /// Of packets that should have come back.
  case roundTripLoss = "round_trip_loss_ppm"
  case download = "download_bps"
  case upload = "upload_bps"
  case receiving = "receiving_us"
  case sending = "sending_us"
  /// In the highest call that the line was found to hold.
  case callRoundTrip = "call_round_trip_us"
  case callVariationUp = "call_variation_up_us"
  case callVariationDown = "call_variation_down_us"
  /// What the line loses in the long run, of which a run's losses are a sample.
  case ownLossUp = "own_loss_up_ppm"
  case ownLossDown = "own_loss_down_ppm"
}

/// What a program said of a line.
struct Said {
  var value: Double
  /// The interval that the program gives for it; one end alone is a bound.
  var low: Double?
  var high: Double?
}

/// A program that measures lines, and how to run and to read it.
struct Peer: Sendable {
  var name: String
  /// A shell command at the far end, and how the lab knows that it is ready.
  var server: String?
  var waiting: [String] = []
  /// The shell command at the near end; its output goes to a file.
  var client: String
  /// Whether its server finds a certificate in the files that `$CHAIN` and `$KEY` name.
  var isSecure = false
  /// Whether it keeps its samples in the file that `$SAMPLES` names.
  var keepsSamples = false
  /// With which it may end. Others' programs fail where a line keeps them out.
  var statuses = 0...125
  var read: @Sendable (Text) -> [LineFigure: Said]

  static let address = "10.98.0.1"

  static var all: [Peer] {
    [ours("ours", ""), ours("ours --full", " --full"), irtt, ping, fping]
      + [iperf("iperf3 down", " -R", .download), iperf("iperf3 up", "", .upload), nuttcp, cfspeed]
      + (Benchmark.option("--goresponsiveness")?.first.map { [goresponsiveness($0)] } ?? [])
  }

  private static func ours(_ name: String, _ options: String) -> Peer {
    Peer(
      name: name,
      server: Fixtures.program("precall-server") + " --host \(address) --port 8080 >/dev/null",
      waiting: ["--wait-port", "8080"],
      client: Fixtures.program("precall-test")
        + " http://\(address):8080 --only network -q --format json --samples \"$SAMPLES\"\(options)",
      // The verdicts: ready, usable, not ready, not measured.
      keepsSamples: true, statuses: 0...3, read: readReport)
  }
}

extension Peer {
  private static func readReport(_ text: Text) -> [LineFigure: Said] {
    let metrics = (try? JSONReader.read(text))?["checks"]?["network"]?["metrics"]?.members ?? []
    let names: [(String, LineFigure, String)] = [
      ("network.round-trip-time", .roundTrip, "us"), ("network.jitter", .jitter, "us"),
      ("network.smoothed-jitter", .smoothedJitter, "us"),
      ("network.delay-variation", .variation, "us"), ("network.loss-up", .lossUp, "ppm"),
      ("network.loss-down", .lossDown, "ppm"), ("network.loss-up", .ownLossUp, "ppm"),
      ("network.loss-down", .ownLossDown, "ppm"), ("network.download", .download, "bps"),
      ("network.upload", .upload, "bps"), ("network.working-latency-down", .receiving, "us"),
      ("network.working-latency-up", .sending, "us"),
      ("network.rehearsal-round-trip-time", .callRoundTrip, "us"),
      ("network.rehearsal-delay-variation-up", .callVariationUp, "us"),
      ("network.rehearsal-delay-variation-down", .callVariationDown, "us"),
    ]
    var figures: [LineFigure: Said] = [:]
    for (name, figure, unit) in names {
      let members = metrics.first { $0.key == Array(name.utf8) }?.value.members ?? []
      func number(_ key: String) -> Double? {
        members.first { $0.key == Array("\(key)_\(unit)".utf8) }?.value.number
      }
      guard let value = number("measured") else { continue }
      figures[figure] = Said(value: value, low: number("low"), high: number("high"))
    }
    return figures
  }
}
