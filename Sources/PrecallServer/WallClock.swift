import CLinuxNet
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

/// A moment by two clocks, in nanoseconds: one that people and time servers set, and one that nobody can.
package struct ServerTime: Sendable {
  /// Since 1970.
  package var wall: Int64
  /// Of the kernel's monotonic clock.
  package var steady: Int64

  package init(wall: Int64, steady: Int64) { (self.wall, self.steady) = (wall, steady) }

  static var now: ServerTime {
    ServerTime(wall: WallClock.nanosecondsSince1970(), steady: precall_net_monotonic())
  }

  /// Whole seconds.
  var wallSeconds: Int64 { wall / 1_000_000_000 }
  var steadySeconds: Int64 { steady / 1_000_000_000 }
  /// By how much the wall clock is ahead of the steady one now.
  var lead: Int64 { wall - steady }
}
