// From samples to figures and findings.
extension MicrophoneMeasurement {
  /// The figures, those that people want to know first.
  func assessments(by policy: Policy) -> [Assessment] {
    let volume = facts.volume.map { Assessment(.microphoneVolume, .share($0), by: policy) }
    guard let sound, !sound.windows.isEmpty else { return [volume].compactMap { $0 } }
    return voice(sound, policy) + [volume].compactMap { $0 } + signal(sound, policy)
      + [clock(policy)].compactMap { $0 }
  }

  /// Judged by the least that the deviation can be: late blocks alone are no wrong clock.
  private func clock(_ policy: Policy) -> Assessment? {
    guard let clock = facts.clock, let error = facts.clockError, sound?.gaps == 0 else { return nil }
    let deviation = Int64(clock.base.magnitude)
    let least = Quantity.share(Share(base: max(0, deviation - error.base)))
    return Assessment(
      .microphoneClock, .share(Share(base: deviation)), low: least,
      high: .share(Share(base: deviation + error.base)), judged: least, by: policy)
  }

  private func voice(_ sound: Sound, _ policy: Policy) -> [Assessment] {
    guard !sound.isConstant else { return [] }
    var rows: [Assessment] = []
    if sound.hasVoice, let level = sound.activeLevel {
      let samples = sound.voicedWindows
      rows.append(Assessment(.microphoneSpeechLevel, .level(level), samples: samples, by: policy))
    }
    let windows = sound.windows.count
    if let ratio = sound.signalToNoise {
      rows.append(Assessment(.microphoneSignalToNoise, .level(ratio), samples: windows, by: policy))
    }
    if sound.hasVoice {
      if let bandwidth = sound.bandwidth {
        rows.append(Assessment(.microphoneBandwidth, .frequency(bandwidth), samples: windows, by: policy))
      }
      rows.append(
        Assessment(
          .microphoneVoicedShare, .share(sound.voicedShare), samples: sound.activeWindows, by: policy))
    }
    if let floor = sound.noiseFloor {
      rows.append(Assessment(.microphoneNoiseFloor, .level(floor), samples: windows, by: policy))
    }
    return rows
  }

  private func signal(_ sound: Sound, _ policy: Policy) -> [Assessment] {
    func row(_ metric: Metric, _ value: Quantity) -> Assessment {
      Assessment(metric, value, samples: sound.samples, by: policy)
    }
    var rows = [
      row(.microphoneClipping, .share(sound.clipped)), row(.microphonePeak, .level(sound.peak)),
    ]
    guard !sound.isConstant else { return rows }
    // Who can't follow the sound's clock, as a page, can't say that there was no break.
    if sound.gaps > 0 || facts.clock != nil {
      rows.append(row(.microphoneDropouts, .count(Int64(sound.gaps))))
    }
    rows.append(row(.microphoneLevel, .level(sound.level)))
    if let hum = sound.hum { rows.append(row(.microphoneHum, .share(hum))) }
    rows.append(row(.microphoneOffset, .share(Share(base: Int64(sound.offset.base.magnitude)))))
    return rows
  }

  /// First, since it explains the failure.
  var heldFindings: [Finding] {
    facts.isHeldByProgram == true ? [Finding(.microphoneHeld, subject: names.holders)] : []
  }

  var failureFindings: [Finding] {
    guard let failure else { return [] }
    // A program makes it, which does not run: nothing is there to plug in.
    let isMade = facts.kind == .virtual || facts.kind == .filter
    let kind: FindingKind = failure == .noData && isMade ? .microphoneVirtualIdle : failure.kind
    return [Finding(kind, subject: names.owner)]
  }

  var refusalFindings: [Finding] { refusal.map { [Finding(.microphone(refused: $0))] } ?? [] }

  func factFindings(_ rows: [Assessment]) -> [Finding] {
    var findings: [Finding] = []
    @inline(never) func add(_ kind: FindingKind, if holds: Bool?, about subject: Text = []) {
      if holds == true { findings.append(Finding(kind, subject: subject)) }
    }
    add(.microphoneMuted, if: facts.isMuted)
    add(.microphoneMasterMuted, if: facts.isMasterMuted, about: names.filter)
    add(.microphoneStreamMuted, if: facts.isStreamMuted)
    if let row = rows.past(.microphoneVolume) {
      findings.append(row.finding(row.level == .blocking ? .microphoneVolumeZero : .microphoneVolumeLow))
    }
    add(.microphoneMoved, if: facts.wasMoved == true && failure != .unplugged, about: names.movedTo)
    add(.microphoneDefaultMonitor, if: facts.isDefaultMonitor == true && failure != .onlyMonitors)
    add(.microphoneIsMonitor, if: facts.kind == .monitor && failure == nil)
    add(
      .microphoneNotDefault, if: facts.isDefault == false && facts.isDefaultMonitor != true,
      about: names.defaultMicrophone)
    findings += qualityFindings(rows)
    if let hidden = facts.hidden {
      // With another microphone at hand it is no more than a hint.
      let severity: Severity? = failure == nil ? .note : nil
      findings.append(
        Finding(
          hidden == .headsetPlaysMusic ? .microphoneHeadsetMusic : .microphoneOutputProfile,
          severity: severity, subject: names.hidingCard))
    }
    add(.microphoneFiltered, if: facts.kind == .filter, about: names.filter)
    findings += portFindings
    if let row = rows.past(.microphoneClock) { findings.append(row.graded(.microphoneClockWrong)) }
    return findings
  }

  /// What a port is called proves nothing against a voice that comes through it.
  private var portFindings: [Finding] {
    let severity: Severity? = sound?.hasVoice == true ? .note : nil
    var findings: [Finding] = []
    if facts.port == .lineIn, facts.hasOtherMicrophonePort == true {
      findings.append(Finding(.microphoneWrongPort, severity: severity, subject: names.ports))
    }
    if facts.isPluggedIn == false {
      findings.append(Finding(.microphoneNothingPlugged, severity: severity, subject: names.ports))
    }
    return findings
  }

  /// Of a Bluetooth headset by the rate of its profile, of any other by how far up its sound reaches: a browser
  /// does not say which it is, and a sound server can make 48 kHz of anything.
  private func qualityFindings(_ rows: [Assessment]) -> [Finding] {
    let isBluetooth = facts.kind == .bluetooth
    if isBluetooth, let rate = facts.sampleRate, rate < 32_000 {
      return [Finding(rate < 16_000 ? .microphoneTelephone : .microphoneWideband)]
    }
    guard let row = rows.past(.microphoneBandwidth) else { return [] }
    if row.level == .limited { return [row.finding(.microphoneWideband)] }
    return [row.finding(isBluetooth ? .microphoneTelephone : .microphoneNarrowband)]
  }

  func soundFindings(_ rows: [Assessment]) -> [Finding] {
    guard let sound, !sound.windows.isEmpty else { return [] }
    // What broke off says little of the sound, and nothing of the voice that did not come.
    let isWhole = failure == nil && !isSilenceExplained
    guard isWhole || sound.duration >= .seconds(1) else { return [] }
    if sound.isDead { return isSilenceExplained ? [] : [silent] }
    // Less than a second of one value proves nothing.
    if sound.isConstant { return [] }
    var findings = voiceFindings(sound, rows) + loudFindings(sound, rows)
    if let row = rows.past(.microphoneClipping) {
      let isBad = row.level == .blocking || sound.isClippedOften
      findings.append(row.finding(.microphoneClipping, severity: isBad ? .problem : nil))
    }
    findings += noiseFindings(sound, rows)
    if let row = rows.past(.microphoneOffset) { findings.append(row.graded(.microphoneOffset)) }
    if sound.silentChannels > 0 { findings.append(Finding(.microphoneDeadChannel, subject: names.liveSide)) }
    if let correlation = sound.correlation, correlation < .percent(-80) {
      findings.append(Finding(.microphoneChannelsCancel, measured: .share(correlation)))
    }
    if let row = rows.past(.microphoneDropouts) {
      findings.append(row.finding(.microphoneDropouts, severity: row.level == .blocking ? .problem : nil))
    }
    return findings
  }

  /// The worst of what tells of noise, and hum.
  private func noiseFindings(_ sound: Sound, _ rows: [Assessment]) -> [Finding] {
    let metrics: [Metric] = [.microphoneNoiseFloor, .microphoneSignalToNoise, .microphoneVoicedShare]
    let noise = metrics.compactMap { rows.past($0) }
    var findings: [Finding] = []
    if let loud = noise.first(where: { $0.level == .blocking }) {
      findings.append(loud.finding(.microphoneNoisy))
    } else if let some = noise.first {
      findings.append(some.finding(.microphoneSomeNoise))
    }
    if let row = rows.past(.microphoneHum), let floor = sound.noiseFloor {
      // Hum that nobody hears is no fault.
      let isLoud = row.level == .blocking && floor > Decibels(-45)
      if floor > Decibels(-55) {
        findings.append(row.finding(.microphoneHum, severity: isLoud ? nil : .note))
      }
    }
    return findings
  }

  private func voiceFindings(_ sound: Sound, _ rows: [Assessment]) -> [Finding] {
    if sound.hasVoice {
      guard let row = rows.past(.microphoneSpeechLevel) else { return [] }
      let fails = row.level == .blocking
      return [row.finding(.microphoneTooQuiet, severity: fails ? .problem : nil, cap: fails ? .phone : nil)]
    }
    guard failure == nil else { return [] }
    // Loud enough to be a voice, for at least a tenth of the time, and yet none; or as loud throughout, as a
    // fan is, of which nothing stands out.
    let isLoud = sound.activeLevel.map { $0 > Decibels(-45) } == true
    let isBusy = sound.activeWindows * 10 >= sound.windows.count
    let isNoisy = rows.past(.microphoneNoiseFloor)?.level == .blocking
    if isLoud && isBusy || isNoisy { return [Finding(.microphoneNoiseOnly)] }
    guard facts.wasAskedToSpeak == true, !isSilenceExplained else { return [Finding(.microphoneNoVoice)] }
    return [Finding(.microphoneAskedSilent, measured: .time(sound.duration))]
  }

  /// Loud is not yet distorted, but close: RFC 7874, section 4, reaches -22 dBFS within 6 dB from as much as 14
  /// dB away, which leaves -14 dBFS to the top.
  private static let loudest = Decibels(-14)

  private func loudFindings(_ sound: Sound, _ rows: [Assessment]) -> [Finding] {
    let isClipped = rows.past(.microphoneClipping) != nil
    if let volume = facts.volume, volume > .percent(100) {
      let kind: FindingKind = isClipped ? .microphoneVolumeHigh : .microphoneVolumeBoosted
      return [Finding(kind, measured: .level(Self.gain(of: volume)), limit: .level(.zero))]
    }
    guard !isClipped, sound.hasVoice, let level = sound.activeLevel, level > Self.loudest else { return [] }
    return [Finding(.microphoneTooLoud, measured: .level(level), limit: .level(Self.loudest))]
  }

  private var isSilenceExplained: Bool {
    facts.isMuted == true || facts.isMasterMuted == true || facts.isStreamMuted == true
      || facts.volume == .zero || facts.kind == .monitor
  }

  /// A filter that suppresses noise gives exact zeros between words, and so may any program that makes a microphone:
  /// silence of the one is no proof, of the other only where somebody was to speak.
  private var silent: Finding {
    let isSure = facts.kind != .filter && (facts.kind != .virtual || facts.wasAskedToSpeak == true)
    return Finding(
      .microphoneSilent, severity: isSure ? nil : .warning, cap: isSure ? nil : .hdVideo,
      measured: sound.map { .time($0.duration) })
  }

  /// What PulseAudio's volumes, which are cubes, do to the sound (pa_sw_volume_to_dB).
  private static func gain(of volume: Share) -> Decibels { Decibels(60 * Mathematics.log10(volume.fraction)) }
}

extension [Assessment] {
  /// The row of `metric`, where its limit is passed.
  @inline(never)
  fileprivate func past(_ metric: Metric) -> Assessment? {
    for row in self where row.metric == metric {
      return row.isPast ? row : nil
    }
    return nil
  }
}

extension Assessment {
  @inline(never)
  fileprivate func finding(_ kind: FindingKind, severity: Severity? = nil, cap: Tier? = nil) -> Finding {
    Finding(kind, severity: severity, cap: cap, measured: measured, limit: passed)
  }
}

extension MicrophoneFailure {
  package var kind: FindingKind {
    switch self {
    case .noServer: .microphoneNoServer
    case .staleSocket: .microphoneStaleSocket
    case .wrongUser: .microphoneWrongUser
    case .accessRefused: .microphoneAccessRefused
    case .serverFull: .microphoneServerFull
    case .serverSilent: .microphoneServerSilent
    case .serverDied: .microphoneServerDied
    case .noSessionManager: .microphoneNoSessionManager
    case .noMicrophone: .microphoneNone
    case .onlyMonitors: .microphoneOnlyMonitors
    case .notFound: .microphoneNotFound
    case .ambiguous: .microphoneAmbiguous
    case .noData: .microphoneNoData
    case .suspended: .microphoneSuspended
    case .stalled: .microphoneStalled
    case .streamFailed: .microphoneStreamFailed
    case .unplugged: .microphoneUnplugged
    }
  }
}
