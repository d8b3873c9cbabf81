import Foundation
import PrecallTestSupport

/// A web server that a script of node is: one that prints its port and ends with its standard input.
enum ScriptSite {
  static func with<Result>(
    _ script: String, _ arguments: [String] = [], _ body: (String) async throws -> Result
  ) async throws -> Result {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["node", Fixtures.path(script)] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.terminate()
      process.waitUntilExit()
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw RigError(
        "I tried to run `node`, but it said \"\(line)\"; install it with `apt-get install nodejs`.")
    }
    return try await body("http://127.0.0.1:\(port)")
  }
}
