import PrecallCore

/// Figures as people read them: a number with its unit, never a bare number.
enum Wording {
  static func text(_ quantity: Quantity) -> String {
    let base = quantity.base
    return switch quantity.unit {
    case .microseconds: text(Microseconds(base: base))
    case .partsPerMillion: text(Share(base: base))
    case .bitsPerSecond: text(BitRate(base: base))
    case .bytes: text(ByteCount(base: base))
    case .millidecibels:
      base <= Decibels.silence.base ? "silence" : decimal(Decibels(base: base).inDecibels, 0) + " dB"
    case .millihertz: decimal(FrameRate(base: base).perSecond, 1) + "/s"
    case .hertz: decimal(Frequency(base: base).inKilohertz, 1) + " kHz"
    case .thousandths: decimal(OpinionScore(base: base).score, 1) + " of 5"
    case .count: grouped(base)
    }
  }

  private static func text(_ size: ByteCount) -> String {
    size.base < 100_000 ? grouped(size.base) + " bytes" : decimal(size.inMegabytes, 1) + " MB"
  }

  /// As many decimals as it takes to tell a small share from none.
  private static func text(_ share: Share) -> String {
    let percent = share.inPercent
    return decimal(percent, percent >= 10 || percent == 0 ? 0 : percent >= 0.1 ? 1 : 2) + " %"
  }

  private static func text(_ time: Microseconds) -> String {
    let milliseconds = time.inMilliseconds
    for (unit, seconds) in [("days", 86_400.0), ("hours", 3_600)] where time.inSeconds >= 2 * seconds {
      return decimal(time.inSeconds / seconds, 1) + " " + unit
    }
    if milliseconds >= 10_000 { return decimal(time.inSeconds, 1) + " s" }
    return decimal(milliseconds, milliseconds < 10 ? 1 : 0) + " ms"
  }

  private static func text(_ rate: BitRate) -> String {
    if rate.base < 1_000_000 { return decimal(rate.inKilobits, 0) + " kbit/s" }
    return decimal(rate.inMegabits, rate.inMegabits < 100 ? 1 : 0) + " Mbit/s"
  }

  /// A number with a fixed count of decimals and a point, whatever the locale.
  static func decimal(_ value: Double, _ places: Int) -> String {
    let scale: UInt64 = places == 0 ? 1 : places == 1 ? 10 : 100
    let units = rounded(value * Double(scale))
    let sign = units < 0 ? "-" : ""
    let whole = units.magnitude / scale
    if places == 0 { return "\(sign)\(whole)" }
    let rest = String(units.magnitude % scale)
    return "\(sign)\(whole).\(String(repeating: "0", count: places - rest.count))\(rest)"
  }

  static func grouped(_ value: Int64) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  static func text(_ text: Text) -> String { clean(String(decoding: text, as: UTF8.self)) }

  /// Without control characters: a device's name, which its maker chose, must not command the terminal.
  static func clean(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      shown.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return String(shown)
  }

  /// The figure; one that was stopped while it could still rise is marked as a least.
  static func measured(of assessment: Assessment) -> String {
    let isLeast = assessment.low != nil && assessment.high == nil
    return (isLeast ? ">" : "") + text(assessment.measured)
  }

  /// The limit that the figure is held against, in words: `at most 150 ms`.
  static func limit(of assessment: Assessment) -> String {
    guard let limit = assessment.limit, let bound = limit.warn ?? limit.block else { return "" }
    return (assessment.metric.worse == .higher ? "at most " : "at least ") + text(bound)
  }

  static func tier(_ tier: Tier) -> String {
    switch tier {
    case .phone: "telephone only"
    case .audioOnly: "sound only"
    case .lowVideo: "video in low quality"
    case .standardVideo: "video in standard quality"
    case .hdVideo: "video in high definition"
    }
  }

  static func place(_ place: Place) -> String {
    switch place {
    case .thisComputer: "this computer"
    case .localNetwork: "the network in the house, up to its router"
    case .accessLine: "the line from the router to the provider"
    case .farNetwork: "the network beyond the provider's line"
    case .server: "the server"
    }
  }

  static func check(_ check: Check) -> String {
    switch check {
    case .network: "Network"
    case .microphone: "Microphone"
    case .camera: "Camera"
    case .computer: "Computer"
    }
  }
}
