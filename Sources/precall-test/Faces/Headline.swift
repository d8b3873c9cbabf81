import PrecallCore

/// The verdict as one plain sentence: what an anxious client reads.
struct Headline {
  let report: Report

  var text: String {
    if !report.isComplete { return "Stopped before the end. " + known }
    return sentence + unchecked
  }

  private var sentence: String {
    switch report.verdict.outcome {
    case .ready where unasked.isEmpty: "Ready for a video visit: \(Wording.tier(report.verdict.tier))."
    case .ready: "What was checked is ready for a video visit."
    case .usable where report.verdict.tier < report.policy.ready:
      "\(visit) will work with limits: \(Wording.tier(report.verdict.tier))."
    case .usable: "\(visit) will work, but something can be better."
    case .notReady: "Not ready for a video visit."
    case .notMeasured: "I can't say yet whether the visit will work: something could not be measured."
    }
  }

  private var visit: String { unasked.isEmpty ? "The visit" : "As far as was checked, the visit" }

  private var known: String {
    report.verdict.outcome == .notReady
      ? "As far as it came: not ready for a video visit." : "I can't say yet whether the visit will work."
  }

  private var unasked: [Check] {
    report.results.filter { $0.state == .notMeasured(.notAsked) }.map { $0.check }
  }

  private var unchecked: String {
    if unasked.isEmpty { return "" }
    return " Not checked: \(Wording.list(unasked.map { Wording.text($0.name.bytes) }))."
  }
}
