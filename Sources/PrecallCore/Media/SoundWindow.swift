/// What is kept of 20 ms of sound: no sample, only how loud and how periodic it was.
package struct SoundWindow: Sendable, Hashable {
  package static let milliseconds = 20
  /// The largest sample.
  package var peak: Decibels
  /// The RMS level about the window's own mean, so that a constant offset is not taken for sound.
  package var level: Decibels
  /// How much the sound repeats itself at a pitch of 80 to 400 Hz: near 1 for the vowels of a voice, near 0
  /// for noise, breath and keys.
  package var periodicity: Share

  package init(peak: Decibels, level: Decibels, periodicity: Share) {
    self.peak = peak
    self.level = level
    self.periodicity = periodicity
  }
}

extension Decibels {
  /// The level of an amplitude, where 1 is full scale.
  package init(amplitude: Double) {
    self = amplitude > 0 ? Decibels(max(-200, 20 * Mathematics.log10(amplitude))) : .silence
  }

  /// The level of a mean square, where 1 is a square wave of full scale.
  package init(power: Double) {
    self = power > 0 ? Decibels(max(-200, 10 * Mathematics.log10(power))) : .silence
  }

  /// The mean square that has this level.
  package var power: Double { self <= .silence ? 0 : Mathematics.exp(inDecibels * 0.230_258_509_299_404_6) }
}
