/// The level of the speech in a signal, its pauses left out: ITU-T P.56 (12/2011), method B.
///
/// The signal's envelope (two exponential averages of 30 ms in a row) is held against fifteen thresholds
/// 6 dB apart; for each, the time above it is counted with a hangover of 200 ms. The level is that of the
/// whole energy spread over the active time, where it lies 15.9 dB above its own threshold.
package struct ActiveSpeechLevel: Sendable {
  private static let thresholds = 15
  /// 6 dB apart from half of full scale down.
  private static let lowestThreshold = 0.5 / 16_384
  private static let margin = 15.9
  private let smoothing: Double
  private var first = 0.0
  private var second = 0.0
  private var energy = 0.0
  private var count = 0
  private var crossings: [ThresholdCrossing]
  /// How many thresholds the envelope is below, the highest first; the two it lies between.
  private var above = ActiveSpeechLevel.thresholds
  private var upper = ActiveSpeechLevel.lowestThreshold
  private var lower = 0.0

  package init(sampleRate: Int) {
    smoothing = Mathematics.exp(-1 / (Double(sampleRate) * 0.03))
    crossings = Array(repeating: ThresholdCrossing(hangover: (sampleRate + 4) / 5), count: Self.thresholds)
  }

  /// Takes one sample, where 1 is full scale and a constant offset has been removed.
  package mutating func take(_ sample: Double) {
    energy += sample * sample
    first = smoothing * first + (1 - smoothing) * sample.magnitude
    second = smoothing * second + (1 - smoothing) * first
    // Between crossings nothing is to be counted: what a sample costs does not depend on the thresholds.
    while second >= upper { rise() }
    while second < lower { fall() }
    count += 1
  }

  private mutating func rise() {
    above -= 1
    crossings[above].cross(at: count, isRising: true)
    lower = upper
    upper = above == 0 ? .infinity : upper * 2
  }

  private mutating func fall() {
    crossings[above].cross(at: count, isRising: false)
    above += 1
    upper = lower
    lower = above == Self.thresholds ? 0 : lower / 2
  }

  /// The active speech level and the share of time that was active; nothing where no threshold was passed
  /// by the margin, as in silence.
  package var result: (level: Decibels, activity: Share)? {
    var above: (level: Double, excess: Double)?
    var threshold = 0.5
    for index in 0..<Self.thresholds {
      let active = crossings[index].active(endingAt: count)
      if active > 0 {
        let level = 10 * Mathematics.log10(energy / Double(active))
        let excess = level - 20 * Mathematics.log10(threshold)
        if excess >= Self.margin { return finish(level, excess, after: above) }
        above = (level, excess)
      }
      threshold /= 2
    }
    return nil
  }

  /// The point between two thresholds where the level is exactly the margin above.
  private func finish(
    _ level: Double, _ excess: Double, after above: (level: Double, excess: Double)?
  ) -> (Decibels, Share) {
    var found = level
    if let above, excess > above.excess {
      found = above.level + (level - above.level) * (Self.margin - above.excess) / (excess - above.excess)
    }
    let mean = 10 * Mathematics.log10(energy / Double(count))
    let activity = min(1, Decibels(mean - found).power)
    return (Decibels(found), Share(base: rounded(activity * 1_000_000)))
  }
}

/// The samples for which a signal counts as above one threshold: those above it, and those of the hangover
/// after each.
private struct ThresholdCrossing {
  let hangover: Int
  private var counted = 0
  private var since: Int?
  private var isAbove = false

  init(hangover: Int) { self.hangover = hangover }

  mutating func cross(at sample: Int, isRising: Bool) {
    counted = active(at: sample)
    since = sample
    isAbove = isRising
  }

  /// The samples before `sample` that count.
  func active(at sample: Int) -> Int {
    guard let since else { return counted }
    return counted + (isAbove ? sample - since : min(sample - since, hangover))
  }

  /// The same where the signal ends at `sample`: what passed the threshold just before has its hangover all the same,
  /// or the whole energy would be that of a few samples.
  func active(endingAt sample: Int) -> Int {
    since == nil ? 0 : max(active(at: sample), min(sample, hangover))
  }
}
