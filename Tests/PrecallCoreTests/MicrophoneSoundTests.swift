import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

@Suite("What a microphone's sound comes to") struct MicrophoneSoundTests {
  private func sound(_ samples: [Int16], rate: Int = 48_000, channels: Int = 1) -> Sound {
    var meter = SoundMeter(sampleRate: rate, channels: channels)
    meter.take(samples.span)
    return meter.sound
  }

  @Test("Half of full scale is -6.02 dBFS, and a square wave has the level of its peak")
  func levels() {
    let square = (0..<9_600).map { Int16($0 / 24 % 2 == 0 ? 16_384 : -16_384) }
    let sound = sound(square)
    #expect(sound.peak.base == -6_021)
    #expect(sound.level.base == -6_021)
    #expect(sound.noiseFloor?.base == -6_021)
    #expect(sound.windows.count == 10)
    #expect(sound.duration == .milliseconds(200))
  }

  @Test("A sine of full scale has an RMS level of -3.01 dBFS")
  func sine() {
    let level = sound(Waveform.sine(1_000, amplitude: 1)).level
    #expect(abs(level.inDecibels + 3.01) < 0.01)
  }

  @Test("A float stream gives the same levels as the same samples of 16 bits")
  func floats() {
    let samples = Waveform.noise(amplitude: 0.3)
    var meter = SoundMeter(sampleRate: 48_000, channels: 1)
    let floats = samples.map { Float($0) / 32_768 }
    meter.take(floats.span)
    #expect(meter.sound == sound(samples))
  }

  @Test("The noise floor is the quietest tenth of the windows")
  func floor() {
    let quiet = Waveform.sine(1_000, amplitude: 0.01, seconds: 0.3)
    let loud = Waveform.sine(1_000, amplitude: 0.5, seconds: 0.8)
    let floor = sound(quiet + loud).noiseFloor?.inDecibels ?? 0
    #expect(abs(floor + 43.01) < 0.05)
    // Shorter is no pause of a voice.
    #expect(sound(quiet.dropLast(4_800) + loud).noiseFloor == nil)
  }

  @Test("Zeros between words are no noise floor; the voice is heard all the same")
  func gatedFloor() throws {
    let speech = try Speech.samples.get()
    let gated = sound(speech + Waveform.silence(seconds: 1))
    #expect(gated.hasVoice)
    #expect(gated.activeLevel != nil)
    #expect(gated.noiseFloor == nil)
    #expect(gated.signalToNoise == nil)
    let measurement = MicrophoneMeasurement(sound: gated)
    let (rows, findings) = measurement.assessed(by: .standard)
    #expect(findings.isEmpty)
    #expect(rows.first?.metric.id.bytes == Metric.microphoneSpeechLevel.id.bytes)
    #expect(!rows.contains { $0.metric.id.equals(Metric.microphoneNoiseFloor.id.bytes) })
    #expect(!rows.contains { $0.metric.id.equals(Metric.microphoneSignalToNoise.id.bytes) })
  }

  @Test("Two samples at full scale are a peak; three and more are clipping")
  func clipping() {
    let peak: [Int16] = [0, 32_767, 32_767, 0]
    let clipped: [Int16] = [0, 32_767, 32_767, 32_767, 0, -32_768, -32_768, -32_768, -32_768, 0]
    let rest = [Int16](repeating: 5, count: 986)
    var sound = sound(peak + clipped + rest)
    #expect(sound.clippedRuns == 2)
    #expect(sound.clippedSamples == 7)
    // Of the samples in which something sounds: of a thousand, half.
    sound.activity = .percent(50)
    #expect(sound.clipped == Share(base: 14_000))
    sound.activity = .zero
    #expect(sound.clipped == Share(base: 7_000))
  }

  @Test("Zeros and a stuck converter are constant; one step of noise is not")
  func constant() {
    #expect(sound(Waveform.silence()).isConstant)
    #expect(sound([Int16](repeating: 1_234, count: 48_000)).isConstant)
    #expect(sound([Int16](repeating: 1_234, count: 48_000)).level == .silence)
    #expect(!sound(Waveform.silence() + [1]).isConstant)
  }

  @Test("A constant offset is told, and does not count as sound")
  func offset() {
    let sound = sound(Waveform.scaled(Waveform.sine(1_000, amplitude: 0.1), by: 1, offset: 0.2))
    #expect(abs(sound.offset.fraction - 0.2) < 0.001)
    #expect(abs(sound.level.inDecibels + 23.01) < 0.05)
  }

  @Test("P.56: a tone without pauses has its RMS level; with as much pause again it keeps that level")
  func activeLevel() throws {
    let tone = Waveform.sine(1_000, amplitude: 0.5, seconds: 4)
    let whole = sound(tone)
    let level = try #require(whole.activeLevel)
    #expect(abs(level.inDecibels - whole.level.inDecibels) < 0.1)
    let half = sound(tone + Waveform.silence(seconds: 4))
    let paused = try #require(half.activeLevel)
    // The hangover counts 200 ms and the envelope's fall of the pause as active: 0.3 dB of 4 s.
    #expect(abs(paused.inDecibels - level.inDecibels) < 0.5)
    #expect(abs(half.activity.fraction - 0.53) < 0.05)
    #expect(abs(half.level.inDecibels - level.inDecibels + 3.01) < 0.1)
  }

  @Test("P.56: silence has no active level")
  func silence() { #expect(sound(Waveform.silence()).activeLevel == nil) }

  @Test("A voice is heard at any level, with noise and with hum", arguments: [1, 0.1, 0.01])
  func voice(gain: Double) throws {
    let speech = Waveform.scaled(try Speech.samples.get(), by: gain)
    #expect(sound(speech).hasVoice)
    let noise = Waveform.noise(amplitude: 0.05 * gain)
    #expect(sound(Waveform.mixed(speech, noise)).hasVoice)
  }

  @Test("Noise, hum, clicks, tones and silence are no voice")
  func noVoice() {
    #expect(!sound(Waveform.noise(amplitude: 0.3)).hasVoice)
    #expect(!sound(Waveform.sine(50, amplitude: 0.1, seconds: 2)).hasVoice)
    #expect(!sound(Waveform.sine(997, amplitude: 0.5, seconds: 2)).hasVoice)
    #expect(!sound(Waveform.silence()).hasVoice)
    #expect(!sound(Self.keys).hasVoice)
  }

  /// Bursts of noise, 30 ms long, six a second, as from a keyboard.
  private static var keys: [Int16] {
    let quiet = Waveform.noise(amplitude: 0.000_5)
    let loud = Waveform.noise(amplitude: 0.3)
    return quiet.indices.map { $0 % 8_000 < 1_440 ? loud[$0] : quiet[$0] }
  }

  @Test("Mains hum is the share of the quietest fifth of a second that lies at 50 or 60 Hz")
  func hum() throws {
    for hertz in [50.0, 60.0] {
      let hum = try #require(sound(Waveform.sine(hertz, amplitude: 0.05, seconds: 2)).hum)
      #expect(hum.fraction > 0.95)
    }
    #expect(try #require(sound(Waveform.noise(amplitude: 0.05)).hum).fraction < 0.1)
    #expect(try #require(sound(try Speech.samples.get()).hum).fraction < 0.7)
  }

  @Test(
    "A sound reaches as far up as -50 dB of it and -80 dBFS do", arguments: [8_000, 44_100, 48_000, 96_000])
  func bandwidth(rate: Int) throws {
    func reach(_ levels: [(hertz: Double, level: Double)]) throws -> Int64 {
      var samples = [Float](repeating: 0, count: rate)
      for tone in levels {
        let amplitude = pow(10, (tone.level + 3.01) / 20)
        let turn = 2 * Double.pi * tone.hertz / Double(rate)
        for index in samples.indices { samples[index] += Float(amplitude * sin(turn * Double(index))) }
      }
      var meter = SoundMeter(sampleRate: rate, channels: 1)
      meter.take(samples.span)
      return try #require(meter.sound.bandwidth).base
    }
    // A Hann window spreads a tone over two bins of 47 Hz and, down to -80 dB of a loud one, over some more.
    let near = Int64(400)
    #expect(abs(try reach([(1_000, -20)]) - 1_000) < near)
    #expect(abs(try reach([(1_000, -20), (3_500, -75)]) - 3_500) < near)
    #expect(abs(try reach([(1_000, -20), (3_500, -85)]) - 1_000) < near)
    #expect(abs(try reach([(1_000, -45), (3_500, -90)]) - 3_500) < near)
    #expect(abs(try reach([(1_000, -45), (3_500, -100)]) - 1_000) < near)
  }

  @Test("Noise reaches up to half the rate, silence nowhere, speech above 8 kHz unless something cut it")
  func speechBandwidth() throws {
    #expect(try #require(sound(Waveform.noise(amplitude: 0.1)).bandwidth).base > 23_000)
    #expect(sound(Waveform.silence(seconds: 2)).bandwidth == nil)
    let speech = try #require(sound(try Speech.samples.get()).bandwidth)
    #expect(speech.base > 8_500)
    let telephone = try #require(sound(try Speech.through(rate: 8_000)).bandwidth)
    #expect((3_000..<4_500).contains(telephone.base))
    var clicked = try Speech.through(rate: 8_000)
    for index in 0..<8 { clicked[clicked.count / 2 + index] = index.isMultiple(of: 2) ? 16_000 : -16_000 }
    let reach = try #require(sound(clicked).bandwidth)
    #expect((3_000..<4_500).contains(reach.base), "a click is no voice: \(reach.base)")
    let wideband = try #require(sound(try Speech.through(rate: 16_000)).bandwidth)
    #expect((6_000..<8_500).contains(wideband.base))
  }

  @Test("Half and more of spoken sound has a pitch")
  func voicedShare() throws {
    for gain in [1, 0.1, 0.02] {
      let share = sound(Waveform.scaled(try Speech.samples.get(), by: gain)).voicedShare
      #expect(share > .percent(40), "\(share)")
    }
  }

  @Test("Speech that is cut off throughout is a problem")
  func clippedSpeech() throws {
    let sound = sound(Waveform.scaled(try Speech.samples.get(), by: 5))
    let findings = MicrophoneMeasurement(sound: sound).assessed(by: .standard).findings
    #expect(findings.first { $0.kind == .microphoneClipping }?.severity == .problem, "\(sound.clipped)")
  }

  @Test("A voice that is less than a quarter of the sound is a voice in noise")
  func voiceAmongKeys() throws {
    let speech = Waveform.scaled(try Speech.samples.get(), by: 0.2).prefix(96_000)
    let loud = Waveform.noise(amplitude: 0.2)
    let keys = loud.indices.map { $0 / 9_600 % 2 == 0 ? 0 : loud[$0] }
    let sound = sound(Waveform.mixed(Array(speech), keys))
    #expect(sound.hasVoice && sound.voicedShare < .percent(25), "\(sound.voicedShare)")
    let findings = MicrophoneMeasurement(sound: sound).assessed(by: .standard).findings
    #expect(findings.map { $0.kind.code.description } == ["microphone.some-noise"])
  }

  @Test("Of two channels the one with sound is judged, and the other is counted")
  func deadChannel() {
    let tone = Waveform.sine(1_000, amplitude: 0.5)
    let sound = sound(Waveform.stereo(Waveform.silence(), tone), channels: 2)
    #expect(sound.silentChannels == 1)
    #expect(abs(sound.level.inDecibels + 9.03) < 0.01)
  }

  @Test("Mirrored channels have a correlation of -1")
  func antiphase() throws {
    let tone = Waveform.noise(amplitude: 0.3)
    let mirrored = sound(Waveform.stereo(tone, Waveform.scaled(tone, by: -1)), channels: 2)
    #expect(try #require(mirrored.correlation).fraction < -0.999)
    #expect(try #require(sound(Waveform.stereo(tone, tone), channels: 2).correlation).fraction > 0.999)
  }

  @Test(
    "Any rate from 1 to 768 kHz is measured",
    arguments: [0, 1_000, 8_000, 11_025, 44_100, 768_000, 9_999_999])
  func rates(rate: Int) {
    let sound = sound(Waveform.noise(amplitude: 0.3, seconds: 0.5), rate: rate)
    #expect(!sound.windows.isEmpty)
  }

  /// When blocks of 40 ms come, `late` seconds after they were recorded.
  private func losses(_ late: (Int) -> Double, rate: Double = 1) -> Int {
    var clock = SampleClock()
    for block in 1...60 {
      let sound = Double(block) * 0.04
      clock.take(sound: sound, at: sound / rate + late(block))
    }
    return clock.losses
  }

  @Test("Sound that falls behind and stays behind was lost; late sound, jitter and slow clocks are no loss")
  func losses() {
    #expect(losses { _ in 0 } == 0)
    #expect(losses { $0 < 30 ? 0 : 0.04 } == 1)
    #expect(losses { Double($0 / 20) * 0.06 } == 2)
    // Late by 300 ms, then whole again; and jitter of 25 ms.
    #expect(losses { (30..<36).contains($0) ? 0.3 - Double($0 - 30) * 0.05 : 0 } == 0)
    #expect(losses { $0 % 3 == 0 ? 0.025 : 0 } == 0)
    // Late at the end: it may still come.
    #expect(losses { $0 >= 57 ? 0.2 : 0 } == 0)
    #expect(losses({ _ in 0 }, rate: 0.919) == 0)
    #expect(losses({ _ in 0 }, rate: 0.5) == 0)
    #expect(losses({ $0 < 30 ? 0 : 0.06 }, rate: 0.919) == 1)
  }

  @Test("Sound that comes in lumps of over 200 ms stalls, and is not lost")
  func stalls() {
    for (lump, expected) in [(0.16, 0...0), (0.4, 4...5), (1, 1...2)] {
      var clock = SampleClock()
      for block in 1...62 {
        let sound = Double(block) * 0.04
        clock.take(sound: sound, at: (sound / lump - 1e-9).rounded(.up) * lump)
      }
      #expect(expected.contains(clock.stalls), "\(clock.stalls) of \(lump) s")
      #expect(clock.losses == 0, "\(lump) s")
    }
  }

  @Test("A click in digital silence leaves it silence; a voice beside a second of it does not")
  func clickInSilence() throws {
    let click = sound(Waveform.noise(amplitude: 0.5, seconds: 0.05) + Waveform.silence(seconds: 1.5))
    #expect(click.isDead && !click.isConstant)
    #expect(!sound(try Speech.samples.get() + Waveform.silence(seconds: 1.5)).isDead)
    #expect(!sound(Waveform.noise(amplitude: 0.000_6)).isDead)
  }
}
