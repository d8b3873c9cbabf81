/// The figures of the microphone, and the limits that hold where a clinic sets none.
extension Metric {
  package static var microphone: [Metric] {
    [
      microphoneSpeechLevel, microphoneVolume, microphoneClipping, microphoneNoiseFloor,
      microphoneSignalToNoise, microphoneLevel, microphonePeak, microphoneOffset, microphoneHum,
      microphoneClock, microphoneBandwidth, microphoneVoicedShare, microphoneDropouts,
    ]
  }

  package static let microphoneSpeechLevel = Metric(
    "microphone.speech-level", .microphone, title: "Loudness of your voice", in: .millidecibels,
    worse: .lower,
    definition: "Active speech level, ITU-T P.56 method B, in dBFS; measured only where a voice was heard")
  package static let microphoneVolume = Metric(
    "microphone.volume", .microphone, title: "Microphone volume", in: .partsPerMillion, worse: .lower,
    definition: "Software volume of the source; 100 % leaves the sound as it is")
  package static let microphoneClipping = Metric(
    "microphone.clipping", .microphone, title: "Overdriven sound", in: .partsPerMillion, worse: .higher,
    definition: "Share of samples at full scale in runs of three or more, of those in which something sounds")
  package static let microphoneNoiseFloor = Metric(
    "microphone.noise-floor", .microphone, title: "Background noise", in: .millidecibels, worse: .higher,
    definition: """
      10th percentile of the RMS levels of 20 ms windows, in dBFS; not measured where a voice made no pause of \
      240 ms
      """)
  package static let microphoneSignalToNoise = Metric(
    "microphone.signal-to-noise", .microphone, title: "Voice above the noise", in: .millidecibels,
    worse: .lower, definition: "Active speech level less the noise floor, in dB")
  package static let microphoneLevel = Metric(
    "microphone.level", .microphone, title: "Average loudness", in: .millidecibels, worse: .lower,
    definition: "RMS of all samples, pauses too, the offset of each 20 ms taken off, in dBFS")
  package static let microphonePeak = Metric(
    "microphone.peak", .microphone, title: "Loudest moment", in: .millidecibels, worse: .higher,
    definition: "Largest sample, in dBFS")
  package static let microphoneOffset = Metric(
    "microphone.offset", .microphone, title: "Electrical offset", in: .partsPerMillion, worse: .higher,
    definition: "Magnitude of the mean of all samples, as a share of full scale")
  package static let microphoneHum = Metric(
    "microphone.hum", .microphone, title: "Mains hum in the noise", in: .partsPerMillion, worse: .higher,
    definition: "Share of energy at 50 or 60 Hz and harmonics 2 to 5 in the quietest 200 ms")
  package static let microphoneClock = Metric(
    "microphone.clock", .microphone, title: "Error of its clock", in: .partsPerMillion, worse: .higher,
    definition: "Rate of the samples by the monotonic clock against the promised one; judged by its least")
  package static let microphoneBandwidth = Metric(
    "microphone.bandwidth", .microphone, title: "Highest tone heard", in: .hertz, worse: .lower,
    definition: """
      Frequency above which less than -50 dB of the energy and less than -80 dBFS lies; measured only where a \
      voice was heard
      """)
  package static let microphoneVoicedShare = Metric(
    "microphone.voiced-share", .microphone, title: "Voice among the sounds", in: .partsPerMillion,
    worse: .lower,
    definition:
      "Share of windows with a pitch among those 10 dB above the noise floor; only where a voice was heard")
  package static let microphoneDropouts = Metric(
    "microphone.drop-outs", .microphone, title: "Breaks in the sound", in: .count, worse: .higher,
    definition: """
      Holes that the sound server reports, and times that the sound fell behind by 30 ms for good or that none \
      came for 200 ms
      """)
}

extension Limit {
  package static var microphone: [Limit] {
    [
      Limit(
        .microphoneSpeechLevel, warn: .level(Decibels(-36)), block: .level(Decibels(-50)),
        source: "Precall, from RFC 7874 section 4: -22 dBFS within 6 dB, reached by gain control of 14 dB"),
      Limit(
        .microphoneVolume, warn: .share(.percent(20)), block: .share(Share(base: 1)),
        source: "Precall: 20 % is -42 dB in PulseAudio; Chromium warns below 10 %"),
      Limit(
        .microphoneClipping, warn: .share(.percent(0.01)), block: .share(.percent(1)),
        source: "Precall: three samples in a row at full scale are no true peak"),
      Limit(
        .microphoneDropouts, warn: .count(0), block: .count(1),
        source: "Precall: a break is heard as a click, several as a voice that breaks up"),
      Limit(
        .microphoneNoiseFloor, warn: .level(Decibels(-55)), block: .level(Decibels(-40)),
        source: "CallMeter: above -40 dBov a room is noisy"),
      Limit(
        .microphoneSignalToNoise, warn: .level(Decibels(25)), block: .level(Decibels(15)),
        source: "Precall: under 15 dB noise suppression cuts into speech"),
      Limit(
        .microphoneOffset, warn: .share(.percent(1)), block: .share(.percent(5)),
        source: "Precall: 5 % of full scale takes 0.4 dB of headroom and clicks at every mute"),
      Limit(
        .microphoneHum, warn: .share(.percent(30)), block: .share(.percent(70)),
        source: "Precall: from a third on hum is heard in the noise, from two thirds on it is the noise"),
      Limit(
        .microphoneClock, warn: .share(.percent(0.2)), block: .share(.percent(1)),
        source: "Precall: a crystal is within 0.02 %, a call's resampler follows about 1 %"),
      Limit(
        .microphoneBandwidth, warn: .frequency(Frequency(8_000)), block: .frequency(Frequency(5_000)),
        source: "ITU-T G.711 (telephone) ends at 3.4 kHz, G.722 (wideband, usual for calls) at 7 kHz"),
      Limit(
        .microphoneVoicedShare, warn: .share(.percent(25)),
        source: "Precall: over half of spoken sound has a pitch; keys and other noise have none"),
    ]
  }
}
