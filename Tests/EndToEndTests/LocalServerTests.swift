import FoundationEssentials
import PrecallCore
import PrecallTestSupport
import Subprocess
import Testing

/// `--local` with a server beside the command that is not as it should be.
@Suite struct LocalServerTests {
  private static let check = ["--local", "--only", "network", "-q", "--format", "json"]
  /// What a server does that was left alone for too long: the machine's load delays it as it delays the command.
  private static let tooLate = #"echo > "$0.late""#

  @Test func `A server that does not get ready is given up at the deadline`() async throws {
    try await withCommand(beside: "sleep 6; \(Self.tooLate)") { program, left in
      let result = try await program.run(Self.check + ["--deadline", "1"])
      #expect(result.code == 69)
      try Golden.expect(result.error, is: "cli/local-server-not-ready.txt")
      try await left.expectNone()
    }
  }

  @Test func `A server that does not end holds the report up for a second, and is ended`() async throws {
    let server = "trap '' TERM; '\(Fixtures.program("precall-server"))' \"$@\"; sleep 6; \(Self.tooLate)"
    try await withCommand(beside: server) { program, left in
      let result = try await program.run(Self.check + ["--deadline", "1"])
      #expect(try Report(json: Array(result.output.utf8)).results.first?.state == .partial(.deadline))
      try await left.expectNone()
    }
  }

  @Test(arguments: [Signal.interrupt, .terminate, .terminalClosed])
  func `A second signal does not wait for such a server`(_ signal: Signal) async throws {
    // Signals come from the server when its end begins, for as long as the command is there.
    let server = """
      trap 'while kill -\(signal.rawValue) $PPID; do sleep 0.1; done; trap "" TERM; exec sleep 5' TERM
      echo '{"http_port": 9}'; while :; do sleep 0.1; done
      """
    try await withCommand(beside: server) { program, left in
      let result = try await program.run(["--local", "--only", "network"])
      #expect(result.status == .signaled(signal.rawValue) && result.output.isEmpty, "\(result.output)")
      try await left.expectNone()
    }
  }

  @Test(arguments: [(nil, "missing"), ("exit 1", "ended")])
  func `Where there is no server that is said`(server: String?, name: String) async throws {
    try await withCommand(beside: server) { program, _ in
      let result = try await program.run(Self.check)
      #expect(result.code == 69 && result.output.isEmpty)
      let folder = program.name.replacing("precall-test", with: "")
      try Golden.expect(result.error.replacing(folder, with: "FOLDER/"), is: "cli/local-server-\(name).txt")
    }
  }

  @Test func `What nobody expected is our fault, and never taken for a verdict`() async throws {
    try await withCommand(beside: #"echo '{"http_port": 99999999}'; sleep 300"#) { program, left in
      let result = try await program.run(Self.check)
      #expect(result.code == 70 && result.output.isEmpty)
      try Golden.expect(result.error, is: "cli/own-fault.txt")
      try await left.expectNone()
    }
  }

  /// Runs `body` with a copy of the command that finds this script as its server, or none.
  private func withCommand(
    beside script: String?, _ body: (Program, LeftBehind) async throws -> Void
  ) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let files = FileManager.default
      try Fixtures.copyProgram(Fixtures.program("precall-test"), to: folder + "/precall-test")
      if let script {
        let made = files.createFile(
          atPath: folder + "/script", contents: Data("#!/bin/sh\n\(script)\n".utf8),
          attributes: [.posixPermissions: 0o755])
        #expect(made)
        try Fixtures.copyProgram(folder + "/script", to: folder + "/precall-server")
      }
      let left = LeftBehind()
      try await body(Program(folder + "/precall-test", environment: left.environment), left)
      #expect(!files.fileExists(atPath: folder + "/precall-server.late"))
    }
  }
}
