import Glibc
import PrecallCore

/// The computer's clock, as stamps and tickets use it.
enum WallClock {
  static func nanosecondsSince1970() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  static func secondsSince1970() -> Int64 { nanosecondsSince1970() / 1_000_000_000 }

  /// Nothing here knows how well the clock is kept to UTC: not synchronised, a second. Only differences of
  /// stamps are used, which do not need it.
  static let errorEstimate = ErrorEstimate(synchronised: false, nanoseconds: 1_000_000_000)
}
