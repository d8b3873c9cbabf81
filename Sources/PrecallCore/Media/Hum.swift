/// How much of the sound is mains hum: the share of energy at 50 or 60 Hz and its harmonics up to the fifth,
/// by Goertzel's algorithm over blocks of 200 ms, in the quietest block.
///
/// A voice has such tones too, but not in the quietest fifth of a second.
package struct Hum: Sendable {
  private static let harmonics = 5
  private let length: Int
  private let coefficients: [Double]
  private var states: [(Double, Double)]
  private var energy = 0.0
  private var count = 0
  private var quietest: (energy: Double, share: Double)?

  package init(sampleRate: Int) {
    length = sampleRate / 5
    var coefficients: [Double] = []
    for base in [50.0, 60.0] {
      for harmonic in 1...Self.harmonics {
        let turn = base * Double(harmonic) / Double(sampleRate)
        coefficients.append(2 * Mathematics.sine(6.283_185_307_179_586 * turn + 1.570_796_326_794_896_6))
      }
    }
    self.coefficients = coefficients
    states = Array(repeating: (0, 0), count: coefficients.count)
  }

  /// Takes one sample without a constant offset.
  package mutating func take(_ sample: Double) {
    for index in coefficients.indices {
      let (one, two) = states[index]
      states[index] = (sample + coefficients[index] * one - two, one)
    }
    energy += sample * sample
    count += 1
    if count == length { endBlock() }
  }

  private mutating func endBlock() {
    if energy > 0, energy < quietest?.energy ?? .infinity {
      let share = max(tones(0..<Self.harmonics), tones(Self.harmonics..<2 * Self.harmonics))
      quietest = (energy, min(1, share / energy))
    }
    wipe()
    energy = 0
    count = 0
  }

  private func tones(_ range: Range<Int>) -> Double {
    var sum = 0.0
    for index in range {
      let (one, two) = states[index]
      sum += (one * one + two * two - coefficients[index] * one * two) * 2 / Double(length)
    }
    return sum
  }

  /// The share of hum in the quietest block; nothing before the first block and in digital silence.
  package var share: Share? { quietest.map { Share(base: rounded($0.share * 1_000_000)) } }

  /// Overwrites what is left of the sound.
  package mutating func wipe() {
    for index in states.indices { states[index] = (0, 0) }
  }
}
