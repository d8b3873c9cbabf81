import PrecallCore

/// The table of measured against limit; sources stand below it as numbered notes.
struct FigureTable {
  let report: Report
  let terminal: Terminal
  let width: Int
  let isVerbose: Bool
  /// Of a row's name, behind which there is room for the rest in 80 columns.
  static let nameWidth = 33
  private static let measuredWidth = 13
  private static let limitWidth = 21

  var lines: [String] {
    var sources: [String] = []
    var lines: [String] = []
    for result in report.results {
      let rows = result.assessments.filter { isVerbose || Self.isShown($0) }
      if rows.isEmpty { continue }
      lines.append(Self.row(Wording.check(result.check), "measured", "limit"))
      for assessment in rows { lines.append(row(assessment, &sources)) }
    }
    for (index, source) in sources.enumerated() {
      let mark = "[\(index + 1)]".padded(to: 5)
      lines += Paragraph.lines(source, width: width, indent: "       ", first: "  \(mark)")
    }
    return lines
  }

  /// Of the computer itself only what will hurt is of interest.
  private static func isShown(_ row: Assessment) -> Bool {
    row.level != .unjudged && (row.level != .good || row.metric.check != .computer)
  }

  private func row(_ assessment: Assessment, _ sources: inout [String]) -> String {
    let name = "  " + Wording.text(assessment.metric.title.bytes)
    var end = Self.word(assessment.level)
    if let source = assessment.limit.map({ report.policy.source(of: $0) }), !source.isEmpty {
      end = end.padded(to: 8) + Self.mark(Wording.text(source), &sources)
    }
    let row = Self.row(name, Wording.measured(of: assessment), Wording.limit(of: assessment))
    if end.isEmpty { return row }
    return row.padded(to: Self.nameWidth + Self.measuredWidth + Self.limitWidth)
      + terminal.painted(end, Self.colour(assessment.level))
  }

  private static func row(_ name: String, _ measured: String, _ limit: String) -> String {
    (name.padded(to: nameWidth) + measured.padded(to: measuredWidth) + limit).withoutEnd
  }

  private static func mark(_ source: String, _ sources: inout [String]) -> String {
    if let index = sources.firstIndex(of: source) { return "[\(index + 1)]" }
    sources.append(source)
    return "[\(sources.count)]"
  }

  private static func word(_ level: Assessment.Level) -> String {
    switch level {
    case .good: "good"
    case .limited: "limited"
    case .blocking: "too bad"
    case .unjudged: ""
    }
  }

  private static func colour(_ level: Assessment.Level) -> Terminal.Colour {
    switch level {
    case .good: .green
    case .limited: .yellow
    case .blocking: .red
    case .unjudged: .dim
    }
  }
}
