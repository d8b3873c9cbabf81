/// The figures of the call rehearsal, and their limits.
extension Metric {
  package static var rehearsal: [Metric] {
    [
      rehearsedRate, rehearsalRoundTrip, rehearsalVariationUp, rehearsalVariationDown,
      slowRehearsalVariationUp, slowRehearsalVariationDown, rehearsalLate,
    ]
  }

  package static let rehearsedRate = Metric(
    "network.rehearsed-rate", .network, title: "Call that held", in: .bitsPerSecond, worse: .lower,
    definition: "highest rate of a rehearsed call, both ways at once, without a growing queue or heavy loss")
  package static let rehearsalRoundTrip = Metric(
    "network.rehearsal-round-trip-time", .network, title: "Round-trip time in a call", in: .microseconds,
    worse: .higher, definition: "RFC 2681, median of the packets of the highest rehearsed call that held")
  package static let rehearsalVariationUp = Metric(
    "network.rehearsal-delay-variation-up", .network, title: "Variation in a call, sending",
    in: .microseconds, worse: .higher,
    definition: "PDV (RFC 5481), 95th percentile in the highest rehearsed call that held")
  package static let rehearsalVariationDown = Metric(
    "network.rehearsal-delay-variation-down", .network, title: "Variation in a call, receiving",
    in: .microseconds, worse: .higher,
    definition: "PDV (RFC 5481), 95th percentile in the highest rehearsed call that held")
  package static let slowRehearsalVariationUp = Metric(
    "network.rehearsal-delay-variation-up-p99", .network, title: "At its worst, sending",
    in: .microseconds, worse: .higher,
    definition: "PDV (RFC 5481), 99th percentile in the highest rehearsed call that held")
  package static let slowRehearsalVariationDown = Metric(
    "network.rehearsal-delay-variation-down-p99", .network,
    title: "At its worst, receiving", in: .microseconds, worse: .higher,
    definition: "PDV (RFC 5481), 99th percentile in the highest rehearsed call that held")
  package static let rehearsalLate = Metric(
    "network.rehearsal-late-packets", .network, title: "Packets too late in a call", in: .partsPerMillion,
    worse: .higher,
    definition: "share over 200 ms slower than the fastest, highest call that held, worse direction")
}

extension Limit {
  package static var rehearsal: [Limit] {
    [
      Limit(
        .rehearsedRate, warn: .rate(.kilobits(750)), block: .rate(.kilobits(64)),
        source: "doxy.me, at least 750 kbit/s; Microsoft Teams and Zoom, 58 to 80 kbit/s for sound"),
      Limit(
        .rehearsalRoundTrip, warn: .time(.milliseconds(300)), block: .time(.milliseconds(800)),
        source: "COMAR 10.09.49.07 and Daily, under 300 ms; ITU-T G.114, over 400 ms each way unacceptable"),
    ]
  }
}
