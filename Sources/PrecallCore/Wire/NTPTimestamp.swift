/// A moment as test packets carry it: the 64-bit NTP format (RFC 5905 section 6), 32 bits of seconds since
/// 1900 and 32 bits of their fraction (233 picoseconds).
///
/// The bits are kept as received, since a reflector returns the sender's stamp unread.
package struct NTPTimestamp: Sendable, Hashable {
  package var bits: UInt64
  package init(bits: UInt64) { self.bits = bits }

  /// Seconds from 1900 to 1970: 70 years with 17 leap days.
  private static let epoch: Int64 = 2_208_988_800

  package init(nanosecondsSince1970 nanoseconds: Int64) {
    let (seconds, rest) = Self.divided(nanoseconds)
    let fraction = (UInt64(rest) << 32 + 500_000_000) / 1_000_000_000
    bits = UInt64(truncatingIfNeeded: seconds + Self.epoch) << 32 | fraction
  }

  /// The same moment as a stamp in the truncated PTP format (RFC 8186 section 2.1): 32 bits of seconds since 1970 and
  /// 32 bits of nanoseconds. PTP's time has no leap seconds, so it is some 37 s ahead of NTP's, which no difference
  /// of two stamps shows.
  package init(truncatedPTP bits: UInt64) {
    self.init(nanosecondsSince1970: Int64(bits >> 32) * 1_000_000_000 + Int64(bits & 0xFFFF_FFFF))
  }

  /// Reads a stamp in the format that the estimate beside it names.
  package init(bits: UInt64, beside estimate: ErrorEstimate) {
    self = estimate.isPTP ? Self(truncatedPTP: bits) : Self(bits: bits)
  }

  /// Nanoseconds since 1970, between 1968 and 2104: a first bit of zero is read as the era that begins in
  /// 2036 (RFC 4330 section 3). What `init(nanosecondsSince1970:)` made comes back exactly.
  package var nanosecondsSince1970: Int64 {
    var seconds = Int64(bits >> 32) - Self.epoch
    if bits >> 63 == 0 { seconds += 1 << 32 }
    let fraction = bits & 0xFFFF_FFFF
    return seconds * 1_000_000_000 + Int64((fraction * 1_000_000_000 + 1 << 31) >> 32)
  }

  private static func divided(_ nanoseconds: Int64) -> (seconds: Int64, rest: Int64) {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest)
  }
}
