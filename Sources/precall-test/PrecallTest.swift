import ArgumentParser
import PrecallCore

/// The command: `precall-test [VERB]`.
@main
struct PrecallTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precall-test",
    abstract: "Says whether this computer is ready for a video visit, why not, and what to do.",
    version: "precall-test \(Product.version)",
    subcommands: [CheckCommand.self, DevicesCommand.self, ExplainCommand.self, ReportCommand.self],
    defaultSubcommand: CheckCommand.self)

  /// Asked for help, it shows the page of the check, which is what it does with no verb, and which names
  /// the other verbs.
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if [["--help"], ["-h"], ["help"]].contains(arguments) {
      print(helpMessage(for: CheckCommand.self))
    } else {
      await main(arguments)
    }
  }
}
