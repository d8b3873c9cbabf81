import PrecallCore

/// One line a check and one line a finding, fields apart by tabs: for scripts, tickets and `grep`.
struct PlainFace {
  let report: Report

  var text: String {
    let verdict = report.verdict
    var lines = [
      line([
        "verdict", verdict.outcome.name,
        "tier="
          + Wording.text((verdict.outcome == .notMeasured ? verdict.outcome.name : verdict.tier.name).bytes),
        "audio=" + Wording.text(verdict.audio.name.bytes), "video=" + Wording.text(verdict.video.name.bytes),
        "screen-share=" + Wording.text(verdict.screenShare.name.bytes),
        report.isComplete ? "complete" : "incomplete",
      ])
    ]
    lines += report.results.map { line(fields(of: $0)) }
    lines += report.findings.map { finding in
      let place = finding.located.map { ["place=" + Wording.text($0.name.bytes)] } ?? []
      return line(
        [
          "finding", finding.kind.code, finding.severity.name, "cap=" + Wording.text(finding.cap.name.bytes),
          finding.kind.sentence, Remedy.text(of: finding, in: report),
        ] + place)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fields(of result: CheckResult) -> [any Field] {
    var fields: [any Field] = ["check", result.check.name]
    switch result.state {
    case .measured: fields.append("measured")
    case .partial(let why): fields += ["partial", why.name]
    case .notMeasured(let why): fields += ["not-measured", why.name]
    }
    fields += result.assessments.map {
      Wording.text($0.metric.id.bytes) + "=" + Wording.measured(of: $0) + " ("
        + Wording.text($0.level.name.bytes) + ")"
    }
    return fields
  }

  private func line(_ fields: [any Field]) -> String {
    fields.map { $0.words }.joined(separator: "\t")
  }
}

/// What can stand in a line: text of the program or of the engine.
private protocol Field {
  var words: String { get }
}

extension String: Field {
  fileprivate var words: String { self }
}

extension StaticString: Field {
  fileprivate var words: String { Wording.text(bytes) }
}
