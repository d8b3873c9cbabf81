/// How fast samples come by the monotonic clock: a straight line (least squares) through how much sound had
/// come by when, after the first half second, in which servers hand over what they had waiting.
package struct SampleClock: Sendable {
  private static let settling = 0.5
  /// At twice the rate 2 s of sound are over after 1 s.
  private static let shortestSpan = 0.4
  /// A minute of blocks of 20 ms: more than any check listens.
  private static let mostPoints = 3_000
  /// Half of what the shortest hole that one hears in speech (60 ms, a syllable's start) leaves out.
  private static let shortestLoss = 0.03
  private static let leastBlocksAfter = 5
  private var times: [Double] = []
  private var sounds: [Double] = []
  private var start: Double?

  package init() {}

  /// `sound` of all the sound so far had come at `time`, both in seconds.
  package mutating func take(sound: Double, at time: Double) {
    let start = start ?? time
    self.start = start
    guard time - start >= Self.settling, times.count < Self.mostPoints else { return }
    times.append(time - start)
    sounds.append(sound)
  }

  /// How often sound was lost: each time it fell behind the clock and never caught up.
  ///
  /// Sound that comes late but whole lies behind for a while only, so what counts is how far behind it was at
  /// best from then on. A clock that runs slow falls behind by as much at every block: that is no loss.
  package var losses: Int {
    guard times.count > Self.leastBlocksAfter else { return 0 }
    var least: [Double] = zip(times, sounds).map { $0 - $1 }
    for index in least.indices.dropLast().reversed() { least[index] = min(least[index], least[index + 1]) }
    let steps = least.indices.dropFirst().map { least[$0] - least[$0 - 1] }
    let usual = OrderStatistics(steps.map { Int64($0 * 1_000_000) })?.percentile(50) ?? 0
    let bound = Self.shortestLoss + Double(usual) / 1_000_000
    // At the end nobody knows yet whether late sound still comes.
    let end = (times.last ?? 0) - (waits.max() ?? 0)
    return zip(steps, times.dropFirst()).dropLast(Self.leastBlocksAfter).count { $0 >= bound && $1 <= end }
  }

  /// How often nothing came for more than 200 ms, whether or not the sound came after all: by then a call has
  /// played what it holds back, and breaks off.
  package var stalls: Int { waits.count { $0 > Self.longestWait } }

  private static let longestWait = 0.2

  /// From each block to the next, in seconds.
  private var waits: [Double] { zip(times, times.dropFirst()).map { $1 - $0 } }

  /// How much faster than promised the samples come, and how far that may be off; nothing before there are
  /// 0.4 s to look at.
  package var deviation: (share: Share, error: Share)? {
    guard let first = times.first, let last = times.last, last - first >= Self.shortestSpan else {
      return nil
    }
    let count = Double(times.count)
    let meanTime = times.reduce(0, +) / count
    let meanSound = sounds.reduce(0, +) / count
    var products = 0.0
    var squares = 0.0
    for index in times.indices {
      products += (times[index] - meanTime) * (sounds[index] - meanSound)
      squares += (times[index] - meanTime) * (times[index] - meanTime)
    }
    let slope = products / squares
    var farthest = 0.0
    for index in times.indices {
      let line = meanSound + slope * (times[index] - meanTime)
      farthest = max(farthest, (sounds[index] - line).magnitude)
    }
    // No line through points that are late by so much at most can differ by more.
    let error = 2 * farthest / (last - first)
    return (Share(base: rounded((slope - 1) * 1_000_000)), Share(base: rounded(error * 1_000_000)))
  }
}
