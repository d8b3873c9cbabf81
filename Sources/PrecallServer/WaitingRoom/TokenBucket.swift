/// How much of something may be done: a burst at first, then so many a second.
struct TokenBucket: Sendable {
  private let burst: Double
  private let perSecond: Double
  private var level: Double
  private var time: Int64

  init(burst: Double, perSecond: Double, now: Int64) {
    self.burst = burst
    self.perSecond = perSecond
    level = burst
    time = now
  }

  /// Whether there is one to take; refills first.
  mutating func isEmpty(now: Int64) -> Bool {
    refill(now)
    return level < 1
  }

  /// Takes one where there is one.
  mutating func take(now: Int64) -> Bool {
    guard !isEmpty(now: now) else { return false }
    level -= 1
    return true
  }

  /// Whether it is as at first and can be forgotten.
  mutating func isFull(now: Int64) -> Bool {
    refill(now)
    return level >= burst
  }

  private mutating func refill(_ now: Int64) {
    level = min(burst, level + Double(max(0, now - time)) * perSecond)
    time = max(time, now)
  }
}
