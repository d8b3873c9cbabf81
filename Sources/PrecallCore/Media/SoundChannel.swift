/// Reduces one channel of sound, sample by sample, to windows and counts. Keeps no sound.
struct SoundChannel: Sendable {
  /// A run of this many samples at full scale is clipping; a single one can be a true peak.
  static let shortestClippedRun = 3
  static let fullScale = 0.9999
  private let windowLength: Int
  private let blocking: Double
  private var inWindow = 0
  private var windowSum = 0.0
  private var windowSquares = 0.0
  private var windowPeak = 0.0
  private var sum = 0.0
  private var previous: Double?
  private var blocked = 0.0
  private var sameRun = 0
  private var fullRun = 0
  private var speech: ActiveSpeechLevel
  private var voicing: Voicing
  private var hum: Hum
  private var bandwidth: AudioBandwidth

  private(set) var count = 0
  private(set) var windows: [SoundWindow] = []
  private(set) var clippedSamples = 0
  private(set) var clippedRuns = 0
  /// The longest run of identical samples: a real converter always has some noise.
  private(set) var longestConstant = 0

  init(sampleRate: Int) {
    windowLength = sampleRate * SoundWindow.milliseconds / 1_000
    // A first-order high-pass at 20 Hz takes a constant offset away from what the estimators see.
    blocking = Mathematics.exp(-6.283_185_307_179_586 * 20 / Double(sampleRate))
    speech = ActiveSpeechLevel(sampleRate: sampleRate)
    voicing = Voicing(sampleRate: sampleRate)
    hum = Hum(sampleRate: sampleRate)
    bandwidth = AudioBandwidth(sampleRate: sampleRate)
  }

  mutating func take(_ sample: Double) {
    let before = previous ?? sample
    blocked = sample - before + blocking * blocked
    speech.take(blocked)
    voicing.take(blocked)
    hum.take(blocked)
    bandwidth.take(blocked)
    countRuns(sample, after: before)
    previous = sample
    sum += sample
    count += 1
    windowSum += sample
    windowSquares += sample * sample
    windowPeak = max(windowPeak, sample.magnitude)
    inWindow += 1
    if inWindow == windowLength { endWindow() }
  }

  private mutating func countRuns(_ sample: Double, after before: Double) {
    sameRun = sample == before ? sameRun + 1 : 1
    longestConstant = max(longestConstant, sameRun)
    guard sample.magnitude >= Self.fullScale else {
      fullRun = 0
      return
    }
    fullRun += 1
    if fullRun == Self.shortestClippedRun {
      clippedRuns += 1
      clippedSamples += fullRun
    } else if fullRun > Self.shortestClippedRun {
      clippedSamples += 1
    }
  }

  private mutating func endWindow() {
    let mean = windowSum / Double(windowLength)
    // Below one part in 10^12 the difference is what rounding left of two equal numbers.
    let power = windowSquares / Double(windowLength)
    let variance = power - mean * mean
    windows.append(
      SoundWindow(
        peak: Decibels(amplitude: windowPeak),
        level: Decibels(power: variance > power * 1e-12 ? variance : 0),
        periodicity: voicing.periodicity))
    inWindow = 0
    windowSum = 0
    windowSquares = 0
    windowPeak = 0
  }

  var mean: Double { count == 0 ? 0 : sum / Double(count) }
  var activeSpeech: (level: Decibels, activity: Share)? { speech.result }
  var humShare: Share? { hum.share }
  var audioBandwidth: Frequency? { bandwidth.frequency }
  /// Whether nothing but one value came: zeros, or a stuck converter.
  var isConstant: Bool { longestConstant == count }

  mutating func wipe() {
    voicing.wipe()
    hum.wipe()
    bandwidth.wipe()
    previous = nil
    blocked = 0
  }
}
