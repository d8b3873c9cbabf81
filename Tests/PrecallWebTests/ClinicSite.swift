import Foundation
import PrecallTestSupport

/// A clinic's own pages on another origin, which embed the check: `Fixtures/browser/clinic.mjs`.
enum ClinicSite {
  static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["node", Fixtures.path("browser/clinic.mjs")]
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
      throw RigError("I tried to run `node`, but it said \"\(line)\"; install it with `apt-get install nodejs`.")
    }
    return try await body("http://127.0.0.1:\(port)")
  }
}
