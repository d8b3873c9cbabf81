import PrecallCore
import PrecallNetwork

/// The last seconds as one row of marks: the higher, the longer the round trip; a cross where packets were
/// lost.
struct Sparkline {
  private var seconds: [WatchSecond] = []
  let width: Int
  let isUnicode: Bool

  init(width: Int, isUnicode: Bool) {
    self.width = max(10, width)
    self.isUnicode = isUnicode
  }

  mutating func add(_ second: WatchSecond) {
    seconds.append(second)
    if seconds.count > width { seconds.removeFirst() }
  }

  private var levels: [Character] {
    Array(isUnicode ? "\u{2581}\u{2582}\u{2583}\u{2584}\u{2585}\u{2586}\u{2587}\u{2588}" : "_.-=+*%#")
  }

  /// From the fastest second shown to the slowest, no finer than 8 ms, so that a quiet line looks quiet.
  var text: String {
    let times = seconds.compactMap(\.roundTrip?.base)
    guard let least = times.min(), let most = times.max() else {
      return String(repeating: "x", count: seconds.count)
    }
    let step = max(1_000, (most - least) / Int64(levels.count))
    return String(
      seconds.map { second in
        guard second.answered == second.sent, let time = second.roundTrip else { return "x" }
        return levels[min(levels.count - 1, Int((time.base - least) / step))]
      })
  }
}
