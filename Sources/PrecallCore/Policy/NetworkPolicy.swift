/// The figures of the network, and the limits that hold where a clinic sets none.
extension Metric {
  package static var network: [Metric] {
    [
      roundTripTime, leastRoundTripTime, slowRoundTripTime, jitter, smoothedJitter, delayVariation,
      slowDelayVariation, lossUp, lossDown, longestLoss, latePackets, reordering, downloadRate, uploadRate,
      workingLatencyDown,
      slowWorkingLatencyDown, workingLatencyUp, slowWorkingLatencyUp, audioScore, nameLookupTime,
      connectTime, connectTime4, connectTime6, tlsTime, firstByteTime, wifiSignal, wifiRate, pathMTU,
      gatewayTime, slowGatewayTime, gatewayLoss,
    ]
  }

  package static let roundTripTime = Metric(
    "network.round-trip-time", .network, title: "Round-trip time", in: .microseconds, worse: .higher,
    definition: "RFC 2681, median of test packets on the idle line, the server's holding time taken off")
  package static let leastRoundTripTime = Metric(
    "network.round-trip-time-minimum", .network, title: "Round-trip time, fastest", in: .microseconds,
    worse: .higher, definition: "RFC 2681, minimum of test packets on the idle line: the path without queues")
  package static let slowRoundTripTime = Metric(
    "network.round-trip-time-p95", .network, title: "Round-trip time, slow", in: .microseconds,
    worse: .higher, definition: "RFC 2681, 95th percentile of test packets on the idle line")
  package static let jitter = Metric(
    "network.jitter", .network, title: "Jitter", in: .microseconds, worse: .higher,
    definition: "mean |IPDV| (RFC 3393) of the worse direction; the expectation of RFC 3550's jitter")
  package static let smoothedJitter = Metric(
    "network.smoothed-jitter", .network, title: "Jitter, smoothed", in: .microseconds, worse: .higher,
    definition: "RFC 3550 section 6.4.1 as it stood after the last packet on the idle line, worse direction")
  package static let delayVariation = Metric(
    "network.delay-variation", .network, title: "Delay variation", in: .microseconds, worse: .higher,
    definition: "PDV (RFC 5481), 95th percentile of the worse direction, clock drift removed")
  package static let slowDelayVariation = Metric(
    "network.delay-variation-p99", .network, title: "Delay variation, worst", in: .microseconds,
    worse: .higher, definition: "PDV (RFC 5481), 99th percentile of the worse direction, clock drift removed")
  package static let lossUp = Metric(
    "network.loss-up", .network, title: "Packets lost, sending", in: .partsPerMillion, worse: .higher,
    definition:
      "RFC 7680, to the server, on the idle line and in calls that held; 95 % interval for losses in bursts")
  package static let lossDown = Metric(
    "network.loss-down", .network, title: "Packets lost, receiving", in: .partsPerMillion, worse: .higher,
    definition:
      "RFC 7680, from the server, on the idle line and in calls that held; 95 % interval for losses in bursts"
  )
  package static let longestLoss = Metric(
    "network.longest-loss", .network, title: "Longest run of losses", in: .count, worse: .higher,
    definition: "RFC 3357, packets lost one after the other in the worse direction")
  package static let latePackets = Metric(
    "network.late-packets", .network, title: "Packets too late", in: .partsPerMillion, worse: .higher,
    definition: "share of packets over 200 ms slower than the fastest, worse direction")
  package static let reordering = Metric(
    "network.reordering", .network, title: "Out of order", in: .partsPerMillion, worse: .higher,
    definition: "RFC 4737 type-P-reordered, there and back together")
  package static let downloadRate = Metric(
    "network.download", .network, title: "Download", in: .bitsPerSecond, worse: .lower,
    definition:
      "goodput at the receiving program, steady part, several TCP flows; with a low bound: at least that")
  package static let uploadRate = Metric(
    "network.upload", .network, title: "Upload", in: .bitsPerSecond, worse: .lower,
    definition:
      "goodput at the receiving server, steady part, several TCP flows; with a low bound: at least that")
  package static let workingLatencyDown = Metric(
    "network.working-latency-down", .network, title: "Delay while receiving", in: .microseconds,
    worse: .higher, definition: "median round-trip time while several TCP flows download")
  package static let slowWorkingLatencyDown = Metric(
    "network.working-latency-down-p95", .network, title: "Delay while receiving, slow", in: .microseconds,
    worse: .higher, definition: "95th percentile of the round-trip time while several TCP flows download")
  package static let workingLatencyUp = Metric(
    "network.working-latency-up", .network, title: "Delay while sending", in: .microseconds, worse: .higher,
    definition: "median round-trip time while several TCP flows upload")
  package static let slowWorkingLatencyUp = Metric(
    "network.working-latency-up-p95", .network, title: "Delay while sending, slow", in: .microseconds,
    worse: .higher, definition: "95th percentile of the round-trip time while several TCP flows upload")
  package static let audioScore = Metric(
    "network.audio-score", .network, title: "Estimated sound quality", in: .thousandths, worse: .lower,
    definition: "estimate, not measured: E-model (G.107, exact Idd), Ie 6 and Bpl 20 assumed for Opus")
  package static let nameLookupTime = Metric(
    "network.name-lookup-time", .network, title: "Finding the server (DNS)", in: .microseconds,
    worse: .higher, definition: "libcurl, name lookup of the first connection")
  package static let connectTime = Metric(
    "network.connect-time", .network, title: "Connecting (TCP)", in: .microseconds, worse: .higher,
    definition: "libcurl, TCP handshake of the first connection")
  package static let connectTime4 = Metric(
    "network.connect-time-ipv4", .network, title: "Connecting over IPv4", in: .microseconds, worse: .higher,
    definition: "median of three TCP handshakes over IPv4, where the server's name has IPv6 too")
  package static let connectTime6 = Metric(
    "network.connect-time-ipv6", .network, title: "Connecting over IPv6", in: .microseconds, worse: .higher,
    definition: "median of three TCP handshakes over IPv6, where the server's name has IPv4 too")
  package static let tlsTime = Metric(
    "network.tls-time", .network, title: "Securing (TLS)", in: .microseconds, worse: .higher,
    definition: "libcurl, TLS handshake of the first connection")
  package static let firstByteTime = Metric(
    "network.first-byte-time", .network, title: "First answer", in: .microseconds, worse: .higher,
    definition: "libcurl, from the request to the first byte of the answer")
  package static let wifiSignal = Metric(
    "network.wifi-signal", .network, title: "Wi-Fi signal", in: .millidecibels, worse: .lower,
    definition: "the mean signal of the access point in dBm, by the driver (nl80211)")
  package static let wifiRate = Metric(
    "network.wifi-rate", .network, title: "Wi-Fi bit rate", in: .bitsPerSecond, worse: .lower,
    definition: "the rate at which the radio sends (nl80211); programs get about half of it")
  package static let pathMTU = Metric(
    "network.path-mtu", .network, title: "Largest packet", in: .bytes, worse: .lower,
    definition: "path MTU that the kernel holds for the server (RFC 1191)")
  package static let gatewayTime = Metric(
    "network.gateway-time", .network, title: "Round trip to the router", in: .microseconds, worse: .higher,
    definition: "median of ICMP echoes to the default gateway on the idle line")
  package static let slowGatewayTime = Metric(
    "network.gateway-time-p95", .network, title: "Round trip to the router, slow", in: .microseconds,
    worse: .higher, definition: "95th percentile of ICMP echoes to the default gateway on the idle line")
  package static let gatewayLoss = Metric(
    "network.gateway-loss", .network, title: "Lost to the router", in: .partsPerMillion, worse: .higher,
    definition: "ICMP echoes to the default gateway without a reply; Wilson interval of 95 %")
}

extension Limit {
  package static var network: [Limit] {
    [
      Limit(
        .roundTripTime, warn: .time(.milliseconds(300)), block: .time(.milliseconds(800)),
        source: "COMAR 10.09.49.07 and Daily, under 300 ms; ITU-T G.114, over 400 ms each way unacceptable"),
      Limit(
        .jitter, warn: .time(.milliseconds(30)), block: .time(.milliseconds(60)),
        source: "Microsoft Teams, under 30 ms; Windows 365 connectivity tool, fails over 60 ms"),
      Limit(
        .lossUp, warn: .share(.percent(1)), block: .share(.percent(5)),
        source: "Microsoft Teams, under 1 %; Daily, under 5 %"),
      Limit(
        .lossDown, warn: .share(.percent(1)), block: .share(.percent(5)),
        source: "Microsoft Teams, under 1 %; Daily, under 5 %"),
      Limit(
        .downloadRate, warn: .rate(.kilobits(750)), block: .rate(.kilobits(350)),
        source: "doxy.me, at least 750 kbit/s; healthdirect, video needs 350 kbit/s"),
      Limit(
        .uploadRate, warn: .rate(.kilobits(750)), block: .rate(.kilobits(350)),
        source: "doxy.me, at least 750 kbit/s; healthdirect, video needs 350 kbit/s"),
      Limit(
        .workingLatencyDown, warn: .time(.milliseconds(300)),
        source: "ITU-T G.114, up to 150 ms each way acceptable for most"),
      Limit(
        .workingLatencyUp, warn: .time(.milliseconds(300)),
        source: "ITU-T G.114, up to 150 ms each way acceptable for most"),
      Limit(
        .audioScore, warn: .score(OpinionScore(3.6)), block: .score(OpinionScore(2.58)),
        source: "ITU-T G.107 Annex B, R 70: some dissatisfied, below R 50: not recommended"),
      Limit(
        .wifiSignal, warn: .level(Decibels(base: -75_000)),
        source: "Precall: Apple's computers look for another access point from -75 dBm on"),
      Limit(
        .nameLookupTime, warn: .time(.seconds(2)), source: "ITU-T G.1010, a page should come within 2 s"),
      Limit(
        .connectTime, warn: .time(.seconds(1)),
        source: "RFC 6298 section 2.1: a first packet that is lost is sent again after 1 s"),
      Limit(.tlsTime, warn: .time(.seconds(2)), source: "ITU-T G.1010, a page should come within 2 s"),
      Limit(.firstByteTime, warn: .time(.seconds(2)), source: "ITU-T G.1010, a page should come within 2 s"),
    ]
  }
}
