import CLinuxNet
import PrecallCore

/// A moment of the kernel's monotonic clock, in nanoseconds: what packets are paced and timed by.
struct Moment: Comparable {
  var nanoseconds: Int64
  static var now: Moment { Moment(nanoseconds: precall_net_monotonic()) }
  static func < (one: Moment, other: Moment) -> Bool { one.nanoseconds < other.nanoseconds }
  static func + (moment: Moment, span: Span) -> Moment {
    Moment(nanoseconds: moment.nanoseconds + span.nanoseconds)
  }
  static func - (one: Moment, other: Moment) -> Span {
    Span(nanoseconds: one.nanoseconds - other.nanoseconds)
  }

  struct Span: Comparable {
    var nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    init(_ time: Microseconds) { self.init(nanoseconds: time.base * 1_000) }
    init(_ duration: Duration) {
      let (seconds, attoseconds) = duration.components
      self.init(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    static func milliseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000) }
    static func + (one: Span, other: Span) -> Span {
      Span(nanoseconds: one.nanoseconds + other.nanoseconds)
    }
    static func * (count: Int64, span: Span) -> Span { Span(nanoseconds: count * span.nanoseconds) }
    static func < (one: Span, other: Span) -> Bool { one.nanoseconds < other.nanoseconds }
  }
}
