import ArgumentParser
import Foundation
import Glibc
import Logging
import PrecallCore
import PrecallServer

/// Options into a configuration; the server itself is PrecallServer.
@main struct PrecallServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precall-server",
    abstract: "Serves checks, in precall-test and in browsers, and the waiting room before a visit.",
    discussion: """
      When it is ready it prints one line of JSON on standard output, with the ports in use: \
      {"http_port":8080,"udp_port":8862,"tls":false}. Logs go to standard error. SIGTERM or SIGINT lets \
      running downloads and uploads end, then stops.
      """,
    version: "precall-server \(Product.version)",
    subcommands: [SessionCommand.self, ReportCommand.self])

  @OptionGroup(title: "Where it listens") var listening: ListeningOptions
  @OptionGroup(title: "The waiting room") var rooms: RoomOptions
  @OptionGroup(title: "The path of a call") var turn: TurnOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions

  @Option(
    help: ArgumentHelp(
      "What to log: trace, debug, info, notice, warning, error or critical. (default: notice)",
      valueName: "level"),
    transform: Self.level)
  var logLevel: Logger.Level = .notice

  @Flag(
    help: "Stop when standard input ends, so that the server does not outlive the program that started it.")
  var endWithStdin = false

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)  // A reader that has gone is an error of that write, not the end.
    raiseOpenFileLimit()
    var logger = Logger(label: "precall-server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel
    do {
      try await runPrecallServer(try makeConfiguration(), logger: logger) { Self.announce($0) }
    } catch let failure as ServerFailure {
      Self.say("precall-server: \(failure)\n", on: .standardError)
      throw ExitCode(failure.kind.rawValue)
    }
  }

  private func makeConfiguration() throws -> PrecallServerConfiguration {
    var configuration = PrecallServerConfiguration()
    try listening.apply(to: &configuration)
    try rooms.apply(to: &configuration)
    try turn.apply(to: &configuration)
    configuration.limits = limits.limits
    configuration.handlesSignals = true
    configuration.endsWithStandardInput = endWithStdin
    return configuration
  }

  private static func announce(_ addresses: ServerAddresses) {
    let others = addresses.compatiblePort.map { #""compatible_port":\#($0),"# } ?? ""
    say(
      #"{"http_port":\#(addresses.httpPort),"udp_port":\#(addresses.udpPort),\#(others)"#
        + #""tls":\#(addresses.usesTLS)}"# + "\n",
      on: .standardOutput)
  }

  private static func say(_ text: String, on handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  private static func level(_ name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
      throw ValidationError("There is no level \"\(name)\".")
    }
    return level
  }
}
