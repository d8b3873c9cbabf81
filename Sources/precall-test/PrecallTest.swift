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

  /// Neither may they stay in what is said of a crash: Swift's own report of one shows the memory that the
  /// registers point at. Who wants it all the same asks for it by SWIFT_BACKTRACE.
  private static func leaveNoCrashReport() {
    guard unsafe getenv("SWIFT_BACKTRACE") == nil else { return }
    for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
  }

  /// Asked for help, it shows the page of the check, which is what it does with no verb, and which names
  /// the other verbs.
  static func main() async {
    leaveNoCoreDump()
    leaveNoCrashReport()
    // Arguments are taken for UTF-8; what turns names of other letters into the DNS's form asks the locale.
    unsafe setlocale(LC_CTYPE, "C.UTF-8")
    let arguments = Array(CommandLine.arguments.dropFirst())
    if [["--help"], ["-h"], ["help"]].contains(arguments) {
      print(helpMessage(for: CheckCommand.self))
    } else if arguments == ["--version"] {
      // At once: the parser takes longer to look at all commands than the program to start.
      print(configuration.version)
    } else {
      await main(arguments)
    }
  }
}
