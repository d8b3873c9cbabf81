import Foundation
import PrecallCore
import Testing

@Suite struct ActiveSpeechLevelTests {
  /// ITU-T P.56 takes the silence after a recording for granted: without it the whole energy would count as that of
  /// the few samples above a threshold that was passed at the very end.
  @Test func `The level of what breaks off in its loudest moment stays below its peak`() {
    var level = ActiveSpeechLevel(sampleRate: 8_000)
    var highest = Decibels.silence
    for index in 0..<16_000 {
      let isLoud = index > 12_000
      let isPause = !isLoud && index % 4_000 > 2_400
      level.take((isLoud ? 0.5 : isPause ? 0 : 0.05) * sin(Double(index)))
      if index > 2_400, let result = level.result { highest = max(highest, result.level) }
    }
    // The loud part by itself has -9 dB.
    #expect(highest < Decibels(-8.9))
  }
}
