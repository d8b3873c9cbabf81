import Glibc
import FoundationEssentials
import PrecallTestSupport
import Subprocess
import SystemPackage
import UnixSignals

/// `virtual-devices COMMAND ARGUMENT…`: runs a command on a computer that seems to have a microphone, into
/// which somebody speaks, and a camera; ends with the command's status.
@main
struct VirtualDevices {
  static func main() async throws {
    let command = CommandLine.arguments.dropFirst()
    guard let program = command.first else {
      FileDescriptor.standardError.say("use: virtual-devices COMMAND ARGUMENT…")
      exit(64)
    }
    do {
      exit(try await status(of: program, Array(command.dropFirst())))
    } catch {
      FileDescriptor.standardError.say("virtual-devices: I tried to run \(program), but: \(error)")
      exit(70)
    }
  }

  private static func status(of program: String, _ arguments: [String]) async throws -> Int32 {
    try await Fixtures.withTemporaryFolder { folder in
      try await withMicrophone { microphone in
        try await withCamera(in: folder) { camera in
          try await run(program, arguments, with: microphone.merging(camera) { $1 })
        }
      }
    }
  }

  /// A private sound server with a speaking microphone; gives the variables that lead to it.
  private static func withMicrophone<Result: Sendable>(
    _ body: @escaping ([String: String]) async throws -> Result
  ) async throws -> Result {
    try await withRig("virtual-microphone", []) { line in
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw RigFailure(name: "virtual-microphone", line: line) }
      return try await body([parts[0]: parts[1]])
    }
  }

  /// A camera that answers V4L2 through the kernel; gives the variables that lead to it.
  private static func withCamera<Result: Sendable>(
    in folder: String, _ body: @escaping ([String: String]) async throws -> Result
  ) async throws -> Result {
    try await withRig("virtual-camera", [Fixtures.path("cameras/good.json"), folder]) { line in
      guard line == "ready" else { throw RigFailure(name: "virtual-camera", line: line) }
      return try await body([
        "PRECALL_COMPUTER_ROOT": Fixtures.path("computers/idle"),
        "PRECALL_DEVICE_ROOT": folder + "/dev", "PRECALL_SYSFS_ROOT": folder + "/sysfs",
      ])
    }
  }

  /// Starts a rig, waits for the line that says it is ready, and ends it after `body` by closing its input.
  private static func withRig<Result: Sendable>(
    _ name: String, _ arguments: [String], _ body: @escaping (String) async throws -> Result
  ) async throws -> Result {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(3))]
    let configuration = Configuration(
      executable: .path(FilePath(Fixtures.program(name))), arguments: Arguments(arguments),
      platformOptions: options)
    let outcome = try await Subprocess.run(
      configuration, input: .inputWriter, output: .sequence, error: .currentStandardError
    ) { rig in
      var said = ""
      for try await block in rig.standardOutput {
        said += String(decoding: block.withUnsafeBytes { Array($0) }, as: UTF8.self)
        if said.contains("\n") { break }
      }
      guard let line = said.split(separator: "\n").first else { throw RigFailure(name: name, line: said) }
      let result = try await body(String(line))
      try await rig.standardInputWriter.finish()
      return result
    }
    return outcome.closureResult
  }

  private static func run(
    _ program: String, _ arguments: [String], with variables: [String: String]
  ) async throws -> Int32 {
    let changes = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value as String?) }
    let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
    var options = PlatformOptions()
    options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(10))]
    let configuration = Configuration(
      executable: executable, arguments: Arguments(arguments),
      environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)), platformOptions: options)
    return try await untilTerminated {
      let result = try await Subprocess.run(
        configuration, input: .currentStandardInput, output: .currentStandardOutput,
        error: .currentStandardError)
      guard case .exited(let code) = result.terminationStatus else { return 70 }
      return Int32(code)
    }
  }

  /// Cancels `body` at SIGTERM, so that nothing stays behind. Ctrl-C reaches the command by itself, whose ending
  /// ends this.
  private static func untilTerminated(
    _ body: @escaping @Sendable () async throws -> Int32
  ) async throws -> Int32 {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Int32?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        for await signal in signals where signal == .sigterm { break }
        return nil
      }
      defer { group.cancelAll() }
      if let status = try await group.next(), let status { return status }
      group.cancelAll()
      return try await group.next().flatMap { $0 } ?? 128 + SIGTERM
    }
  }

  private struct RigFailure: Error {
    var name: String
    var line: String
  }
}

extension FileDescriptor {
  fileprivate func say(_ text: String) { _ = try? writeAll((text + "\n").utf8) }
}
