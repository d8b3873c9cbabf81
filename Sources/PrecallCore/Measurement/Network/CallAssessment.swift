// Small requests and the call's own path.

extension NetworkJudge {
  /// Fewer than this make no figure.
  private static let fewestPings = 5
  private static let fewestPackets: Int64 = 50
  /// The picture of a loop whose sender nothing holds back comes at 1,050 kbit/s and more: 1,200 are allowed.
  private static let unheldPicture = BitRate(base: 950_000)

  mutating func judge(_ pings: Pings) {
    guard let idle = median(of: pings.idle) else { return }
    find(
      .highLatency, note(.httpRoundTripTime, .time(idle), samples: pings.idle.count), blocked: .audioOnly)
    for (metric, load) in [(Metric.httpWorkingLatencyDown, Load.download), (.httpWorkingLatencyUp, .upload)] {
      guard let loaded = median(of: pings.times(under: load)) else { continue }
      let row = note(metric, .time(loaded), samples: pings.times(under: load).count)
      let known = findings.contains { $0.kind.code.equals(FindingKind.bufferbloat.code.bytes) }
      if !known, loaded.base - idle.base > idle.base / 2 { find(.bufferbloat, row, blocked: .lowVideo) }
    }
  }

  private func median(of times: [Microseconds]) -> Microseconds? {
    guard times.count >= Self.fewestPings else { return nil }
    return OrderStatistics(times.map { $0.base }).map { Microseconds(base: $0.median) }
  }

  mutating func judge(_ call: CallPath, _ run: PacketRun) {
    judgeWay(call, isReflected: !run.replies.isEmpty)
    if let time = call.connect { note(.callConnectTime, .time(time), samples: 1) }
    if let audio = call.audio, audio.received + audio.lost >= Self.fewestPackets { judgeSound(audio) }
    if let order = OrderStatistics(call.jitters.map { $0.base }) {
      let row = note(.callJitter, .time(Microseconds(base: order.median)), samples: order.count)
      find(.callJitter, row, blocked: .audioOnly)
    }
    if let order = OrderStatistics(call.roundTrips.map { $0.base }) {
      let row = note(.callRoundTrip, .time(Microseconds(base: order.median / 2)), samples: order.count)
      find(.callSlow, row, blocked: .audioOnly)
    }
    judgePicture(call)
  }

  /// What the relay's ports say takes the place of what the test's own port says.
  private mutating func judgeWay(_ call: CallPath, isReflected: Bool) {
    var kind = call.kind
    if kind == .callPathBlocked, isReflected { kind = .relayUnreachable }
    let isKnown = call.transport != nil || kind == .callPathBlocked
    if isKnown, findings.contains(where: { $0.kind == .udpBlocked }) {
      remove(.udpBlocked)
      if kind == nil { kind = .testPortBlocked }
    }
    // Web requests alone prove no rate for a call, so high definition is not promised on them.
    let isUnproven = kind == .callPathUntested && !isReflected
    if let kind { add(Finding(kind, cap: isUnproven ? .standardVideo : nil)) }
  }

  private mutating func judgeSound(_ audio: CallPath.Stream) {
    let sent = Int(audio.received + audio.lost)
    let (low, high) = PacketLoss.wilson(Int(audio.lost), of: sent)
    let loss = Quantity.share(Share(Int(audio.lost), of: sent))
    let row = note(.callLoss, loss, low: .share(low), high: .share(high), samples: sent)
    find(.callLoss, row, blocked: .audioOnly)
  }

  /// Whether only the sender's start explains a slow picture: the transfers had ample room, and sound came well. Where
  /// delay varies, as by radio, congestion control takes tens of seconds to find out what the way carries.
  private var isSenderCautious: Bool {
    guard ampleTransfers == 2 else { return false }
    return !findings.contains { $0.kind == .callLoss || $0.kind == .callJitter || $0.kind == .callSlow }
  }

  private mutating func judgePicture(_ call: CallPath) {
    guard let video = call.video, let duration = video.duration ?? call.duration, duration.base > 0 else {
      return
    }
    if let rate = ByteCount(base: video.bytes).over(duration) {
      let row = note(.callVideoRate, .rate(rate), samples: Int(video.received))
      // Only where nothing held the sender back does the rate of the transfers speak for high definition.
      if row.isPast || rate < Self.unheldPicture {
        findSlow(
          .callPictureSlow, rate, row, held: row.isPast && !isSenderCautious ? .phone : .standardVideo)
      }
    }
    if let frames = video.frames {
      let rate = FrameRate(Double(frames) / duration.inSeconds)
      find(.callJerky, note(.callFrameRate, .frameRate(rate), samples: Int(frames)), blocked: .audioOnly)
    }
  }
}

extension CallPath {
  /// What the way that the call found, or did not find, is worth saying.
  var kind: FindingKind? {
    switch transport {
    case .udp: nil
    case .tcp: .callOverTCP
    case .tls: .callOverTLS
    case nil: attempts.isEmpty ? .callPathUntested : isRefused ? .callPathRefused : .callPathBlocked
    }
  }
}
