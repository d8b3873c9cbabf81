import ArgumentParser
import PrecallCore

/// `precall-test explain [CODE]`: what a code means, what to do, and how it is found.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a finding's code means and what to do; all codes without one."
  )

  @Argument(help: ArgumentHelp("A code, as microphone.muted.", valueName: "CODE"))
  var code: String?

  func run() async throws {
    try await Complaint.reported {
      let width = min(Terminal.standardOutput.width, 80)
      let text =
        try code.map { try Self.explanation(of: Self.kind($0), width: width) } ?? Self.catalogue(width)
      try Terminal.standardOutput.print(text, as: "the explanation")
    }
  }

  private static func kind(_ code: String) throws -> FindingKind {
    // As it may have been copied: in brackets, or at the end of a sentence.
    let bare = code.lowercased().trimmingPrefix { !$0.isLetter }.reversed().drop {
      !$0.isLetter && !$0.isNumber
    }
    guard let kind = FindingKind.coded(Array(String(bare.reversed()).utf8)) else { throw unknown(code) }
    return kind
  }

  private static func catalogue(_ width: Int) -> String {
    FindingKind.all.flatMap { kind in
      Paragraph.lines(text(kind.sentence), width: width, indent: "    ", first: text(kind.code) + ": ")
    }.map { $0 + "\n" }.joined()
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
    let codes = FindingKind.all.map { text($0.code) }
    let parts = code.isEmpty ? [] : codes.filter { $0.contains(code.lowercased()) }
    let near = parts.isEmpty ? Spelling.nearest(to: code, among: codes).map { [$0] } ?? [] : parts
    let hint =
      near.isEmpty || near.count > 5
      ? "\"precall-test explain\" lists all codes."
      : "Did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))?"
    return ValidationError("\"\(code)\" is not a code of this program. \(hint)")
  }

  private static func text(_ words: StaticString) -> String { Wording.text(words.bytes) }
}
