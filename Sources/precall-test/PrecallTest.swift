import ArgumentParser
import Glibc
import PrecallCore

/// The command: `precall-test [VERB]`.
@main
struct PrecallTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precall-test",
    abstract: "Says whether this computer is ready for a video visit, why not, and what to do.",
    version: "precall-test \(Product.version)",
    subcommands: [
      CheckCommand.self, WatchCommand.self, DevicesCommand.self, ExplainCommand.self, ReportCommand.self,
    ],
    defaultSubcommand: CheckCommand.self)

  /// Sound and pictures that a crash interrupts must not stay in a file. The kernel takes a limit of one
  /// byte as the wish for none, also where a program collects the dumps (core(5)).
  private static func leaveNoCoreDump() {
    var none = rlimit(rlim_cur: 1, rlim_max: 1)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  /// Asked for help, it shows the page of the check, which is what it does with no verb, and which names
  /// the other verbs.
  static func main() async {
    leaveNoCoreDump()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if [["--help"], ["-h"], ["help"]].contains(arguments) {
      print(helpMessage(for: CheckCommand.self))
    } else {
      await main(arguments)
    }
  }
}
