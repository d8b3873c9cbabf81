import PrecallCore

/// The report for people: the verdict, the finding that decides, what to do, then the figures.
struct HumanFace {
  let report: Report
  let terminal: Terminal
  let isVerbose: Bool

  var text: String {
    var lines = [headline]
    lines += deciding
    lines += ["", "  " + capabilities]
    lines += others
    lines += figures
    lines += unmeasured
    lines += more
    return lines.joined(separator: "\n") + "\n"
  }

  private var width: Int { min(terminal.width, 80) }

  private var headline: String {
    let text = Paragraph.lines(Headline(report: report).text, width: width).joined(separator: "\n")
    return terminal.painted(text, .bold)
  }

  private var deciding: [String] {
    guard let finding = report.deciding else { return [] }
    var lines = [""] + paragraphs(of: finding)
    lines += Paragraph.lines(
      "Do this first: " + Remedy.text(of: finding, in: report), width: width, indent: "  ")
    if report.verdict.outcome == .notReady, !report.policy.fallback.isEmpty {
      lines += Paragraph.lines(
        "If that does not help: " + Wording.text(report.policy.fallback), width: width, indent: "  ")
    }
    return lines
  }

  private func paragraphs(of finding: Finding) -> [String] {
    var sentence = Wording.text(finding.kind.sentence.bytes)
    if !finding.subject.isEmpty { sentence += " (\(Wording.text(finding.subject)))" }
    if finding.kind == .cameraStalled || finding.kind == .cameraUnplugged, let time = finding.measured {
      sentence += " That was after \(Wording.text(time))."
    } else if let measured = finding.measured, isStatus(measured, of: finding) {
      sentence += " The answer was HTTP status \(Wording.text(measured))."
    } else if let measured = finding.measured {
      sentence += " Measured: \(Wording.text(measured))"
      if let limit = finding.limit { sentence += "; limit: \(Wording.text(limit))" }
      sentence += "."
    }
    if let place = finding.located { sentence += " Where: \(Wording.place(place))." }
    let word = Wording.text(finding.severity.name.bytes).padded(to: 8)
    let lines = Paragraph.lines(sentence, width: width, indent: "           ", first: "  \(word) ")
    guard let first = lines.first else { return [] }
    let painted = "  " + terminal.painted(word, colour(of: finding.severity)) + first.dropFirst(10)
    return [painted] + lines.dropFirst()
  }

  /// What a server answered is told without a limit.
  private func isStatus(_ measured: Quantity, of finding: Finding) -> Bool {
    finding.kind.check == .network && measured.unit == .count && finding.limit == nil
  }

  private func colour(of severity: Severity) -> Terminal.Colour {
    switch severity {
    case .note: .dim
    case .warning: .yellow
    case .problem: .red
    }
  }

  private var capabilities: String {
    let verdict = report.verdict
    return "Sound: \(Self.word(verdict.audio))   Video: \(Self.word(verdict.video))   "
      + "Screen sharing: \(Self.word(verdict.screenShare))"
  }

  private static func word(_ works: Verdict.Works) -> String {
    switch works {
    case .yes: "works"
    case .limited: "works with limits"
    case .no: "does not work"
    case .notMeasured: "not measured"
    }
  }

  private static func word(_ video: Verdict.Video) -> String {
    switch video {
    case .hd: "high definition"
    case .standard: "standard quality"
    case .low: "low quality"
    case .none: "does not work"
    case .notMeasured: "not measured"
    }
  }

  private var others: [String] {
    let decidingCode = report.deciding?.kind.code.bytes
    let others = report.findings.filter { $0.kind.code.bytes != decidingCode }
    if others.isEmpty { return [] }
    return ["", "Also found"]
      + others.flatMap { finding in
        paragraphs(of: finding)
          + (finding.severity == .note && !isVerbose
            ? []
            : Paragraph.lines(
              Remedy.text(of: finding, in: report), width: width, indent: "           "))
      }
  }

  private var figures: [String] {
    let table = FigureTable(report: report, terminal: terminal, width: width, isVerbose: isVerbose)
    let more =
      isVerbose
      ? [
        RehearsalTable(calls: report.calls, terminal: terminal).lines,
        PathTable(path: report.path, width: width).lines,
      ] : []
    return ([table.lines] + more).filter { !$0.isEmpty }.flatMap { [""] + $0 }
  }

  private var unmeasured: [String] {
    let indent = String(repeating: " ", count: 14)
    let lines: [String] = report.results.flatMap { result -> [String] in
      switch result.state {
      case .measured, .notMeasured(.notAsked): []
      case .partial(let why), .notMeasured(let why):
        Paragraph.lines(
          Wording.text(why.sentence.bytes).replacing("not measured: ", with: ""), width: width,
          indent: indent,
          first: "  \(Wording.check(result.check).padded(to: 11)) ")
      }
    }
    return lines.isEmpty ? [] : ["", "Not measured"] + lines
  }

  private var more: [String] {
    var lines: [String] = []
    for code in report.unknownCodes {
      lines.append("  A newer program found \(Wording.text(code)), which this one does not know.")
    }
    if let deciding = report.deciding {
      lines.append("More: precall-test explain \(Wording.text(deciding.kind.code.bytes))")
    }
    return lines.isEmpty ? [] : [""] + lines
  }
}
