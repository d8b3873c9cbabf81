import Subprocess
import SystemPackage

/// Runs a program of this package as a person would, and keeps what it said.
package struct Program: Sendable {
  /// A built program's, or the path of any.
  package var name: String
  /// Variables to set on top of a clean environment.
  package var environment: [String: String]
  /// Seconds after which it is killed, by the clock of a process beside it: the tests may wait for their own turn.
  package var limit: Int?

  package init(_ name: String, environment: [String: String] = [:], limit: Int? = nil) {
    self.name = name
    self.environment = environment
    self.limit = limit
  }

  package struct Result: Sendable {
    package var status: TerminationStatus
    package var output: String
    package var error: String
    /// The exit status; nothing where a signal ended the program.
    package var code: Int32? {
      if case .exited(let code) = status { Int32(code) } else { nil }
    }
  }

  package struct Overdue: Error {}

  /// Runs the program to its end; one that takes longer than `deadline` is killed and is an error. The clock is of
  /// the tests, which may wait for their own turn: `limit` is for what has to be quick.
  package func run(
    _ arguments: [String], deadline: Duration = .seconds(120)
  ) async throws -> Result {
    try await within(deadline) { try await execute(arguments) }
  }

  private func execute(_ arguments: [String]) async throws -> Result {
    let result = try await Subprocess.run(
      configuration(arguments), output: .string(limit: 8_000_000), error: .string(limit: 8_000_000))
    return Result(
      status: result.terminationStatus, output: result.standardOutput, error: result.standardError)
  }

  /// Runs the program, and sends it `signal` as soon as it has said `words` on standard error, and `again` apart for
  /// as long as it runs: one that comes too soon after another is one with it.
  package func run(
    _ arguments: [String], sending signal: Signal, after words: String, again: Duration? = nil,
    deadline: Duration = .seconds(120)
  ) async throws -> Result {
    try await within(deadline) { try await execute(arguments, sending: signal, after: words, again: again) }
  }

  private func within(
    _ deadline: Duration, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: deadline)
        throw Overdue()
      }
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw Overdue() }
      return result
    }
  }

  private func execute(
    _ arguments: [String], sending signal: Signal, after words: String, again: Duration?
  ) async throws -> Result {
    let result = try await Subprocess.run(
      configuration(arguments), input: .none, output: .string(limit: 8_000_000), error: .sequence
    ) { execution in
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        var said = ""
        var isSent = false
        for try await block in execution.standardError {
          said += String(decoding: block.withUnsafeBytes { Array($0) }, as: UTF8.self)
          guard !isSent, said.contains(words) else { continue }
          try execution.send(signal: signal)
          isSent = true
          guard let again else { continue }
          group.addTask {
            while true {
              try await Task.sleep(for: again)
              try? execution.send(signal: signal)
            }
          }
        }
        return said
      }
    }
    return Result(
      status: result.terminationStatus, output: result.standardOutput, error: result.closureResult)
  }

  package func configuration(_ arguments: [String]) -> Configuration {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
    var command = [name.hasPrefix("/") ? name : Fixtures.program(name)] + arguments
    if let limit { command = ["/usr/bin/timeout", "-s", "KILL", "\(limit)"] + command }
    return Configuration(
      executable: .path(FilePath(command.removeFirst())),
      arguments: Arguments(command),
      environment: .custom(Self.clean.merging(environment) { $1 }.map { Array("\($0)=\($1)\0".utf8) }),
      platformOptions: options)
  }

  /// What every run starts from: no settings, sound or configuration of whoever runs the tests.
  private static let clean = [
    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/dev/null/none", "LANG": "C.UTF-8",
    "XDG_CONFIG_HOME": "/dev/null/none", "XDG_RUNTIME_DIR": "/dev/null/none",
    "PULSE_SERVER": "unix:/dev/null/none/pulse",
    // However busy the computer is that runs the tests, the one that is checked is idle.
    "PRECALL_COMPUTER_ROOT": Fixtures.path("computers/idle"),
  ]
}
