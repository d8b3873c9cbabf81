/// The level of the speech in a signal, its pauses left out: ITU-T P.56 (12/2011), method B.
///
/// The signal's envelope (two exponential averages of 30 ms in a row) is held against fifteen thresholds
/// 6 dB apart; for each, the time above it is counted with a hangover of 200 ms. The level is that of the
/// whole energy spread over the active time, where it lies 15.9 dB above its own threshold.
package struct ActiveSpeechLevel: Sendable {
  private static let thresholds = 15
  private static let margin = 15.9
  private let smoothing: Double
  private let hangover: Int
  private var first = 0.0
  private var second = 0.0
  private var energy = 0.0
  private var count = 0
  private var active = [Int](repeating: 0, count: ActiveSpeechLevel.thresholds)
  private var sinceAbove: [Int]

  package init(sampleRate: Int) {
    smoothing = Mathematics.exp(-1 / (Double(sampleRate) * 0.03))
    hangover = (sampleRate + 4) / 5
    sinceAbove = [Int](repeating: hangover, count: Self.thresholds)
  }

  /// Takes one sample, where 1 is full scale and a constant offset has been removed.
  package mutating func take(_ sample: Double) {
    count += 1
    energy += sample * sample
    first = smoothing * first + (1 - smoothing) * sample.magnitude
    second = smoothing * second + (1 - smoothing) * first
    var threshold = 0.5
    for index in 0..<Self.thresholds {
      if second >= threshold {
        active[index] += 1
        sinceAbove[index] = 0
      } else if sinceAbove[index] < hangover {
        active[index] += 1
        sinceAbove[index] += 1
      }
      threshold /= 2
    }
  }

  /// The active speech level and the share of time that was active; nothing where no threshold was passed
  /// by the margin, as in silence.
  package var result: (level: Decibels, activity: Share)? {
    var above: (level: Double, excess: Double)?
    var threshold = 0.5
    for index in 0..<Self.thresholds {
      if active[index] > 0 {
        let level = 10 * Mathematics.log10(energy / Double(active[index]))
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
