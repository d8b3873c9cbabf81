import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport

/// A program on one core, with what the kernel says of it.
struct PinnedProgram: Sendable {
  let process: pid_t
  /// What it said first, on standard output.
  let greeting: [UInt8]

  /// Runs `body` while `arguments` run on `core`, from their first words on, and kills them then: threads of this
  /// program block SIGTERM, and what it starts inherits that.
  static func with<Result>(
    core: Int, _ arguments: [String], _ body: (PinnedProgram) async throws -> Result
  ) async throws -> Result {
    let process = Process()
    let (life, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/taskset")
    process.arguments = ["-c", "\(core)"] + arguments
    (process.standardInput, process.standardOutput) = (life, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      try? life.fileHandleForWriting.close()
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let greeting = [UInt8](output.fileHandleForReading.availableData)
    return try await body(PinnedProgram(process: process.processIdentifier, greeting: greeting))
  }

  /// The largest memory that it has used so far, in MiB.
  var peakMegabytes: Double? {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Double($0.filter(\.isNumber)) }.map { $0 / 1_024 }
  }

  /// Seconds in user and system mode, of all its threads: proc(5), stat, fields 14 and 15.
  var processorTime: Double {
    let stat = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
