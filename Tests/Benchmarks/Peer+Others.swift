import FoundationEssentials
import PrecallCore
import PrecallTestSupport

/// Programs of others. What stands still on a line that keeps it out is ended.
extension Peer {
  /// Packets that a line hands over in a bunch are answered too: irtt's own limit would count them as lost.
  static let irtt = Peer(
    name: "irtt", server: "irtt server -i 0", waiting: ["--wait-line"],
    client: "irtt client -i 10ms -d 3s -l 100 -q -o - \(address) | sed -n '/^{/,$p'", read: readIRTT)

  static let ping = Peer(name: "ping", client: "ping -i 0.02 -c 150 \(address)", read: readPing)

  static let fping = Peer(
    name: "fping", client: "(fping -C 150 -p 20 -t 2000 -q \(address) 2>&1)", read: readFping)

  static func iperf(_ name: String, _ options: String, _ figure: LineFigure) -> Peer {
    Peer(
      name: name, server: "iperf3 -s >/dev/null", waiting: ["--wait-port", "5201"],
      client: "iperf3 -c \(address) -t 5 -O 1 -J\(options)",
      read: { text in
        let json = try? JSONReader.read(text)
        let rate = json?["end"]?["sum_received"]?["bits_per_second"]?.number
        return rate.map { [figure: Said(value: $0)] } ?? [:]
      })
  }

  /// Receives for five seconds, then sends for as long.
  static let nuttcp = Peer(
    name: "nuttcp", server: "nuttcp -S --nofork", waiting: ["--wait-port", "5000"],
    client: "(command -v nuttcp >&2 || exit 127; for way in -r -t; do"
      + " timeout 20 nuttcp -fparse $way -T 5 \(address) || echo none; done)",
    read: { text in
      // megabytes=5.7500 real_seconds=5.03 rate_Mbps=9.5600 tx_cpu=0 rx_cpu=1 retrans=3
      let rates = lines(text).map { line in
        line.split(separator: " ").first { $0.hasPrefix("rate_Mbps=") }.flatMap { Double($0.dropFirst(10)) }
      }
      return said([(.download, rates.first ?? nil), (.upload, rates.dropFirst().first ?? nil)], scale: 1e6)
    })

  /// Cloudflare's test against our server; its requests are small enough for slow lines. It divides what all
  /// requests carried that began within the five seconds by just these.
  static let cfspeed = Peer(
    name: "cfspeed",
    server: Fixtures.program("precall-server") + " --host \(address) --compatible >/dev/null",
    waiting: ["--wait-port", "4043"],
    client: "timeout 60 \(Fixtures.root.path())/.build/peers/bin/cfspeed --base-url http://\(address):4043"
      + " --json --duration 5 --download-size 1MB --upload-size 250kB --timeout 40",
    read: { text in
      let json = try? JSONReader.read(text)
      return said(
        [(.download, json?["download_mbps"]?.number), (.upload, json?["upload_mbps"]?.number)], scale: 1e6)
    })

  /// The client of draft-ietf-ippm-responsiveness, built elsewhere, against our server; of its figures the lab
  /// knows the truth of the rates.
  static func goresponsiveness(_ path: String) -> Peer {
    Peer(
      name: "goresponsiveness",
      server: Fixtures.program("precall-server") + " --host \(address) --compatible --max-seconds 60"
        + " --tls-cert \"$CHAIN\" --tls-key \"$KEY\" >/dev/null",
      waiting: ["--wait-port", "4043"],
      client: "timeout 120 '\(path)' -config \(address) -port 4043 -path config", isSecure: true,
      read: { text in
        // Throughput: 90.469 Mbps (11.309 MBps), using 16 parallel connections.
        let rates = lines(text).filter { $0.contains("Throughput: ") }
          .map { $0.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Double($0) } }
        return said([(.download, rates.first ?? nil), (.upload, rates.dropFirst().first ?? nil)], scale: 1e6)
      })
  }
}

// MARK: Reading

extension Peer {
  private static func lines(_ text: Text) -> [Substring] {
    String(decoding: text, as: UTF8.self).split(separator: "\n")
  }

  private static func said(_ figures: [(LineFigure, Double?)], scale: Double) -> [LineFigure: Said] {
    var said: [LineFigure: Said] = [:]
    for (figure, value) in figures { said[figure] = value.map { Said(value: $0 * scale) } }
    return said
  }

  private static func readIRTT(_ text: Text) -> [LineFigure: Said] {
    guard let stats = (try? JSONReader.read(text))?["stats"] else { return [:] }
    var figures: [LineFigure: Said] = [:]
    if let median = stats["rtt"]?["median"]?.number { figures[.roundTrip] = Said(value: median / 1e3) }
    if let up = stats["ipdv_send"]?["mean"]?.number, let down = stats["ipdv_receive"]?["mean"]?.number {
      figures[.jitter] = Said(value: max(up, down) / 1e3)
    }
    let losses: [(LineFigure, StaticString)] = [
      (.lossUp, "upstream_loss_percent"), (.lossDown, "downstream_loss_percent"),
    ]
    for (figure, key) in losses {
      // Where copies come back it counts more packets than were sent, and divides by what is left.
      guard let loss = stats[key]?.number, (0...100).contains(loss) else { continue }
      figures[figure] = Said(value: loss * 1e4)
    }
    return figures
  }

  /// Of echoes, each in milliseconds or lost.
  private static func readEchoes(_ times: [Double], sent: Int) -> [LineFigure: Said] {
    guard sent > 0, let median = OrderStatistics(times.map { Int64($0 * 1e3) })?.median else { return [:] }
    return [
      .roundTrip: Said(value: Double(median)),
      .roundTripLoss: Said(value: Double(sent - times.count) / Double(sent) * 1e6),
    ]
  }

  private static func readPing(_ text: Text) -> [LineFigure: Said] {
    // 64 bytes from 10.98.0.1: icmp_seq=3 ttl=64 time=50.3 ms
    // 150 packets transmitted, 149 received, 0.666667% packet loss, time 3012ms
    let lines = lines(text)
    let times = lines.filter { !$0.hasSuffix("(DUP!)") }.compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("time=") }.flatMap { Double($0.dropFirst(5)) }
    }
    let sent = lines.first { $0.contains(" packets transmitted") }?.split(separator: " ").first
    return readEchoes(times, sent: sent.flatMap { Int($0) } ?? 0)
  }

  private static func readFping(_ text: Text) -> [LineFigure: Said] {
    // 10.98.0.1 : 52.1 51.9 - 53.0
    let words = lines(text).first { $0.hasPrefix("\(address) :") }?.split(separator: " ").dropFirst(2) ?? []
    return readEchoes(words.compactMap { Double($0) }, sent: words.count)
  }
}
