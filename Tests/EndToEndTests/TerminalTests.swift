import PrecallTestSupport
import Subprocess
import Testing

/// What a person sees in a terminal: `script` of util-linux gives the program a real one.
@Suite struct TerminalTests {
  private let escape = "\u{1B}["

  @Test func `In a terminal lines are redrawn and words have colour`() async throws {
    let shown = try await inTerminal("TERM=xterm")
    #expect(shown.contains(escape + "2K"))
    #expect(shown.contains(escape + "31m"))
    #expect(shown.contains("problem"), "a word stands beside the colour")
  }

  @Test(arguments: [("NO_COLOR=1 TERM=xterm", ""), ("TERM=dumb", ""), ("TERM=xterm", " --no-color")])
  func `Who wants no colour gets none`(_ setting: String, flag: String) async throws {
    let shown = try await inTerminal(setting, flag)
    for code in ["1m", "2m", "31m", "32m", "33m", "0m"] { #expect(!shown.contains(escape + code)) }
    #expect(shown.contains("problem"))
  }

  @Test func `A locale without UTF-8 gets ASCII`() async throws {
    for arguments in [
      ["--only", "camera"], ["explain"], ["--deadline", "x"], ["explain", "nothing"], ["chek"],
      ["--only", "ear"], ["watch", "--for", "x"],
    ] {
      let program = Program("precall-test", environment: Devices.none.merging(["LC_ALL": "C"]) { $1 })
      let result = try await program.run(arguments)
      #expect(!(result.output + result.error).isEmpty)
      #expect((result.output + result.error).utf8.allSatisfy { $0 < 128 }, "\(arguments): \(result.error)")
    }
  }

  @Test func `No line is longer than 80 columns`() async throws {
    for arguments in [
      ["--only", "camera,microphone"], ["--only", "network"], ["explain"], ["explain", "microphone.muted"],
      ["devices"], ["report", "show", Fixtures.path("reports/good-line-and-devices.json")],
      ["report", "show", "-v", Fixtures.path("reports/good-line-and-devices.json")],
    ] {
      let report = try await Program("precall-test", environment: Devices.none).run(arguments)
      #expect(!report.output.isEmpty)
      for line in report.output.split(separator: "\n") { #expect(line.count <= 80, "\(arguments): \(line)") }
    }
  }

  private func inTerminal(_ settings: String, _ flag: String = "") async throws -> String {
    let devices = Devices.none.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let command =
      "env LANG=C.UTF-8 \(devices) \(settings) \(Fixtures.program("precall-test")) --only camera,microphone\(flag)"
    let result = try await Subprocess.run(
      .name("script"), arguments: ["-qec", command, "/dev/null"],
      environment: .inherit.updating(["NO_COLOR": nil]),
      input: .none, output: .string(limit: 1_000_000), error: .discarded)
    return result.standardOutput
  }
}
