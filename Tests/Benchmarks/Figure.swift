import PrecallCore

/// One line of a benchmark: what was measured, the limit, and what another program needs for the same.
struct Figure {
  var name: String
  /// Of each run; a run that failed has none.
  var values: [Double]
  /// Unlimited where there is none.
  var limit: Double?
  /// What the middle one must reach; anything will do where there is none.
  var least: Double?
  var unit = ""
  var peer = ""

  static let heading =
    "median (least to most) of the runs".padded(to: 66) + "limit".padded(to: 10) + "beside it"

  /// Says so where a limit is not met, or where nothing was measured.
  func show() {
    let sorted = values.sorted()
    guard let lowest = sorted.first, let most = sorted.last else {
      print(name.padded(to: 44) + Miss.mark(where: true, "FAILED: no run gave a figure"))
      return
    }
    let middle = sorted[sorted.count / 2]
    let spread = sorted.count > 1 ? " (\(Self.decimal(lowest)) to \(Self.decimal(most)))" : ""
    let bound = limit.map { "\(Self.decimal($0, places: 1)) \(unit)" } ?? unit
    let isMissed = limit.map { middle > $0 } == true || least.map { middle < $0 } == true
    let verdict = Miss.mark(where: isMissed)
    print(
      name.padded(to: 44) + (Self.decimal(middle) + spread).padded(to: 22) + bound.padded(to: 10) + peer
        + verdict)
  }

  /// With two places, or without needless ones.
  static func decimal(_ value: Double, places: Int = 2) -> String {
    let hundredths = rounded(value.magnitude * 100)
    let (whole, part) = (hundredths / 100, hundredths % 100)
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    if places == 1, part % 10 == 0 { return sign + (part == 0 ? "\(whole)" : "\(whole).\(part / 10)") }
    return "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}

extension String {
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }
}
