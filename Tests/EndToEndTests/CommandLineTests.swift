import PrecallTestSupport
import Testing

/// What the command says when nothing is measured: help, and complaints about bad input.
@Suite struct CommandLineTests {
  @Test(arguments: [
    ("precall-test", ["--help"]), ("precall-test", ["devices", "--help"]),
    ("precall-test", ["explain", "--help"]), ("precall-test", ["report", "show", "--help"]),
  ])
  func `Help is a golden file`(program: String, arguments: [String]) async throws {
    let result = try await Program(program, environment: ["COLUMNS": "80"]).run(arguments)
    #expect(result.code == 0)
    #expect(result.error.isEmpty)
    let name = ([program] + arguments.dropLast()).joined(separator: "-")
    try Golden.expect(result.output, is: "cli/\(name)-help.txt")
  }

  @Test func `Each bad input is answered with what is wrong, what to do and its own status`() async throws {
    try await Transcript("cli/bad-input.txt").expectHolds()
  }

  @Test func `The version is one line`() async throws {
    let result = try await Program("precall-test").run(["--version"])
    #expect(result.code == 0)
    #expect(result.output.hasPrefix("precall-test ") && result.output.hasSuffix("\n"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `There is a completion script for each shell`(shell: String) async throws {
    let result = try await Program("precall-test").run(["--generate-completion-script", shell])
    #expect(result.code == 0)
    #expect(result.output.contains("deadline") && result.output.contains("explain"))
  }
}
