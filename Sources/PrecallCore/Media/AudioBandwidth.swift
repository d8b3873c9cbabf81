/// How far up a sound reaches: a telephone's ends at 4 kHz, a wireless headset's at 8 kHz, whatever rate the
/// samples come at.
///
/// The frequency above which less than -50 dB of the energy lies, and less than -80 dBFS: what a resampler
/// leaves above its edge is under both, while a microphone's own noise is above the second, so that a deep voice
/// is not taken for a telephone. From the mean spectrum of Hann windows of about 20 ms (Welch's method), two of
/// every six, which is enough of a voice and a third of the cost; of the sound itself two are kept. Three such
/// spectra take turns, and the middle answer counts: a click, which reaches all the way up, spoils one of them.
package struct AudioBandwidth: Sendable {
  private static let share = 1e-5
  private static let floor = 1e-8
  private let sampleRate: Int
  private let length: Int
  private var cosines: [Double]
  private var sines: [Double]
  /// Two stretches that follow each other are transformed as one of complex numbers: the sum of the powers at
  /// a frequency and its mirror is that of both.
  private var real: [Double]
  private var imaginary: [Double]
  private var next = 0
  /// One behind the other.
  private var spectra: [Double]
  private var pairs = 0

  package init(sampleRate: Int) {
    self.sampleRate = sampleRate
    var length = 16
    while length * 50 < sampleRate { length *= 2 }
    self.length = length
    let turn = 6.283_185_307_179_586 / Double(length)
    real = [Double](repeating: 0, count: length)
    imaginary = real
    cosines = real
    sines = real
    spectra = [Double](repeating: 0, count: 3 * length)
    for index in real.indices {
      cosines[index] = Mathematics.cosine(turn * Double(index))
      sines[index] = Mathematics.sine(turn * Double(index))
    }
  }

  /// Takes one sample without a constant offset.
  package mutating func take(_ sample: Double) {
    if next >= 2 * length {
      next = next + 1 == 6 * length ? 0 : next + 1
      return
    }
    if next < length {
      real[next] = sample * (0.5 - 0.5 * cosines[next])
    } else {
      imaginary[next - length] = sample * (0.5 - 0.5 * cosines[next - length])
    }
    next += 1
    guard next == 2 * length else { return }
    transform()
    let start = pairs % 3 * length
    for bin in 1..<length / 2 { spectra[start + bin] += power(bin) + power(length - bin) }
    pairs += 1
    wipe()
    next = 2 * length
  }

  private func power(_ bin: Int) -> Double {
    real[bin] * real[bin] + imaginary[bin] * imaginary[bin]
  }

  /// Cooley and Tukey's fast Fourier transform, radix 2, in place.
  private mutating func transform() {
    var mirrored = 0
    for index in 1..<length {
      var bit = length / 2
      while mirrored & bit != 0 {
        mirrored ^= bit
        bit /= 2
      }
      mirrored |= bit
      if index < mirrored {
        (real[index], real[mirrored]) = (real[mirrored], real[index])
        (imaginary[index], imaginary[mirrored]) = (imaginary[mirrored], imaginary[index])
      }
    }
    var half = 1
    while half < length {
      for start in stride(from: 0, to: length, by: 2 * half) { join(start, half) }
      half *= 2
    }
  }

  private mutating func join(_ start: Int, _ half: Int) {
    let step = length / (2 * half)
    for offset in 0..<half {
      let (one, two) = (start + offset, start + offset + half)
      let (cosine, sine) = (cosines[offset * step], sines[offset * step])
      let re = real[two] * cosine + imaginary[two] * sine
      let im = imaginary[two] * cosine - real[two] * sine
      (real[two], imaginary[two]) = (real[one] - re, imaginary[one] - im)
      (real[one], imaginary[one]) = (real[one] + re, imaginary[one] + im)
    }
  }

  /// Nothing before two pairs of windows have come, and of silence.
  package var frequency: Frequency? {
    let (one, two, three) = (edge(0), edge(1), edge(2))
    let bin = max(min(one, two), min(max(one, two), three))
    return bin > 0 ? Frequency(Double(bin * sampleRate) / Double(length)) : nil
  }

  /// The bin above the sound's edge in one of the three; zero where there is none.
  private func edge(_ turn: Int) -> Int {
    let windows = 2 * ((pairs + 2 - turn) / 3)
    // Parseval's theorem; a Hann window leaves 3/8 of the power.
    let scale = Double(length) * Double(length) * 0.375 * Double(windows)
    var total = 0.0
    for bin in 1..<length / 2 { total += spectra[turn * length + bin] }
    let bound = min(total * Self.share, scale * Self.floor)
    var above = 0.0
    for bin in stride(from: length / 2 - 1, to: 0, by: -1) {
      above += spectra[turn * length + bin]
      if above > bound { return bin + 1 }
    }
    return 0
  }

  /// Overwrites what is left of the sound.
  package mutating func wipe() {
    for index in real.indices {
      real[index] = 0
      imaginary[index] = 0
    }
    next = 0
  }
}
