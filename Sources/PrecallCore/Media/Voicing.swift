/// Tells a voice from noise by its pitch: the normalised autocorrelation of 40 ms of sound at the lags of 80
/// to 400 Hz, the range of spoken voices.
///
/// Detectors that look at energy and spectrum call the noise of keys speech; those have no pitch.
package struct Voicing: Sendable {
  private let factor: Int
  private let shortest: Int
  private let longest: Int
  private var history: [Double]
  private var sum = 0.0
  private var inSum = 0

  package init(sampleRate: Int) {
    factor = max(1, sampleRate / 4_000)
    let rate = sampleRate / factor
    shortest = max(2, rate / 400)
    longest = max(shortest + 2, rate / 80)
    history = [Double](repeating: 0, count: longest + max(8, rate * 28 / 1_000))
  }

  /// Takes one sample; the sound is averaged down to about 4 kHz.
  package mutating func take(_ sample: Double) {
    sum += sample
    inSum += 1
    guard inSum == factor else { return }
    history.removeFirst()
    history.append(sum / Double(factor))
    sum = 0
    inSum = 0
  }

  /// The highest repetition in the last 40 ms, from 0 to 1.
  package var periodicity: Share {
    var lowest = 1.0
    var best = 0.0
    let energy = energy
    var before = correlation(at: shortest - 1, energy)
    var here = correlation(at: shortest, energy)
    for lag in shortest..<longest {
      let after = correlation(at: lag + 1, energy)
      lowest = min(lowest, before)
      // A pitch is a peak after a dip; low rumble only falls off slowly.
      if here >= before, here >= after, here - lowest > 0.3 { best = max(best, here) }
      before = here
      here = after
    }
    return Share(base: rounded(best * 1_000_000))
  }

  /// Of the stretch that is held against earlier ones.
  private var energy: Double {
    var energy = 0.0
    for index in longest..<history.count { energy += history[index] * history[index] }
    return energy
  }

  private func correlation(at lag: Int, _ energy: Double) -> Double {
    var product = 0.0
    var other = 0.0
    for index in longest..<history.count {
      let then = history[index - lag]
      product += history[index] * then
      other += then * then
    }
    let power = Mathematics.pow(energy * other, 0.5)
    return power > 1e-15 ? product / power : 0
  }

  /// Overwrites the last of the sound.
  package mutating func wipe() {
    for index in history.indices { history[index] = 0 }
    sum = 0
  }
}
