/// Reduces interleaved samples to a `Sound` while they come. Runs on the capture thread; what it keeps of the
/// sound itself is the last 40 ms at 4 kHz, for the pitch, which `finish` overwrites.
package struct SoundMeter: Sendable {
  /// More channels than this are ignored: their microphones come first.
  package static let mostChannels = 8
  package let sampleRate: Int
  package let channels: Int
  private var meters: [SoundChannel]
  private var next = 0
  private var left = 0.0
  private var product = 0.0
  private var leftEnergy = 0.0
  private var rightEnergy = 0.0
  /// Pauses in the delivery: holes that the sound server reports and stalls that the caller saw.
  package var gaps = 0

  /// Sound of `channels` interleaved channels at 1 to 768 kHz; other rates are taken as the nearest of these.
  package init(sampleRate: Int, channels: Int) {
    self.sampleRate = min(max(sampleRate, 1_000), 768_000)
    self.channels = max(1, channels)
    meters = Array(
      repeating: SoundChannel(sampleRate: self.sampleRate), count: min(self.channels, Self.mostChannels))
  }

  package mutating func take(_ samples: Span<Int16>) {
    for index in samples.indices { take(Double(samples[index]) / 32_768) }
  }

  package mutating func take(_ samples: Span<Float>) {
    for index in samples.indices {
      let sample = Double(samples[index])
      take(sample.isFinite ? sample : 0)
    }
  }

  private mutating func take(_ sample: Double) {
    if next < meters.count { meters[next].take(sample) }
    if next == 0 {
      left = sample
    } else if next == 1 {
      product += left * sample
      leftEnergy += left * left
      rightEnergy += sample * sample
    }
    next = next + 1 == channels ? 0 : next + 1
  }

  /// How long the sound is so far.
  package var duration: Microseconds {
    Microseconds(base: Int64(meters[0].count) * 1_000_000 / Int64(sampleRate))
  }

  /// The level of the last whole window, in the loudest channel: what a live meter shows.
  package var latestLevel: Decibels? {
    var loudest: Decibels?
    for meter in meters {
      if let level = meter.windows.last?.level { loudest = max(loudest ?? level, level) }
    }
    return loudest
  }

  /// What the sound came to so far, of the channel that hears most.
  package var sound: Sound {
    let meter = meters[loudest]
    let speech = meter.activeSpeech
    return Sound(
      sampleRate: sampleRate, channels: channels, samples: meter.count, windows: meter.windows,
      clippedSamples: meter.clippedSamples, clippedRuns: meter.clippedRuns,
      offset: Share(base: rounded(meter.mean * 1_000_000)), isConstant: meter.count > 0 && meter.isConstant,
      longestConstant: meter.longestConstant,
      activeLevel: speech?.level, activity: speech?.activity ?? .zero, silentChannels: silentChannels,
      correlation: correlation, hum: meter.humShare,
      bandwidth: meter.audioBandwidth, gaps: gaps)
  }

  /// The channel that hears most, from 0.
  package var loudest: Int {
    var loudest = 0
    for index in meters.indices where meters[index].energy > meters[loudest].energy { loudest = index }
    return loudest
  }

  private var silentChannels: Int {
    var count = 0
    for meter in meters where meter.isConstant { count += 1 }
    return count
  }

  /// The one of two sides that has sound, where the other is dead.
  package var liveSide: Text {
    guard meters.count == 2, meters[0].isConstant != meters[1].isConstant else { return [] }
    return Array((meters[0].isConstant ? "right" : "left").utf8)
  }

  /// Near -1, the two channels are each other's mirror and cancel out where they are mixed to one.
  private var correlation: Share? {
    let power = Mathematics.pow(leftEnergy * rightEnergy, 0.5)
    return power > 1e-9 ? Share(base: rounded(product / power * 1_000_000)) : nil
  }

  /// Overwrites what is left of the sound.
  package mutating func wipe() {
    for index in meters.indices { meters[index].wipe() }
    left = 0
  }
}

extension SoundChannel {
  /// The energy of the windows, their offsets left out.
  fileprivate var energy: Double { windows.reduce(0) { $0 + $1.level.power } }
}
