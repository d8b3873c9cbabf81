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
  case download = "download_bps"
  case upload = "upload_bps"
  case receiving = "receiving_us"
  case sending = "sending_us"
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
  /// Whether it keeps its samples in the file that `$SAMPLES` names.
  var keepsSamples = false
  /// With which it may end. Others' programs fail where a line keeps them out.
  var statuses = 0...125
  var read: @Sendable (Text) -> [LineFigure: Said]

  static let address = "10.98.0.1"

  static var all: [Peer] {
    [ours("ours", ""), ours("ours --full", " --full"), irtt, iperf("iperf3 down", " -R", .download)]
      + [iperf("iperf3 up", "", .upload), ping]
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

  private static let irtt = Peer(
    name: "irtt", server: "irtt server -i 1ms", waiting: ["--wait-line"],
    client: "irtt client -i 10ms -d 3s -l 100 -q -o - \(address) | sed -n '/^{/,$p'", read: readIRTT)

  private static func iperf(_ name: String, _ options: String, _ figure: LineFigure) -> Peer {
    Peer(
      name: name, server: "iperf3 -s >/dev/null", waiting: ["--wait-port", "5201"],
      client: "iperf3 -c \(address) -t 5 -O 1 -J\(options)",
      read: { text in
        let json = try? JSONReader.read(text)
        let rate = json?["end"]?["sum_received"]?["bits_per_second"]?.number
        return rate.map { [figure: Said(value: $0)] } ?? [:]
      })
  }

  private static let ping = Peer(
    name: "ping", client: "ping -i 0.02 -c 150 -q \(address)",
    read: { text in
      // rtt min/avg/max/mdev = 41.138/44.333/115.477/7.948 ms
      let words = String(decoding: text, as: UTF8.self).split(whereSeparator: { "/ \n".contains($0) })
      guard let at = words.firstIndex(of: "mdev"), at + 3 < words.count, let mean = Double(words[at + 3])
      else { return [:] }
      return [.roundTrip: Said(value: mean * 1_000)]
    })
}

// MARK: Reading

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

  private static func readIRTT(_ text: Text) -> [LineFigure: Said] {
    guard let stats = (try? JSONReader.read(text))?["stats"] else { return [:] }
    var figures: [LineFigure: Said] = [:]
    if let median = stats["rtt"]?["median"]?.number { figures[.roundTrip] = Said(value: median / 1e3) }
    if let up = stats["ipdv_send"]?["mean"]?.number, let down = stats["ipdv_receive"]?["mean"]?.number {
      figures[.jitter] = Said(value: max(up, down) / 1e3)
    }
    if let up = stats["upstream_loss_percent"]?.number { figures[.lossUp] = Said(value: up * 1e4) }
    if let down = stats["downstream_loss_percent"]?.number { figures[.lossDown] = Said(value: down * 1e4) }
    return figures
  }
}
