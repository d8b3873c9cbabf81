import PrecallCore

/// The figures of a line as it really was in one run, in the units of a report: microseconds, millionths,
/// bits a second.
struct LineFigures {
  var roundTrip: Double?
  /// Mean |IPDV| of the worse direction.
  var jitter: Double?
  /// RFC 5481's PDV, 95th percentile of the worse direction.
  var variation: Double?
  var lossUp: Double?
  var lossDown: Double?
  var download: Double?
  var upload: Double?
  var receiving: Double?
  var sending: Double?
  var megabytesUp: Double
  var megabytesDown: Double

  init(_ truth: Truth) {
    let load = LoadTruth(truth)
    let (up, down) = (Summary(truth.up, load.idle.up), Summary(truth.down, load.idle.down))
    roundTrip = load.roundTrip(load.idle).map { $0 / 1e3 }
    jitter = max(up.difference, down.difference) / 1e3
    variation = [up, down].compactMap { part in
      part.delays.first.flatMap { least in part.delay(0.95).map { Double($0 - least) / 1e3 } }
    }.max()
    lossUp = Self.loss(up)
    lossDown = Self.loss(down)
    download = load.goodput(.down)
    upload = load.goodput(.up)
    receiving = load.roundTrip(load.receiving).map { $0 / 1e3 }
    sending = load.roundTrip(load.sending).map { $0 / 1e3 }
    megabytesUp = Self.megabytes(truth.up)
    megabytesDown = Self.megabytes(truth.down)
  }

  private static func loss(_ summary: Summary) -> Double? {
    let lost = summary.packets - summary.lost(.delivered)
    return summary.packets == 0 ? nil : Double(lost) * 1e6 / Double(summary.packets)
  }

  private static func megabytes(_ log: PacketLog) -> Double {
    log.all.reduce(0) { $0 + Double($1.length) } / 1e6
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      for (name, value) in named {
        if let value { writer.member(name, Int64(value.rounded())) }
      }
      writer.member("bytes_up", Int64((megabytesUp * 1e6).rounded()))
      writer.member("bytes_down", Int64((megabytesDown * 1e6).rounded()))
    }
  }

  private var named: [(StaticString, Double?)] {
    [
      ("round_trip_us", roundTrip), ("jitter_us", jitter), ("variation_us", variation),
      ("loss_up_ppm", lossUp), ("loss_down_ppm", lossDown), ("download_bps", download),
      ("upload_bps", upload), ("receiving_us", receiving), ("sending_us", sending),
    ]
  }
}
