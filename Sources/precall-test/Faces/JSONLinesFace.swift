import PrecallCore

/// One JSON object a line: what happens while it happens, and the report last.
enum JSONLinesFace {
  private static let opening = Array(#"{"event":"report","report":"#.utf8)

  /// The report of the last line, where that is one of `line(_:)`.
  static func report(in lines: Text) -> Text? {
    guard let last = lines.split(separator: UInt8(ascii: "\n")).last, last.starts(with: opening) else {
      return nil
    }
    return Text(last.dropFirst(opening.count).dropLast())
  }

  static func line(_ report: Report) -> Text {
    var line = opening
    line += report.json(indent: 0)
    line += Array("}\n".utf8)
    return line
  }

  static func starting(server: String?, checks: [Check], deadline: Double) -> Text {
    JSONWriter.line("starting") { json in
      if let server { json.member("server", Array(server.utf8)) }
      json.key("checks")
      json.array { json in for check in checks { json.value(check.name) } }
      json.member("deadline_us", Microseconds.seconds(deadline).base)
    }
  }

  static func started(_ check: Check) -> Text {
    JSONWriter.line("started") { $0.member("check", check.name) }
  }

  static func finished(_ result: CheckResult) -> Text {
    JSONWriter.line("finished") { json in
      json.member("check", result.check.name)
      switch result.state {
      case .measured: json.member("state", "measured")
      case .partial(let why):
        json.member("state", "partial")
        json.member("reason", why.name)
      case .notMeasured(let why):
        json.member("state", "not-measured")
        json.member("reason", why.name)
      }
      json.key("codes")
      json.array { json in for finding in result.findings { json.value(finding.kind.code) } }
    }
  }
}
