import Glibc
import PrecallCore
import PrecallNetwork

/// A watched line in words.
struct WatchFace {
  /// Seconds since 1970.
  var startedAt: Int64
  var policy: Policy

  /// One line an event; a second has none.
  func line(of event: WatchEvent) -> String? {
    switch event {
    case .second: nil
    case .call(let call):
      call.isBroken
        ? "\(clock(call.at))  a call did not hold: \(RehearsalTable.name(call.load)), "
          + "\(RehearsalTable.word(call.outcome).0)" : nil
    case .outage(let at): "\(clock(at))  nothing comes back"
    case .recovered(let at, let duration):
      "\(clock(at))  it comes back, after \(Wording.text(.time(duration)))"
    case .blocked(let at): "\(clock(at))  the server answers, but over TCP only"
    }
  }

  func text(of summary: WatchSummary) -> String {
    var lines = [headline(summary)] + (summary.isBlocked ? Self.blocked : []) + [""]
    lines.append(
      "Watched for \(span(summary.length)), \(Wording.grouped(Int64(summary.sent))) packets, "
        + "\(Wording.text(.share(summary.loss))) lost there and back.")
    if summary.outages.isEmpty, !summary.isBlocked { lines.append("No outage of a second or more.") }
    if !summary.outages.isEmpty { lines += ["", "Outages"] }
    for outage in summary.outages {
      let length = outage.duration.map { Wording.text(.time($0)) } ?? "until the end"
      let cause = outage.isBlocked ? "  UDP was blocked: the server answered over TCP" : ""
      lines.append("  \(clock(outage.at))  \(length)\(cause)")
    }
    let played = summary.calls
    if !played.isEmpty {
      let held = played.count { $0.outcome == .held }
      lines.insert(
        "Played \(played.count) call\(played.count == 1 ? "" : "s") of \(Wording.text(.rate(played[0].rate))); \(held) held.",
        at: 3)
    }
    lines += ["", Self.row(["From", "Lost", "Round trip", "Jitter", played.isEmpty ? "" : "Call"], "")]
    for minute in summary.minutes {
      let cells = [
        clock(.seconds(Double(minute.number * 60))), Wording.text(.share(minute.loss)),
        minute.roundTrip.map { Wording.text(.time($0)) } ?? "none",
        minute.jitter.map { Wording.text(.time($0)) } ?? "none",
        played.isEmpty ? "" : minute.call.map { RehearsalTable.word($0.outcome).0 } ?? "none",
      ]
      lines.append(Self.row(cells, Self.mark(summary.level(of: minute, by: policy))))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func headline(_ summary: WatchSummary) -> String {
    switch summary.outcome(by: policy) {
    case .ready:
      "STEADY: test packets came back in time all the while"
        + (summary.calls.isEmpty ? ". A check without watch plays a call too." : ", and each call held.")
    case .usable: "UNEVEN: at times packets came late or not at all; a call would have been disturbed."
    case .notReady: "BAD: a call would have broken at times."
    case .notMeasured where summary.isBlocked:
      "NOT MEASURED: \(Wording.text(FindingKind.udpBlocked.sentence.bytes))"
    case .notMeasured:
      "NOT MEASURED: none of the test packets came back; run precall-test without watch to see why."
    }
  }

  /// What to do about it, and where more is said.
  private static let blocked = [
    Wording.text(FindingKind.udpBlocked.remedy.bytes),
    "More: precall-test explain \(Wording.text(FindingKind.udpBlocked.code.bytes))",
  ]

  private static func mark(_ level: Assessment.Level) -> String {
    switch level {
    case .good, .unjudged: ""
    case .limited: "uneven"
    case .blocking: "bad"
    }
  }

  private static func row(_ cells: [String], _ mark: String) -> String {
    let widths = [10, 8, 12, 10, cells.last == "" ? 0 : 15]
    return ("  " + zip(cells, widths).map { $0.padded(to: $1) }.joined() + mark).withoutEnd
  }

  private func span(_ time: Microseconds) -> String {
    let seconds = time.base / 1_000_000
    return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }

  /// The time of day here, as the person's watch shows it.
  private func clock(_ after: Microseconds) -> String {
    var seconds = time_t(startedAt + after.base / 1_000_000)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return span(after) }
    return unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
      .map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
  }
}
