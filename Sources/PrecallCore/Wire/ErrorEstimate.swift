/// How far a timestamp may be off (RFC 8762 section 4.2.1, which takes it from RFC 4656 section 4.1.2):
/// a bit for "synchronised to UTC", a bit for the format of the stamp, a scale and a multiplier, meaning
/// `multiplier * 2^(scale - 32)` seconds.
package struct ErrorEstimate: Sendable, Hashable {
  package var bits: UInt16
  package init(bits: UInt16) { self.bits = bits }

  /// The smallest estimate in NTP format that is not below `nanoseconds`.
  package init(synchronised: Bool, nanoseconds: Int64) {
    let bounded = UInt64(min(max(nanoseconds, 1), 1_000_000_000_000))
    let units = (bounded << 20 / 1_000_000_000 + 1) << 12  // bounded to 1,000 s, so that no bit is lost
    var multiplier = bounded < 1_000_000 ? (bounded << 32 / 1_000_000_000 + 1) : units
    var scale: UInt16 = 0
    while multiplier > 255 {
      multiplier = (multiplier + 1) / 2
      scale += 1
    }
    bits = (synchronised ? 0x8000 : 0) | scale << 8 | UInt16(multiplier)
  }

  package var isSynchronised: Bool { bits & 0x8000 != 0 }
  /// Whether the stamp beside it is in the truncated PTP format (IEEE 1588) instead of NTP's.
  package var isPTP: Bool { bits & 0x4000 != 0 }
  /// The same of a stamp that was turned into NTP's format.
  package var ofNTP: ErrorEstimate { ErrorEstimate(bits: bits & ~0x4000) }
  package var scale: UInt8 { UInt8(bits >> 8 & 0x3F) }
  /// Zero makes an estimate invalid.
  package var multiplier: UInt8 { UInt8(bits & 0xFF) }
}
