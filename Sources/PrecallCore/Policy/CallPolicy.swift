/// The figures of a call's own path and of a browser's small requests, and their limits.
extension Metric {
  package static var call: [Metric] {
    [
      httpRoundTripTime, httpWorkingLatencyDown, httpWorkingLatencyUp, callConnectTime, callLoss, callJitter,
      callRoundTrip, callVideoRate, callFrameRate,
    ]
  }

  package static let httpRoundTripTime = Metric(
    "network.http-round-trip-time", .network, title: "Answer time of the server", in: .microseconds,
    worse: .higher, definition: "median of small HTTP requests on an open connection, the line being idle")
  package static let httpWorkingLatencyDown = Metric(
    "network.http-working-latency-down", .network, title: "Answer time while receiving", in: .microseconds,
    worse: .higher, definition: "median of small HTTP requests while the line downloads")
  package static let httpWorkingLatencyUp = Metric(
    "network.http-working-latency-up", .network, title: "Answer time while sending", in: .microseconds,
    worse: .higher, definition: "median of small HTTP requests while the line uploads")
  package static let callConnectTime = Metric(
    "network.call-connect-time", .network, title: "Connecting a call", in: .microseconds, worse: .higher,
    definition: "from the first offer to a standing WebRTC connection through the relay")
  package static let callLoss = Metric(
    "network.call-loss", .network, title: "Sound lost in a call", in: .partsPerMillion, worse: .higher,
    definition: "RTP packets of sound lost between browser, relay and browser; Wilson interval of 95 %")
  package static let callJitter = Metric(
    "network.call-jitter", .network, title: "Jitter in a call", in: .microseconds, worse: .higher,
    definition: "RFC 3550 interarrival jitter of the sound, median of one figure a second")
  package static let callRoundTrip = Metric(
    "network.call-round-trip", .network, title: "Delay in a call", in: .microseconds, worse: .higher,
    definition: "half the round trip of the loop through the relay: there and back once, median")
  package static let callVideoRate = Metric(
    "network.call-video-rate", .network, title: "Picture data in a call", in: .bitsPerSecond, worse: .lower,
    definition: "RTP payload of the picture that came through after 2 s; the sender may use 1.2 Mbit/s")
  package static let callFrameRate = Metric(
    "network.call-frame-rate", .network, title: "Pictures a second in a call", in: .millihertz,
    worse: .lower, definition: "pictures decoded whole over the time that they were sent, after 2 s")
}

extension Limit {
  package static var call: [Limit] {
    [
      Limit(
        .httpRoundTripTime, warn: .time(.milliseconds(300)), block: .time(.milliseconds(800)),
        source: "COMAR 10.09.49.07 and Daily, under 300 ms; ITU-T G.114, over 400 ms each way unacceptable"),
      Limit(
        .httpWorkingLatencyDown, warn: .time(.milliseconds(300)),
        source: "ITU-T G.114, up to 150 ms each way acceptable for most"),
      Limit(
        .httpWorkingLatencyUp, warn: .time(.milliseconds(300)),
        source: "ITU-T G.114, up to 150 ms each way acceptable for most"),
      Limit(
        .callLoss, warn: .share(.percent(2)), block: .share(.percent(10)),
        source: "Microsoft Teams, under 1 %, and Daily, under 5 %, each twice: the loop passes the line twice"
      ),
      Limit(
        .callJitter, warn: .time(.milliseconds(30)), block: .time(.milliseconds(60)),
        source: "Microsoft Teams, under 30 ms; Windows 365 connectivity tool, fails over 60 ms"),
      Limit(
        .callRoundTrip, warn: .time(.milliseconds(300)), block: .time(.milliseconds(800)),
        source: "COMAR 10.09.49.07 and Daily, under 300 ms; ITU-T G.114, over 400 ms each way unacceptable"),
      Limit(
        .callVideoRate, warn: .rate(.kilobits(750)), block: .rate(.kilobits(350)),
        source: "doxy.me, at least 750 kbit/s; healthdirect, video needs 350 kbit/s"),
      Limit(
        .callFrameRate, warn: .frameRate(FrameRate(15)), block: .frameRate(FrameRate(5)),
        source: "COMAR 10.09.49.07, at least 15 a second; WebRTC Troubleshooter, under 5 an error"),
    ]
  }
}
