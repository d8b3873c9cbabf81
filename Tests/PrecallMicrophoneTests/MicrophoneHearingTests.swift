import Foundation
import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport
import Synchronization
import Testing

/// What is heard, against known samples through a real daemon.
@Suite("The microphone's sound") struct MicrophoneHearingTests {
  /// A sound, and all that must be found in it.
  struct Heard: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var samples: @Sendable () throws -> [Int16]
    var codes: [String]

    init(_ name: String, finds codes: [String], _ samples: @escaping @Sendable () throws -> [Int16]) {
      testDescription = name
      self.samples = samples
      self.codes = codes
    }
  }

  static let table: [Heard] = [
    Heard("speech", finds: []) { try Speech.samples.get() },
    Heard("M17: a quiet room", finds: ["no-voice"]) { Waveform.noise(amplitude: 0.000_6) },
    Heard("M24: digital silence", finds: ["silent"]) { Waveform.silence() },
    Heard("M24: a stuck converter", finds: ["silent"]) { [Int16](repeating: 700, count: 4_800) },
    Heard("M24: a click, and then digital silence", finds: ["silent"]) {
      Waveform.noise(amplitude: 0.1, seconds: 0.05) + Waveform.silence(seconds: 4)
    },
    Heard("M27: speech 25 dB down", finds: ["too-quiet"]) {
      Waveform.scaled(try Speech.samples.get(), by: 0.056)
    },
    Heard("M27: speech 40 dB down", finds: ["too-quiet"]) {
      Waveform.scaled(try Speech.samples.get(), by: 0.01)
    },
    Heard("M28: speech 24 dB over", finds: ["clipping"]) {
      Waveform.scaled(try Speech.samples.get(), by: 16)
    },
    Heard("speech that is very loud, yet whole", finds: ["too-loud"]) {
      try Speech.loud()
    },
    Heard("M29: hum without speech", finds: ["noise-only", "noisy", "hum"]) {
      Waveform.sine(50, amplitude: 0.05)
    },
    Heard("M29: speech with the hum of 50 Hz", finds: ["noisy", "hum"]) {
      Waveform.mixed(try Speech.samples.get(), Waveform.sine(50, amplitude: 0.03))
    },
    Heard("M29: speech with the hum of 60 Hz and its harmonics", finds: ["noisy", "hum"]) {
      let hum = Waveform.mixed(Waveform.sine(60, amplitude: 0.04), Waveform.sine(180, amplitude: 0.02))
      return Waveform.mixed(try Speech.samples.get(), hum)
    },
    Heard("M30: speech in loud noise", finds: ["noisy"]) {
      Waveform.mixed(try Speech.samples.get(), Waveform.noise(amplitude: 0.05))
    },
    Heard("M31: keys, no voice", finds: ["noise-only"]) {
      let quiet = Waveform.noise(amplitude: 0.000_5)
      let loud = Waveform.noise(amplitude: 0.3)
      return quiet.indices.map { $0 % 8_000 < 1_440 ? loud[$0] : quiet[$0] }
    },
    Heard("M30: speech in a room that is not quite quiet", finds: ["some-noise"]) {
      Waveform.mixed(try Speech.pausing(), Waveform.noise(amplitude: 0.004))
    },
    Heard("Speech without a pause in that room", finds: []) {
      Waveform.mixed(
        Array(try Speech.samples.get().dropFirst(4_800).prefix(28_800)), Waveform.noise(amplitude: 0.004))
    },
    Heard("M31: a fan, steady and loud", finds: ["noise-only", "noisy"]) { Waveform.noise(amplitude: 0.1) },
    Heard("M22: speech that came through a telephone's 8 kHz, at 48 kHz", finds: ["narrow-band"]) {
      try Speech.through(rate: 8_000)
    },
    Heard("M23: speech that came through 16 kHz, as most calls do", finds: ["wideband"]) {
      try Speech.through(rate: 16_000)
    },
    Heard("M32: an electrical offset", finds: ["offset"]) {
      Waveform.scaled(try Speech.samples.get(), by: 0.7, offset: 0.2)
    },
  ]

  /// So many microphones are heard at once, which spares waiting and asks little of the computer.
  private static let together = 6
  private static let groups = Array(stride(from: 0, to: table.count, by: together))

  @Test("Each sound has exactly its findings", arguments: SoundServerKind.allCases, groups)
  func sound(on kind: SoundServerKind, from first: Int) async throws {
    let group = Self.table[first..<min(first + Self.together, Self.table.count)]
    let server = try MicrophoneCase(
      on: kind, modules: group.indices.map { VirtualMicrophone.module("microphone-\($0)") }, default: nil)
    for (index, heard) in zip(group.indices, group) {
      try server.feed(heard.samples(), to: "microphone-\(index)")
    }
    await withTaskGroup { tests in
      for (index, heard) in zip(group.indices, group) {
        tests.addTask {
          let measurement = await server.measure(source: "microphone-\(index)")
          // One of them alone is the default.
          #expect(measurement.codes.filter { $0 != "not-default" } == heard.codes, "\(heard.testDescription)")
          #expect(measurement.sound.map { $0.duration >= .seconds(2) } == true, "\(heard.testDescription)")
        }
      }
    }
  }

  @Test(
    "Speech 40 dB down is a problem; 25 dB down is a warning", arguments: SoundServerKind.allCases)
  func howQuiet(on kind: SoundServerKind) async throws {
    let speech = try Speech.samples.get()
    let quiet = try await MicrophoneCase(on: kind, speaking: Waveform.scaled(speech, by: 0.056)).measure()
    let lost = try await MicrophoneCase(on: kind, speaking: Waveform.scaled(speech, by: 0.01)).measure()
    #expect(quiet.assessed(by: .standard).findings.first?.severity == .warning)
    #expect(lost.assessed(by: .standard).findings.first?.severity == .problem)
    #expect(lost.assessed(by: .standard).findings.first?.cap == .phone)
  }

  @Test(
    "The peak is exact to the sample, and the level within 0.1 dB", arguments: SoundServerKind.allCases)
  func levels(on kind: SoundServerKind) async throws {
    var samples = Waveform.sine(1_000, amplitude: 0.25)
    samples[1_234] = 12_345
    // A pipe source of PipeWire fills in silence where the test is late.
    let microphone =
      try kind == .pipeWire ? MicrophoneCase(onCardSpeaking: samples) : MicrophoneCase(speaking: samples)
    let sound = try #require(await microphone.measure().sound)
    // 20 log10(12345 / 32768)
    #expect(sound.peak.base == -8_479)
    // 20 log10(0.25 * 32767 / 32768) - 3.0103; the one stray sample adds less than 0.01 dB.
    #expect(abs(sound.level.inDecibels + 15.051) < 0.1)
  }

  @Test("M25 and M26: mirrored channels, and one that is dead", arguments: SoundServerKind.allCases)
  func stereo(on kind: SoundServerKind) async throws {
    let speech = try Speech.samples.get()
    let pairs = [
      ("channels-cancel", Waveform.stereo(speech, Waveform.scaled(speech, by: -0.99))),
      ("dead-channel", Waveform.stereo(speech, Waveform.silence(seconds: Double(speech.count) / 48_000))),
    ]
    for (code, samples) in pairs {
      let microphone = try MicrophoneCase(
        on: kind, modules: [VirtualMicrophone.module("microphone", channels: 2)])
      try microphone.feed(samples, channels: 2)
      #expect(await microphone.measure().codes == [code])
    }
  }

  @Test("M34: holes in the sound are drop-outs", arguments: SoundServerKind.allCases)
  func dropout(on kind: SoundServerKind) async throws {
    for pause in [0.1, 0.4] {
      let measurement = try await stuttering(pause, on: kind)
      #expect(measurement.codes == ["drop-outs"], "\(pause) s")
    }
  }

  /// Speech from which `pause` seconds are missing after each 500 ms.
  private func stuttering(_ pause: Double, on kind: SoundServerKind) async throws -> MicrophoneMeasurement {
    guard kind == .pipeWire else {
      var pace = VirtualMicrophone.Pace()
      pace.pause = pause
      return try await MicrophoneCase(speaking: Speech.samples.get(), pace: pace).measure()
    }
    return try await MicrophoneCase(onCardSpeaking: Speech.samples.get()) { $0.stutter(pause) }.measure()
  }

  // On PulseAudio only: PipeWire's holes are as long as its cycles of 21 ms make them, and late sound is lost.
  @Test("M34: holes of 60 ms are drop-outs as well; sound that comes whole and late is from 200 ms on")
  func shortDropout() async throws {
    var pace = VirtualMicrophone.Pace()
    pace.pause = 0.06
    let holes = try await MicrophoneCase(speaking: Speech.samples.get(), pace: pace).measure()
    #expect(holes.codes == ["drop-outs"])
    #expect(try #require(holes.sound).gaps >= 2)
    pace = VirtualMicrophone.Pace()
    pace.delay = 0.15
    let late = try await MicrophoneCase(speaking: Speech.samples.get(), pace: pace).measure()
    #expect(late.codes.isEmpty, "\(late.codes)")
    // By then a call has played what it holds back.
    pace.delay = 0.3
    let stalling = try await MicrophoneCase(speaking: Speech.samples.get(), pace: pace).measure()
    #expect(stalling.codes == ["drop-outs"], "\(stalling.codes)")
  }

  @Test(
    "M28: where the volume is over 100 % and the sound is cut off, the volume is the cause",
    arguments: SoundServerKind.allCases)
  func amplified(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    try microphone.daemon.control("set-source-volume", "microphone", "200%")
    #expect(await microphone.measure().codes == ["volume-high", "clipping"])
    // Where nothing is cut off, the volume alone is but a note.
    let quiet = try MicrophoneCase(on: kind, speaking: Waveform.scaled(Speech.samples.get(), by: 0.05))
    try quiet.daemon.control("set-source-volume", "microphone", "200%")
    #expect(await quiet.measure().codes == ["volume-boosted"])
  }

  @Test("A person who waits sees the level move", arguments: SoundServerKind.allCases)
  func liveLevel(on kind: SoundServerKind) async throws {
    let levels = Mutex<[Decibels]>([])
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    _ = await MicrophoneProbe(server: microphone.daemon.server).measure { progress in
      if case .level(let level) = progress { levels.withLock { $0.append(level) } }
    }
    let seen = levels.withLock { $0 }
    #expect(seen.count >= 10)
    #expect(Set(seen).count >= 5)
  }

  @Test("Guided, the check ends when it has heard enough", arguments: SoundServerKind.allCases)
  func guided(on kind: SoundServerKind) async throws {
    let speech = try Speech.samples.get()
    let heard = try await MicrophoneCase(on: kind, speaking: speech).measure(listening: .guided)
    #expect(heard.codes.isEmpty, "\(heard.codes)")
    let duration = try #require(heard.sound).duration
    #expect(duration >= .seconds(2) && duration < .seconds(4), "\(duration)")
  }

  @Test("A word beside keys is not enough: it waits for more until the 8 s are over")
  func wordBesideKeys() async throws {
    let keys = Waveform.noise(amplitude: 0.1, seconds: 12)
    let typing = keys.indices.map { $0 / 4_800 % 4 == 0 ? keys[$0] : 0 }
    let word = try Speech.samples.get().prefix(24_000) + Waveform.silence(seconds: 12).prefix(552_000)
    let sound = try #require(
      try await MicrophoneCase(speaking: Waveform.mixed(Array(word), typing)).measure(listening: .guided)
        .sound)
    #expect(sound.hasVoice && sound.activeWindows > 100)
    #expect(sound.duration >= .seconds(8) && sound.duration < .milliseconds(8_400), "\(sound.duration)")
  }

  @Test(
    "M17: who was asked to speak and brought no voice in 8 s hears of the mute switch, and waits no longer",
    arguments: SoundServerKind.allCases)
  func askedButSilent(on kind: SoundServerKind) async throws {
    let start = ContinuousClock.now
    let waited = try await MicrophoneCase(on: kind, speaking: Waveform.noise(amplitude: 0.000_6))
      .measure(listening: .guided)
    #expect(waited.codes == ["asked-but-silent"])
    let duration = try #require(waited.sound).duration
    #expect(duration >= .seconds(8) && duration < .milliseconds(8_400), "\(duration)")
    #expect(ContinuousClock.now - start < .seconds(12))
    let loud = try await MicrophoneCase(on: kind, speaking: Waveform.noise(amplitude: 0.1))
      .measure(listening: .untilSpeech(most: .seconds(2)))
    #expect(loud.codes == ["noise-only", "noisy"])
  }
}
