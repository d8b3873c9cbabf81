import ArgumentParser
import PrecallServer

/// What the server will carry.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Bytes of one download at most.", valueName: "bytes"))
  var maxDownload = ServerLimits().downloadBytes

  @Option(help: ArgumentHelp("Bytes of one upload at most.", valueName: "bytes"))
  var maxUpload = ServerLimits().uploadBytes

  @Option(help: ArgumentHelp("Seconds of one download or upload at most.", valueName: "seconds"))
  var maxSeconds = ServerLimits().testSeconds

  @Option(help: ArgumentHelp("Downloads and uploads at the same time.", valueName: "count"))
  var maxTests = ServerLimits().tests

  @Option(help: ArgumentHelp("Downloads and uploads at the same time from one address.", valueName: "count"))
  var maxTestsPerAddress = ServerLimits().testsPerAddress

  @Option(help: ArgumentHelp("Connections at the same time; more wait to be accepted.", valueName: "count"))
  var maxConnections = ServerLimits().connections

  @Option(help: ArgumentHelp("UDP sessions at the same time.", valueName: "count"))
  var maxSessions = ServerLimits().sessions

  @Option(help: ArgumentHelp("Seconds until an idle connection is closed.", valueName: "seconds"))
  var idleSeconds = ServerLimits().idleSeconds

  @Option(help: ArgumentHelp("Seconds that a ticket is accepted.", valueName: "seconds"))
  var ticketSeconds = ServerLimits().ticketSeconds

  func validate() throws {
    let amount = 1...1_000_000_000_000
    let count = 1...1_000_000
    try Self.check("--max-download", maxDownload, amount)
    try Self.check("--max-upload", maxUpload, amount)
    try Self.check("--max-seconds", maxSeconds, 1...3_600)
    try Self.check("--max-tests", maxTests, count)
    try Self.check("--max-tests-per-address", maxTestsPerAddress, count)
    try Self.check("--max-connections", maxConnections, count)
    try Self.check("--max-sessions", maxSessions, count)
    try Self.check("--idle-seconds", idleSeconds, 1...3_600)
    try Self.check("--ticket-seconds", ticketSeconds, 1...86_400)
  }

  private static func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "\(option) must be between \(range.lowerBound) and \(range.upperBound), not \(value).")
    }
  }

  var limits: ServerLimits {
    var limits = ServerLimits()
    limits.downloadBytes = maxDownload
    limits.uploadBytes = maxUpload
    limits.testSeconds = maxSeconds
    limits.tests = maxTests
    limits.testsPerAddress = maxTestsPerAddress
    limits.connections = maxConnections
    limits.sessions = maxSessions
    limits.idleSeconds = idleSeconds
    limits.ticketSeconds = ticketSeconds
    return limits
  }
}
