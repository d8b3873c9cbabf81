import ArgumentParser
import PrecallCore

/// `precall-test report`: what is done with a report that was kept.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show a report that was kept.", subcommands: [Show.self])

  /// `precall-test report show FILE`.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a JSON report for people, or in another format.")

    @Argument(
      help: ArgumentHelp("A report written with --format json; - is standard input.", valueName: "FILE"),
      completion: .file())
    var file: String

    @Option(help: ArgumentHelp("human, plain, json or jsonl.", valueName: "FORMAT"))
    var format: ReportFormat = .human

    @Flag(name: .shortAndLong, help: "All figures, also those without a limit.")
    var verbose = false

    @Flag(help: "No colours; NO_COLOR does the same.")
    var noColor = false

    func run() async throws {
      try await Complaint.reported {
        let report = try Self.read(file)
        try Delivery(format: format, output: nil, isVerbose: verbose).deliver(report)
      }
    }

    /// Without a byte-order mark; of the lines of --format jsonl the last, which holds the report.
    private static func report(in text: Text) -> Text {
      let bare = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Text(text.dropFirst(3)) : text
      return JSONLinesFace.report(in: bare) ?? bare
    }

    private static func read(_ path: String) throws -> Report {
      let text = report(in: try Files.readArgument(path, upTo: 1_000_000))
      do { return try Report(json: text) } catch {
        throw Complaint(
          status: .unusableFile,
          sentence: "I tried to read the report \(path), but \(error.words(in: text)).")
      }
    }
  }
}
