extension CameraMeasurement {
  package func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) {
    let figures = CameraFigures(self, by: policy)
    var findings: [Finding] = []
    let obstacle = obstacle
    if let obstacle {
      findings.append(Finding(obstacle, measured: lastPicture(before: obstacle), subject: subject))
    }
    if let refusal { findings.append(Finding(.camera(refused: refusal))) }
    if passedOver != nil { findings.append(Finding(.cameraPassedOver, subject: passedOverSubject)) }
    if let facts, facts.driver == .virtual, failure != .virtualIdle {
      findings.append(Finding(.cameraVirtual))
    }
    if !frames.isEmpty {
      if obstacle != .cameraPrivacyOn { findings += figures.ofPicture() }
      // A camera that failed has no rate worth judging.
      if failure == nil { findings += figures.ofStream() + desktop.findings }
    }
    return (figures.assessments, findings)
  }

  /// What is found where the camera failed. A privacy switch that is on keeps pictures back in more than one way:
  /// some cameras send none then, others give errors.
  package var obstacle: FindingKind? {
    guard let failure else { return nil }
    switch failure {
    case .noFrames, .stalled, .usbError, .deviceError:
      return facts?.privacy == true ? .cameraPrivacyOn : failure.kind
    default: return failure.kind
    }
  }

  /// How long pictures came, of a camera that stopped while it was watched.
  private func lastPicture(before obstacle: FindingKind) -> Quantity? {
    guard obstacle == .cameraStalled || obstacle == .cameraUnplugged else { return nil }
    return frames.last.map { .time($0.arrivedAt) }
  }
}

/// A measurement's figures beside their limits, and what they mean.
private struct CameraFigures {
  let facts: CameraMeasurement.Facts?
  let summary: FrameSummary
  var assessments: [Assessment] = []

  init(_ measurement: CameraMeasurement, by policy: Policy) {
    facts = measurement.facts
    summary = FrameSummary(of: measurement.frames)
    guard summary.count > 0 else { return }
    @inline(never)
    func add(_ metric: Metric, _ value: Quantity?, samples: Int? = nil, judged: Quantity? = nil) {
      guard let value else { return }
      assessments.append(Assessment(metric, value, samples: samples, judged: judged, by: policy))
    }
    add(
      .cameraFrameRate, summary.rate.map { .frameRate($0) }, samples: summary.rateSamples,
      judged: keptPromise.map { .frameRate($0) })
    add(.cameraKeptRate, keptRate.map { .share($0) }, samples: summary.rateSamples)
    add(.cameraLines, facts.map { .count($0.height) })
    add(.cameraFirstFrame, summary.firstFrame.map { .time($0) })
    if let gap = summary.longestGap {
      assessments.append(
        Assessment(
          .cameraLongestGap, .time(gap), samples: summary.count, warn: longestGood.map { .time($0) },
          by: policy))
    }
    add(.cameraLost, summary.lost.map { .share($0) }, samples: summary.count)
    add(.cameraDamaged, summary.damaged.map { .share($0) }, samples: summary.count)
    let looked = summary.pictures.count
    add(.cameraBrightness, summary.median { $0.brightness }.map { .share($0) }, samples: looked)
    add(.cameraOverexposed, summary.median { $0.bright }.map { .share($0) }, samples: looked)
    add(.cameraContrast, summary.median { $0.contrast }.map { .share($0) }, samples: looked)
    let judged = summary.pictures.count { $0.sharpness != nil }
    add(.cameraSharpness, summary.median { $0.sharpness }.map { .share($0) }, samples: judged)
  }

  /// Three pictures' time at the promised rate: one that is late is not seen. Of a browser's page nobody knows
  /// whether the camera was late or the page.
  private var longestGood: Microseconds? {
    guard let facts, facts.driver != .browser, let rate = facts.rate, rate.base > 0 else { return nil }
    return Microseconds(base: 3_000_000_000 / rate.base)
  }

  private var keptRate: Share? {
    guard let rate = summary.rate, let promised = facts?.rate, promised.base > 0 else { return nil }
    return Share(base: rounded(Double(rate.base) * 1_000_000 / Double(promised.base)))
  }

  /// The promised rate, where one picture more in the time watched would reach it: a count of pictures tells no
  /// finer, and a camera of 10 a second is not worse for 9.98.
  private var keptPromise: FrameRate? {
    guard let rate = summary.rate, let promised = facts?.rate, rate.base < promised.base else { return nil }
    let steps = Int64(summary.rateSamples - 1)
    return rate.base * (steps + 1) >= promised.base * steps ? promised : nil
  }

  private func row(_ metric: Metric) -> Assessment? {
    for assessment in assessments where assessment.metric == metric {
      return assessment.isPast ? assessment : nil
    }
    return nil
  }

  /// The figure's finding where it is past its limit: past the second of two it is `kind`, past the first no more
  /// than a note, of `mild` where that has words of its own.
  @inline(never)
  private func past(_ metric: Metric, _ kind: FindingKind, mild: FindingKind? = nil) -> Finding? {
    row(metric).map { $0.graded($0.level == .limited ? mild ?? kind : kind) }
  }

  /// The picture: the first that holds explains the rest.
  func ofPicture() -> [Finding] {
    if facts?.privacy == true { return [Finding(.cameraPrivacyOn)] }
    if summary.areAll({ $0.isEmpty }) { return [Finding(.cameraEmpty)] }
    if summary.areAll({ $0.isBlack }) { return [Finding(.cameraBlack)] }
    let dark = past(.cameraBrightness, .cameraTooDark, mild: .cameraDim)
    let flat = past(.cameraContrast, .cameraFlat, mild: .cameraLowContrast)
    let bright = past(.cameraOverexposed, .cameraOverexposed, mild: .cameraBright) ?? glare
    let blurred = past(.cameraSharpness, .cameraBlurred)
    let frozen = summary.isFrozen ? Finding(facts?.driver == .virtual ? .cameraStill : .cameraFrozen) : nil
    // Light brings no life into a picture that stands still.
    for finding in [dark == nil ? nil : frozen, dark, flat, frozen, bright] {
      if let finding, finding.severity > .note { return [finding] }
    }
    for finding in [dark, bright, flat, blurred] { if let finding { return [finding] } }
    return summary.areAll({ $0.isTinted }) ? [Finding(.cameraTinted)] : []
  }

  /// A mean luma over Y 190 is bright, over Y 210 shows no face, however few of its pixels are burnt out.
  private var glare: Finding? {
    guard let brightness = summary.median({ $0.brightness }), brightness > Self.bright else { return nil }
    let isMild = brightness <= Self.glaring
    return Finding(
      isMild ? .cameraBright : .cameraOverexposed, measured: .share(brightness),
      limit: .share(isMild ? Self.bright : Self.glaring))
  }

  private static let bright = Share.percent(79.5)
  private static let glaring = Share.percent(88.6)

  /// The stream: damage, rate and size.
  func ofStream() -> [Finding] {
    let damaged = damage
    let isBroken = (damaged?.severity ?? .note) > .note
    let lost = past(.cameraLost, .cameraLost)
    let slow = slowness
    let short = isBroken || slow != nil ? nil : shortfall(losing: lost)
    // Pictures that come slowly are far apart throughout.
    let isSlow = slow != nil || row(.cameraKeptRate) != nil
    let pause = past(.cameraLongestGap, .cameraPauses).flatMap { $0.severity > .note || !isSlow ? $0 : nil }
    let late = past(.cameraFirstFrame, .cameraSlowStart)
    var findings: [Finding] = []
    for finding in [damaged, slow, pause, lost, short, late] { if let finding { findings.append(finding) } }
    return findings + ofSize(isHeldBack: isBroken || slow != nil || short != nil)
  }

  /// The size and shape. `isHeldBack` where what else was found explains that the picture is no HD now.
  private func ofSize(isHeldBack: Bool) -> [Finding] {
    var findings: [Finding] = []
    if let small = row(.cameraLines) {
      findings.append(Finding(.cameraSmallPicture, measured: small.measured, limit: small.passed))
    } else if !isHD, !(canSendHD && isHeldBack) {
      findings.append(Finding(.cameraNotHD))
    }
    if isLessThanAsked { findings.append(Finding(.cameraLessThanAsked)) }
    if isOddlyShaped { findings.append(Finding(.cameraWrongAspect)) }
    return findings
  }

  /// Browsers drop damaged pictures (Chromium): where half are, no video is left.
  private var damage: Finding? {
    guard let row = row(.cameraDamaged), row.measured.base >= 500_000 else {
      return past(.cameraDamaged, .cameraDamaged)
    }
    return noVideo(.cameraDamaged, row)
  }

  /// Below 5 a second is no video (WebRTC Troubleshooter), and below 15 video of its own kind, not a note.
  private var slowness: Finding? {
    guard let row = row(.cameraFrameRate) else { return nil }
    if row.measured.base < 5_000 { return noVideo(slowKind, row) }
    return Finding(
      slowKind, severity: row.level == .blocking ? .problem : .warning, cap: .lowVideo,
      measured: row.measured,
      limit: row.passed)
  }

  /// Few pictures are all that the camera offers in this size; or it is slower than it says, for want of light
  /// or not.
  private var slowKind: FindingKind {
    if let promised = facts?.rate, promised < FrameRate(15) { return .cameraSlowMode }
    return row(.cameraKeptRate) == nil || wantsLight ? .cameraLowFrameRate : .cameraBelowPromised
  }

  /// Fewer than promised, though enough for video: for want of light, unless pictures get lost as well. HD needs
  /// most of them; where too few come for it, a note caps the visit too.
  private func shortfall(losing lost: Finding?) -> Finding? {
    let isLosing = (lost?.severity ?? .note) > .note
    let kind: FindingKind = wantsLight && !isLosing ? .cameraSlowInTheDark : .cameraBelowPromised
    guard let slow = past(.cameraKeptRate, kind) else { return nil }
    return Finding(
      kind, severity: slow.severity, cap: isHD ? slow.cap : min(slow.cap, .standardVideo),
      measured: slow.measured, limit: slow.limit)
  }

  private func noVideo(_ kind: FindingKind, _ row: Assessment) -> Finding {
    Finding(kind, severity: .problem, cap: .audioOnly, measured: row.measured, limit: row.passed)
  }

  /// Below 30 % of the range. Automatic exposure aims at a mean near the middle of it (the grey that reflects 18 %
  /// comes to 43 % by ITU-R BT.709); a camera that exposes longer and still stays below has too little light.
  private var isDim: Bool { summary.median { $0.brightness }.map { $0.base < 300_000 } ?? false }

  /// Light would make it faster. Most cameras lower their rate in the dark, and many don't tell (no
  /// V4L2_CID_EXPOSURE_AUTO_PRIORITY): only one that says that it keeps its rate is believed to do so.
  private var wantsLight: Bool { isDim && facts?.slowsInTheDark != false }

  /// Less than three quarters of the area: some drivers round a size.
  private var isLessThanAsked: Bool {
    guard let facts, let asked = facts.asked else { return false }
    return facts.width * facts.height * 4 < asked.width * asked.height * 3
  }

  /// Narrower than 11:9 or wider than 2:1. A browser's picture is as a telephone is held.
  private var isOddlyShaped: Bool {
    guard let facts, facts.driver != .browser else { return false }
    return facts.width * 9 < facts.height * 11 || facts.width > facts.height * 2
  }

  /// 1280 by 720 at 25 a second, with 2 % for the clock.
  private var isHD: Bool { hasSizeOfHD && summary.rate.map { $0 >= Self.leastOfHD } ?? false }

  /// It has the size, and promises the rate or none. Pictures that come damaged or slowly are no reason to say that
  /// it can't.
  private var canSendHD: Bool { hasSizeOfHD && facts?.rate.map { $0 >= Self.leastOfHD } ?? true }

  private static let leastOfHD = FrameRate(24.5)

  /// Upright as well, as a telephone is held.
  private var hasSizeOfHD: Bool {
    facts.map { max($0.width, $0.height) >= 1_280 && min($0.width, $0.height) >= 720 } ?? false
  }
}

extension CameraFailure {
  /// What is found where it keeps a camera from being measured.
  package var kind: FindingKind {
    switch self {
    case .noCamera: .cameraNoCamera
    case .noCaptureNode: .cameraNoCaptureNode
    case .noPermission: .cameraNoPermission
    case .noRights: .cameraNoRights
    case .sandboxed: .cameraSandboxed
    case .busy: .cameraBusy
    case .notACamera: .cameraNotACamera
    case .notFound: .cameraNotFound
    case .ambiguous: .cameraAmbiguous
    case .noUsableFormat: .cameraNoUsableFormat
    case .rawSensor: .cameraRawSensor
    case .infrared: .cameraInfrared
    case .virtualIdle: .cameraVirtualIdle
    case .cannotNegotiate: .cameraCannotNegotiate
    case .noBandwidth: .cameraNoBandwidth
    case .usbError: .cameraUsbError
    case .noMemory: .cameraNoMemory
    case .deviceError: .cameraDeviceError
    case .noFrames: .cameraNoFrames
    case .stalled: .cameraStalled
    case .unplugged: .cameraUnplugged
    case .gone: .cameraGone
    case .noAnswer: .cameraNoAnswer
    }
  }
}
