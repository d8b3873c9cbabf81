/// Finds the test tone in what a microphone hears: the matched filter of the tone over every delay of up to one
/// second, summed sample by sample, so that no sound is kept.
///
/// The tone's product of time and bandwidth (0.5 s · 3.1 kHz) lifts it 32 dB out of noise; other sounds reach a
/// correlation of about 0.1 at most.
package struct EchoMeter: Sendable {
  /// From this correlation on it was the tone, and not the room.
  private static let found = 0.2
  private static let longestDelay = Microseconds.seconds(1)
  private static let blockLength = 64
  private let channels: Int
  private let factor: Int
  private let reference: [Double]
  private let referenceEnergy: Double
  private let delays: Int
  private var sums: [Double]
  private var energies: [Double] = [0]
  private var taken = 0
  private var next = 0
  private let heard: Int
  private var sum = 0.0
  private var inSum = 0

  /// Of several channels one is heard, since a mean could cancel out: the one that hears most.
  package init(sampleRate: Int, channels: Int, heard: Int = 0) {
    self.heard = heard
    let rate = min(max(sampleRate, 8_000), 768_000)
    self.channels = max(1, channels)
    factor = max(1, rate / 8_000)
    // The reference takes the same way down to about 8 kHz as the sound, so that its losses cancel out.
    var reference: [Double] = []
    let tone = TestTone.samples(sampleRate: rate)
    for start in stride(from: 0, to: tone.count - factor + 1, by: factor) {
      reference.append(tone[start..<start + factor].reduce(0) { $0 + Double($1) } / Double(factor))
    }
    self.reference = reference
    referenceEnergy = reference.reduce(0) { $0 + $1 * $1 }
    delays = Int(Self.longestDelay.inSeconds * Double(rate) / Double(factor))
    sums = [Double](repeating: 0, count: delays)
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
    if next == heard {
      sum += sample
      inSum += 1
      if inSum == factor { correlate(sum / Double(factor)) }
    }
    next = next + 1 == channels ? 0 : next + 1
  }

  private mutating func correlate(_ sample: Double) {
    sum = 0
    inSum = 0
    guard !isDone else { return }
    for index in max(0, taken - delays + 1)..<min(reference.count, taken + 1) {
      sums[taken - index] += sample * reference[index]
    }
    energies[energies.count - 1] += sample * sample
    taken += 1
    if taken % Self.blockLength == 0 { energies.append(0) }
  }

  /// Whether all delays were listened to.
  package var isDone: Bool { taken >= delays + reference.count }

  /// How loud the tone came back, relative to how it was played; nothing where it was not found.
  ///
  /// It is the strongest path alone: a room adds to it, by some decibels at most.
  package var echo: Decibels? {
    var delay = 0
    for index in sums.indices where sums[index].magnitude > sums[delay].magnitude { delay = index }
    let heard = energy(from: delay)
    guard heard > 0 else { return nil }
    let correlation = sums[delay].magnitude / Mathematics.pow(heard * referenceEnergy, 0.5)
    guard correlation >= Self.found else { return nil }
    return Decibels(amplitude: sums[delay].magnitude / referenceEnergy)
  }

  /// The energy of what was heard while the tone would have come `delay` late, to the nearest 8 ms.
  private func energy(from delay: Int) -> Double {
    let last = min(energies.count - 1, (delay + reference.count) / Self.blockLength)
    return energies[min(delay / Self.blockLength, last)...last].reduce(0, +)
  }

  /// Overwrites what is left of the sound.
  package mutating func wipe() {
    sum = 0
    for index in sums.indices { sums[index] = 0 }
    for index in energies.indices { energies[index] = 0 }
  }
}
