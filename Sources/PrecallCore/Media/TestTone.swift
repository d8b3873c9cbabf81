/// The sound that tests a speaker: half a second that rises from 300 to 3,400 Hz, the band of a telephone,
/// which every speaker plays and every microphone hears.
package enum TestTone {
  package static let duration = Microseconds.milliseconds(500)
  /// A quarter of full scale: well heard, never painful.
  static let amplitude = 0.25

  /// One channel of samples between -1 and 1; it fades in and out within 10 ms, so that nothing clicks.
  package static func samples(sampleRate: Int) -> [Float] {
    let rate = Double(sampleRate)
    let length = duration.inSeconds
    let slope = (3_400.0 - 300.0) / length
    return (0..<Int(rate * length)).map { index in
      let time = Double(index) / rate
      let turns = 300 * time + slope / 2 * time * time
      let whole = Double(Int(turns))
      let fade = min(1, min(time, length - time) / 0.01)
      return Float(amplitude * fade * Mathematics.sine(6.283_185_307_179_586 * (turns - whole)))
    }
  }
}
