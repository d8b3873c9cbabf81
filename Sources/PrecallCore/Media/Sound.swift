/// What a stretch of sound came to: numbers from which nothing that was said can be had back.
package struct Sound: Sendable, Equatable {
  /// Samples a second of each channel.
  package var sampleRate: Int
  package var channels: Int
  /// Samples in each channel.
  package var samples: Int
  package var windows: [SoundWindow]
  /// Samples at full scale in runs of three or more.
  package var clippedSamples: Int
  package var clippedRuns: Int
  /// The mean of all samples, as a signed share of full scale.
  package var offset: Share
  /// Whether every sample was the same: digital silence or a stuck converter, never a quiet room.
  package var isConstant: Bool
  /// The longest run of identical samples.
  package var longestConstant: Int
  /// ITU-T P.56, method B; nothing where there was no sound to speak of.
  package var activeLevel: Decibels?
  package var activity: Share
  /// Channels that gave nothing but one value.
  package var silentChannels: Int
  /// Between the first two channels, from -1 (mirrored) to 1; nothing of a single one.
  package var correlation: Share?
  /// The share of mains hum in the quietest 200 ms.
  package var hum: Share?
  /// How far up the sound reaches.
  package var bandwidth: Frequency?
  package var gaps: Int

  package var duration: Microseconds {
    Microseconds(base: Int64(samples) * 1_000_000 / Int64(max(1, sampleRate)))
  }

  package var peak: Decibels { windows.reduce(Decibels.silence) { max($0, $1.peak) } }

  /// Whether no sound came, a click aside: one value for at least a second, and no voice beside it. A headset
  /// that closes between words gives as much silence, but with a voice.
  package var isDead: Bool {
    longestConstant >= sampleRate && !hasVoice
  }

  /// The RMS level of all windows together.
  package var level: Decibels {
    guard !windows.isEmpty else { return .silence }
    return Decibels(power: windows.reduce(0) { $0 + $1.level.power } / Double(windows.count))
  }

  /// What one hears in the pauses: the 10th percentile of the windows' levels (nearest rank). Nothing where
  /// that is digital silence: a microphone or filter that closes between words hides what the floor is. Nothing
  /// either of a voice that did not pause: its soft sounds are no noise.
  package var noiseFloor: Decibels? {
    guard let quiet, quiet >= Self.resolution, !hasVoice || hasPause(above: quiet) else { return nil }
    return quiet
  }

  /// Whether it stayed within 6 dB of `quiet` for 240 ms on end. Gaps of up to 200 ms are a part of speech
  /// (ITU-T P.56, the hangover time of method B).
  private func hasPause(above quiet: Decibels) -> Bool {
    var length = 0
    for window in windows {
      length = window.level <= quiet + Decibels(6) ? length + 1 : 0
      if length == Self.leastPause { return true }
    }
    return false
  }

  private static let leastPause = 240 / SoundWindow.milliseconds

  /// The noise that rounding to 16 bits alone makes (6.02 dB a bit and 1.76 dB): below it nothing of a room is
  /// measured.
  private static let resolution = Decibels(-98)

  private var quiet: Decibels? {
    OrderStatistics(windows.map { $0.level.base }).map { Decibels(base: $0.percentile(10)) }
  }

  /// Of the samples in which something sounds.
  package var clipped: Share {
    let active = Int(Double(samples) * activity.fraction)
    return Share(clippedSamples, of: active > 0 ? active : samples)
  }

  /// More than ten times a second: heard as a rough voice, however short each is.
  package var isClippedOften: Bool { clippedRuns * sampleRate > 10 * samples }
}

// MARK: Voice

extension Sound {
  /// A window holds sound, not the room, from 10 dB above the noise floor.
  private static let aboveFloor = Decibels(10)
  /// From here on a window's sound has a pitch; noise and keys stay below.
  private static let voicedPeriodicity = Share.percent(60)
  /// Shorter is a click or a cough: 160 ms of vowels is about one word.
  private static let leastVoicedWindows = 8
  private static let leastVoicedShare = Share.percent(10)

  /// Windows with sound in them.
  package var activeWindows: Int { count().active }
  /// Windows with a voice in them.
  package var voicedWindows: Int { count().voiced }

  /// Whether somebody spoke.
  package var hasVoice: Bool {
    let (active, voiced) = count()
    return voiced >= Self.leastVoicedWindows && Share(voiced, of: active) >= Self.leastVoicedShare
  }

  private func count() -> (active: Int, voiced: Int) {
    guard let quiet else { return (0, 0) }
    let bound = max(quiet, Self.resolution) + Self.aboveFloor
    var active = 0
    var voiced = 0
    for window in windows where window.level >= bound {
      active += 1
      if window.periodicity >= Self.voicedPeriodicity { voiced += 1 }
    }
    return (active, voiced)
  }

  /// How much of the sound was the voice.
  package var voicedShare: Share {
    let (active, voiced) = count()
    return Share(voiced, of: active)
  }

  /// The speech above the noise; nothing where nobody spoke.
  package var signalToNoise: Decibels? {
    guard hasVoice, let activeLevel, let noiseFloor else { return nil }
    return activeLevel - noiseFloor
  }
}
