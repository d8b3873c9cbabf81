import PrecallCore
import PrecallMicrophone
import PrecallTestSupport
import Testing

/// The speaker, against a real daemon whose sinks are heard through their monitors.
///
/// On PulseAudio only: suspended by hand, since PipeWire's wakes when it is played to.
@Suite("The speaker") struct SpeakerTests {
  private static func sink(_ name: String, _ description: String = "Speaker") -> String {
    "module-null-sink norewinds=1 sink_name=\(name) sink_properties=\"device.description='\(description)'\""
  }

  /// A speaker, a microphone that hears it `gain` loud, and nothing else.
  private func room(gain: String?, on kind: SoundServerKind = .pulseAudio) throws -> MicrophoneCase {
    var modules = [
      Self.sink("speaker"), Self.sink("air"), "module-remap-source source_name=microphone master=air.monitor",
    ]
    if gain != nil {
      modules.append("module-loopback source=speaker.monitor sink=air latency_msec=120 adjust_time=0")
    }
    let room = try MicrophoneCase(on: kind, modules: modules)
    try room.daemon.control("set-default-sink", "speaker")
    if let gain {
      let loop = try room.daemon.control("list", "short", "sink-inputs").prefix { $0.isNumber }
      try room.daemon.control("set-sink-input-volume", String(loop), gain)
    }
    return room
  }

  private func measure(
    _ room: MicrophoneCase, source: String? = nil, sink: String? = nil, _ check: SpeakerCheck
  ) async -> MicrophoneMeasurement {
    await MicrophoneProbe(
      source: source, sink: sink, server: room.daemon.server, listening: .exactly(.milliseconds(300)),
      speaker: check
    ).measure { _ in }
  }

  private func codes(_ measurement: MicrophoneMeasurement) -> [String] {
    measurement.assessed(by: .standard).findings.map { String(decoding: $0.kind.code.bytes, as: UTF8.self) }
      .filter { $0.hasPrefix("speaker.") }
  }

  @Test("The test tone comes out of the speaker, as loud as it was played")
  func tone() async throws {
    let facts = try #require(
      await measure(try room(gain: nil), source: "speaker.monitor", .tone).speaker)
    #expect(facts.wasPlayed == true)
    #expect(abs(try #require(facts.echo).inDecibels) < 0.5)
  }

  @Test(
    "M37: a microphone that hears the speaker is found, with about its gain",
    arguments: SoundServerKind.allCases, [-12.0, -30, -50])
  func echo(on kind: SoundServerKind, gain: Double) async throws {
    let measurement = await measure(try room(gain: "\(gain)dB", on: kind), .tone)
    #expect(codes(measurement) == (gain > -40 ? ["speaker.echo"] : []))
    let severity = measurement.assessed(by: .standard).findings.first { $0.kind == .speakerEcho }?.severity
    #expect(severity == (gain > -20 ? .warning : gain > -40 ? .note : nil))
    // So faint a one may be lost in the noise.
    guard gain > -40 else { return }
    let echo = try #require(measurement.speaker?.echo)
    #expect(abs(echo.inDecibels - gain) < 3, "\(echo)")
  }

  @Test(
    "Headphones: the microphone hears nothing of the tone, and that is not zero but absent",
    arguments: SoundServerKind.allCases)
  func headphones(on kind: SoundServerKind) async throws {
    let measurement = await measure(try room(gain: nil, on: kind), .tone)
    #expect(measurement.speaker?.wasPlayed == true)
    #expect(measurement.speaker?.echo == nil)
    #expect(codes(measurement).isEmpty)
  }

  @Test("No tone is played unless it is asked for, nor into a muted speaker")
  func unasked() async throws {
    let room = try room(gain: "-12dB")
    #expect(await measure(room, .none).speaker == nil)
    #expect(await measure(room, .settings).speaker?.wasPlayed == nil)
    try room.daemon.control("set-sink-mute", "speaker", "1")
    let muted = await measure(room, .tone)
    #expect(muted.speaker?.wasPlayed == nil)
    #expect(codes(muted) == ["speaker.muted"])
  }

  @Test("A speaker that is suspended by hand takes the tone and never plays it")
  func suspended() async throws {
    let room = try room(gain: nil)
    try room.daemon.control("suspend-sink", "speaker", "1")
    let measurement = await measure(room, .tone)
    #expect(measurement.speaker?.wasPlayed == false)
    #expect(codes(measurement) == ["speaker.failed"])
  }

  @Test("Volume at zero and very low", arguments: SoundServerKind.allCases)
  func volume(on kind: SoundServerKind) async throws {
    let room = try room(gain: nil, on: kind)
    try room.daemon.control("set-sink-volume", "speaker", "0")
    #expect(codes(await measure(room, .settings)) == ["speaker.volume-zero"])
    try room.daemon.control("set-sink-volume", "speaker", "5%")
    #expect(codes(await measure(room, .settings)) == ["speaker.volume-low"])
  }

  @Test("No speaker, a name that none has, and a part of two descriptions")
  func choice() async throws {
    let none = try MicrophoneCase()
    try none.daemon.control("set-source-mute", "microphone", "1")
    #expect(codes(await measure(none, .settings)) == ["speaker.none"])
    let two = try MicrophoneCase(modules: [
      VirtualMicrophone.module("microphone"), Self.sink("first", "Headset left"),
      Self.sink("second", "Headset right"),
    ])
    try two.daemon.control("set-source-mute", "microphone", "1")
    #expect(codes(await measure(two, sink: "nosuch", .settings)) == ["speaker.not-found"])
    let ambiguous = await measure(two, sink: "headset", .settings)
    #expect(codes(ambiguous) == ["speaker.ambiguous"])
    let candidates = String(decoding: try #require(ambiguous.speaker).subject, as: UTF8.self)
    #expect(candidates.contains("Headset left") && candidates.contains("Headset right"))
    #expect(codes(await measure(two, sink: "left", .settings)).isEmpty)
  }

  @Test("The tone is not taken out of speech, noise or silence")
  func falseAlarm() throws {
    for samples in [try Speech.samples.get(), Waveform.noise(amplitude: 0.3), Waveform.silence(seconds: 2)] {
      var meter = EchoMeter(sampleRate: 48_000, channels: 1)
      meter.take(samples.span)
      #expect(meter.isDone)
      #expect(meter.echo == nil)
    }
  }

  @Test(
    "The echo's gain is right at every sample rate, and under speech",
    arguments: [8_000, 16_000, 44_100, 48_000])
  func rates(rate: Int) throws {
    var room = [Int16](repeating: 0, count: rate * 2)
    for (index, sample) in TestTone.samples(sampleRate: rate).enumerated() {
      room[rate / 5 + index] = Int16(sample * 0.1 * 32_767)
    }
    let voice = Waveform.scaled(try Speech.samples.get(), by: 0.1)
    for (sound, tolerance) in [(room, 0.2), (Waveform.mixed(room, voice), 1.5)] {
      var meter = EchoMeter(sampleRate: rate, channels: 1)
      meter.take(sound.span)
      #expect(abs(try #require(meter.echo).inDecibels + 20) < tolerance)
    }
  }

  @Test("The echo is heard in the side that hears, whichever is dead", arguments: [0, 1])
  func liveSide(live: Int) throws {
    var room = [Int16](repeating: 0, count: 96_000)
    for (index, sample) in TestTone.samples(sampleRate: 48_000).enumerated() {
      room[9_600 + index] = Int16(sample * 0.1 * 32_767)
    }
    func sides(_ samples: [Int16]) -> [Int16] {
      let dead = [Int16](repeating: 0, count: samples.count)
      return live == 0 ? Waveform.stereo(samples, dead) : Waveform.stereo(dead, samples)
    }
    var sound = SoundMeter(sampleRate: 48_000, channels: 2)
    sound.take(sides(Waveform.noise(amplitude: 0.000_5)).span)
    var meter = EchoMeter(sampleRate: 48_000, channels: 2, heard: sound.loudest)
    meter.take(sides(room).span)
    #expect(abs(try #require(meter.echo).inDecibels + 20) < 0.2)
  }
}
