import PrecallCore
import PrecallTestSupport
import Testing

/// The steps from good over fair to poor, one row a figure: what is found on either side of each step.
@Suite struct DeviceLimitTests {
  /// `note`, `warning` or `problem`, and the code; nothing where all is good.
  typealias Step<Value> = (value: Value, found: String?)

  private func found(_ findings: [Finding], _ codes: Set<String>) -> String? {
    let found = findings.filter { codes.contains($0.kind.code.description) }
    #expect(found.count <= 1, "\(found.map { $0.kind.code.description })")
    return found.first.map { "\($0.severity.name) \($0.kind.code)" }
  }

  private func check(_ sound: Sound, _ step: String?, _ facts: MicrophoneFacts = MicrophoneFacts()) {
    let names = [
      "some-noise", "noisy", "noise-only", "hum", "offset", "clipping", "wideband", "narrow-band",
      "drop-outs",
      "volume-zero", "volume-low", "volume-boosted", "volume-high", "clock-wrong", "too-quiet", "too-loud",
    ]
    let measurement = MicrophoneMeasurement(facts: facts, sound: sound)
    let findings = measurement.assessed(by: .standard).findings
    #expect(found(findings, Set(names.map { "microphone.\($0)" })) == step)
  }

  private func speech() throws -> Sound {
    var meter = SoundMeter(sampleRate: 48_000, channels: 1)
    let samples = try Speech.samples.get()
    meter.take(samples.span)
    return meter.sound
  }

  /// Speech at -22 dBFS over a floor of `level`.
  private func speech(floor level: Double, voice: Double = -22) throws -> Sound {
    var sound = try speech()
    let quietest = sound.windows.map(\.level).sorted()[sound.windows.count / 10]
    sound.windows = sound.windows.map { window in
      guard window.level <= quietest else { return window }
      return SoundWindow(peak: Decibels(level), level: Decibels(level), periodicity: .zero)
    }
    sound.activeLevel = Decibels(voice)
    return sound
  }

  @Test func `Noise is worth a note from -55 dBFS on, and a warning from -40 dBFS on`() throws {
    let steps: [Step<Double>] = [
      (-56, nil), (-54, "note microphone.some-noise"), (-41, "note microphone.some-noise"),
      (-39, "warning microphone.noisy"),
    ]
    for (floor, found) in steps { check(try speech(floor: floor, voice: -15), found) }
  }

  @Test func `A voice is worth a note under 25 dB above the noise, and a warning under 15`() throws {
    check(try speech(floor: -60, voice: -34), nil)
    check(try speech(floor: -50, voice: -34), "note microphone.some-noise")
    check(try speech(floor: -50, voice: -36), "warning microphone.noisy")
  }

  @Test func `Hum counts from a third of a noise over -55 dBFS on, and warns as most of one over -45`() throws
  {
    let hums: [Step<(share: Double, floor: Double)>] = [
      ((29, -44), nil), ((31, -54), "note"), ((69, -44), "note"), ((80, -46), "note"), ((71, -44), "warning"),
      ((80, -56), nil),
    ]
    for (value, severity) in hums {
      var sound = try speech(floor: value.floor)
      sound.hum = .percent(value.share)
      let findings = MicrophoneMeasurement(sound: sound).assessed(by: .standard).findings
      let hum = findings.first { $0.kind == .microphoneHum }
      #expect(hum?.severity.name.description == severity, "\(value)")
    }
  }

  @Test func `Offset, bandwidth, breaks, clipping and loudness have two steps each`() throws {
    func steps(_ steps: [Step<Double>], _ set: (inout Sound, Double) -> Void) throws {
      for (value, found) in steps {
        var sound = try speech(floor: -70)
        set(&sound, value)
        check(sound, found)
      }
    }
    try steps([(0.9, nil), (-1.1, "note microphone.offset"), (5.1, "warning microphone.offset")]) {
      $0.offset = .percent($1)
    }
    try steps(
      [(8_100, nil), (7_900, "note microphone.wideband"), (4_900, "warning microphone.narrow-band")]
    ) { $0.bandwidth = Frequency($1) }
    try steps([(0, nil), (1, "warning microphone.drop-outs"), (2, "problem microphone.drop-outs")]) {
      $0.gaps = Int($1)
    }
    try steps([(0.009, nil), (0.02, "warning microphone.clipping"), (1.1, "problem microphone.clipping")]) {
      $0.clippedSamples = Int(Double($0.samples) * $0.activity.fraction * $1 / 100)
    }
    // 0.1 % in runs of three: over ten a second.
    try steps([(9, "warning microphone.clipping"), (11, "problem microphone.clipping")]) {
      $0.clippedSamples = $0.samples / 1_000
      $0.clippedRuns = Int($0.duration.inSeconds * $1)
    }
    try steps([
      (-35, nil), (-37, "warning microphone.too-quiet"), (-51, "problem microphone.too-quiet"),
      (-15, nil), (-13, "note microphone.too-loud"),
    ]) { sound, level in
      let floor = Decibels(-90)
      sound.activeLevel = Decibels(level)
      sound.windows = sound.windows.map {
        $0.level.inDecibels <= -70 ? SoundWindow(peak: floor, level: floor, periodicity: .zero) : $0
      }
    }
  }

  @Test func `Volume and clock have two steps each`() throws {
    let sound = try speech(floor: -70)
    let volumes: [Step<Double>] = [
      (0, "problem microphone.volume-zero"), (19, "warning microphone.volume-low"), (21, nil), (100, nil),
      (150, "note microphone.volume-boosted"),
    ]
    for (volume, found) in volumes {
      var facts = MicrophoneFacts()
      facts.volume = .percent(volume)
      check(sound, found, facts)
    }
    let clocks: [Step<Double>] = [
      (0.19, nil), (-0.3, "note microphone.clock-wrong"), (0.9, "note microphone.clock-wrong"),
      (-8.1, "warning microphone.clock-wrong"),
    ]
    for (deviation, found) in clocks {
      var facts = MicrophoneFacts()
      facts.clock = .percent(deviation)
      facts.clockError = .percent(0.01)
      check(sound, found, facts)
    }
  }

  @Test func `A voice is a part of the sound, or noise, and two sides may cancel each other out`() throws {
    var sound = try speech(floor: -70)
    let voiced = sound.voicedWindows
    let active = sound.activeWindows
    let noise = SoundWindow(peak: Decibels(-20), level: Decibels(-20), periodicity: .zero)
    for (share, step) in [(26, nil), (24, "note microphone.some-noise"), (11, "note microphone.some-noise")] {
      var noisy = sound
      let more = max(0, voiced * 100 / share - active)
      // As much quiet as keeps the floor where it is.
      let quiet = SoundWindow(peak: Decibels(-70), level: Decibels(-70), periodicity: .zero)
      noisy.windows += [SoundWindow](repeating: noise, count: more)
      noisy.windows += [SoundWindow](repeating: quiet, count: more / 5 + 1)
      check(noisy, step)
    }
    for (correlation, isFound) in [(-79.0, false), (-81, true)] {
      sound.correlation = .percent(correlation)
      let findings = MicrophoneMeasurement(sound: sound).assessed(by: .standard).findings
      #expect(findings.contains { $0.kind == .microphoneChannelsCancel } == isFound)
    }
  }

  @Test func `A volume over 100 % is told with what it adds`() throws {
    var facts = MicrophoneFacts()
    facts.volume = .percent(150)
    let measurement = MicrophoneMeasurement(facts: facts, sound: try speech(floor: -70))
    let finding = measurement.assessed(by: .standard).findings.first { $0.kind == .microphoneVolumeBoosted }
    // 60 log10(1.5), by pa_sw_volume_to_dB.
    #expect(finding?.measured == .level(Decibels(10.565)))
  }

  @Test func `Echo is worth a note over -40 dB, and a warning over -20`() {
    let steps: [Step<Double>] = [
      (-41, nil), (-39, "note speaker.echo"), (-21, "note speaker.echo"), (-19, "warning speaker.echo"),
    ]
    for (level, step) in steps {
      var measurement = MicrophoneMeasurement()
      measurement.speaker = SpeakerFacts()
      measurement.speaker?.echo = Decibels(level)
      #expect(found(measurement.assessed(by: .standard).findings, ["speaker.echo"]) == step)
    }
  }
}
