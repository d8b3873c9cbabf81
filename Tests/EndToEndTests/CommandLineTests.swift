import Foundation
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

  @Test(arguments: ["[microphone.muted]", " Microphone.Muted", "microphone.muted.", "(microphone.muted),"])
  func `A code is explained however it was copied`(code: String) async throws {
    let exact = try await Program("precall-test").run(["explain", "microphone.muted"])
    let copied = try await Program("precall-test").run(["explain", code])
    #expect(copied.code == 0 && copied.output == exact.output)
  }

  @Test func `The version is one line`() async throws {
    let result = try await Program("precall-test").run(["--version"])
    #expect(result.code == 0)
    #expect(result.output.hasPrefix("precall-test ") && result.output.hasSuffix("\n"))
  }

  @Test func `Where libcurl can't be loaded that is said, and what needs no line works`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      #expect(FileManager.default.createFile(atPath: folder + "/libcurl.so.4", contents: Data("no".utf8)))
      let program = Program("precall-test", environment: ["LD_LIBRARY_PATH": folder])
      #expect(try await program.run(["--version"]).code == 0)
      let result = try await program.run(["http://127.0.0.1:9", "--only", "network"])
      #expect(result.code == 69)
      #expect(result.error.contains("I tried to load libcurl, but ") && result.error.contains("libcurl4"))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `There is a completion script for each shell`(shell: String) async throws {
    let result = try await Program("precall-test").run(["--generate-completion-script", shell])
    #expect(result.code == 0)
    #expect(result.output.contains("deadline") && result.output.contains("explain"))
  }

  /// A socket, as other programs give, can't be opened again by its name in /dev.
  @Test func `- is standard input as it is`() async throws {
    let script =
      "import socket,subprocess,sys;a,b=socket.socketpair();a.sendall(open(sys.argv[1],'rb').read());"
      + "a.shutdown(socket.SHUT_WR);sys.exit(subprocess.call([sys.argv[2],'report','show','-'],stdin=b))"
    let report = Fixtures.path("reports/good-line-and-devices.json")
    let result = try await Program("/usr/bin/python3").run([
      "-c", script, report, Fixtures.program("precall-test"),
    ])
    let named = try await Program("precall-test").run(["report", "show", report])
    #expect(result.code == 0 && result.output == named.output && !named.output.isEmpty, "\(result.error)")
  }

  /// Where nobody answers for it, it is not taken for a server that does.
  @Test(arguments: ["C", "C.UTF-8"]) func `A host's name of other letters is looked up`(locale: String)
    async throws
  {
    let program = Program("precall-test", environment: ["LC_ALL": locale])
    let result = try await program.run(["müller.invalid", "--only", "network", "-q", "--format", "plain"])
    #expect(!result.output.contains("not-a-precall-server"), "\(result.output)")
    #expect(result.output.contains("network.unknown-host") || result.output.contains("network.lookup-"))
  }

  @Test func `A report of 100 MB is refused before it is read whole`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let path = folder + "/report.json"
      #expect(FileManager.default.createFile(atPath: path, contents: Data("{".utf8)))
      try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 100_000_000)
      let result = try await Program("precall-test").run(["report", "show", path])
      #expect(result.code == 65)
      #expect(result.error.contains("it is larger than 1 MB"), "\(result.error)")
    }
  }
}
