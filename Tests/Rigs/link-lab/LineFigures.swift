import PrecallCore

/// The figures of a line as it really was in one run, in the units of a report: microseconds, millionths,
/// bits a second.
struct LineFigures {
  var roundTrip: Double?
  /// Mean difference of successive round trips: all that a program can see whose far end keeps no time.
  var roundTripJitter: Double?
  /// Mean |IPDV| of the worse direction.
  var jitter: Double?
  /// RFC 3550's, as it stood in the end, of the worse direction.
  var smoothedJitter: Double?
  /// RFC 5481's PDV, 95th percentile of the worse direction.
  var variation: Double?
  var lossUp: Double?
  var lossDown: Double?
  /// What the line loses in the long run, by its file.
  var ownLossUp: Double?
  var ownLossDown: Double?
  /// Of the faster direction, in bits a second.
  var rate: Double?
  var download: Double?
  var upload: Double?
  var receiving: Double?
  var sending: Double?
  /// Of the highest call that the line was found to hold.
  var callRoundTrip: Double?
  var callVariationUp: Double?
  var callVariationDown: Double?
  var megabytesUp: Double
  var megabytesDown: Double

  /// - Parameter measured: the packets that a report's figures were made of; without them all small ones of
  ///   the idle line count, and all beside a load.
  init(_ truth: Truth, of measured: MeasuredPackets? = nil) {
    let load = LoadTruth(truth)
    let (up, down) = (Summary(truth.up, load.idle.up), Summary(truth.down, load.idle.down))
    roundTrip = load.roundTrip(load.idle).map { $0 / 1e3 }
    roundTripJitter = load.roundTripJitter(load.idle).map { $0 / 1e3 }
    jitter = max(up.difference, down.difference) / 1e3
    smoothedJitter = max(up.jitter, down.jitter) / 1e3
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
    ownLossUp = truth.link.up.ownLoss.map { $0 * 1e6 }
    ownLossDown = truth.link.down.ownLoss.map { $0 * 1e6 }
    let rates = [truth.link.up, truth.link.down].compactMap { $0.rate?.bitsPerSecond.value(at: 0).value }
    rate = rates.count == 2 ? rates.max() : nil
    if let measured { take(measured, load) }
    // What fills a line without a limit waits before the lab, for the computer: of that the lab knows nothing.
    if truth.link.down.rate == nil { receiving = nil }
    if truth.link.up.rate == nil { sending = nil }
  }

  private mutating func take(_ measured: MeasuredPackets, _ load: LoadTruth) {
    roundTrip = measured.roundTrip
    jitter = measured.jitter
    smoothedJitter = measured.smoothedJitter
    variation = measured.variation
    lossUp = measured.loss(.up)
    lossDown = measured.loss(.down)
    receiving = measured.receiving
    sending = measured.sending
    callRoundTrip = measured.callRoundTrip
    callVariationUp = measured.callVariation(.up)
    callVariationDown = measured.callVariation(.down)
    download = load.goodput(.down, in: measured.span(.down))
    upload = load.goodput(.up, in: measured.span(.up))
  }

  private static func loss(_ summary: Summary) -> Double? {
    let known = summary.packets - summary.underWay
    // A damaged packet is dropped by the receiver's checksum.
    let lost = known - summary.lost(.delivered) + summary.corrupted
    return known == 0 ? nil : Double(lost) * 1e6 / Double(known)
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
      ("round_trip_us", roundTrip), ("round_trip_jitter_us", roundTripJitter), ("jitter_us", jitter),
      ("smoothed_jitter_us", smoothedJitter), ("variation_us", variation), ("loss_up_ppm", lossUp),
      ("loss_down_ppm", lossDown),
      ("own_loss_up_ppm", ownLossUp), ("own_loss_down_ppm", ownLossDown), ("rate_bps", rate),
      ("download_bps", download), ("upload_bps", upload), ("receiving_us", receiving),
      ("sending_us", sending), ("call_round_trip_us", callRoundTrip),
      ("call_variation_up_us", callVariationUp), ("call_variation_down_us", callVariationDown),
    ]
  }
}
