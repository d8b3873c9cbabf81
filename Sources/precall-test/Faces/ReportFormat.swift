import ArgumentParser
import PrecallCore

/// The faces of a report.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  /// For people.
  case human
  /// One line a check and one line a finding, for scripts and tickets.
  case plain
  /// One object.
  case json
  /// One object a line: each event as it happens, the report last.
  case jsonl

  /// The report in this face; the single place where a format is matched.
  func text(of report: Report, on terminal: Terminal, verbose: Bool) -> Text {
    switch self {
    case .human: Array(HumanFace(report: report, terminal: terminal, isVerbose: verbose).text.utf8)
    case .plain: Array(PlainFace(report: report).text.utf8)
    case .json: report.json() + [0x0A]
    case .jsonl: JSONLinesFace.line(report)
    }
  }
}
