import ArgumentParser
import PrecallCore

/// `precall-test explain [CODE]`: what a code means, what to do, and how it is found.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a finding's code means and what to do; all codes without one."
  )

  @Argument(help: ArgumentHelp("A code, as microphone.muted.", valueName: "CODE"))
  var code: String?

  func run() throws {
    let terminal = Terminal.standardOutput
    guard let code else {
      for kind in FindingKind.all {
        let lines = Paragraph.lines(
          Self.text(kind.sentence), width: min(terminal.width, 80), indent: "    ",
          first: Self.text(kind.code) + ": ")
        for line in lines { terminal.line(line) }
      }
      return
    }
    guard let kind = FindingKind.coded(Array(code.lowercased().utf8)) else { throw Self.unknown(code) }
    terminal.write(Self.explanation(of: kind, width: min(terminal.width, 80)))
  }

  private static func explanation(of kind: FindingKind, width: Int) -> String {
    var lines = ["\(text(kind.code)) (\(text(kind.severity.name)), \(text(kind.place.name)))", ""]
    lines += Paragraph.lines(text(kind.sentence), width: width)
    lines += Paragraph.lines("Do this first: " + text(kind.remedy), width: width)
    lines += ["", "With it the best visit is: \(Wording.tier(kind.cap)).", ""]
    lines += Paragraph.lines(text(kind.explanation), width: width)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func unknown(_ code: String) -> ValidationError {
    let near = Spelling.nearest(to: code, among: FindingKind.all.map { text($0.code) })
    let hint = near.map { "Did you mean \"\($0)\"?" } ?? "\"precall-test explain\" lists all codes."
    return ValidationError("\"\(code)\" is not a code of this program. \(hint)")
  }

  private static func text(_ words: StaticString) -> String { Wording.text(words.bytes) }
}
