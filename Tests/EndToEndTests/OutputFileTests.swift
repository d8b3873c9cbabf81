import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import Testing

/// Where a report and its samples go: a file is whole or as it was, and nothing else is taken for a file.
@Suite struct OutputFileTests {
  private static let check = ["--only", "camera", "-q", "--format", "plain"]
  private let program = Program("precall-test", environment: Devices.none)

  @Test func `A file is replaced behind its link, with the mode that it had, and nothing stands beside it`()
    async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      try "old".write(toFile: folder + "/kept", atomically: false, encoding: .utf8)
      #expect(chmod(folder + "/kept", 0o640) == 0)
      #expect(symlink("kept", folder + "/link") == 0)
      let result = try await program.run(Self.check + ["-o", folder + "/link"])
      #expect(result.code == 1 && result.output.isEmpty, "\(result.error)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "kept")
      #expect(try text(folder + "/kept").hasPrefix("verdict\t"))
      #expect(mode(of: folder + "/kept") == S_IFREG | 0o640)
      #expect(try names(in: folder) == ["kept", "link"])
    }
  }

  @Test func `A new file is the person's alone, also where a link names it`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      #expect(symlink("new", folder + "/link") == 0)
      for name in ["other", "link"] {
        let result = try await program.run(Self.check + ["-o", "\(folder)/\(name)"])
        #expect(result.code == 1, "\(result.error)")
      }
      #expect(try text(folder + "/new") == text(folder + "/other"))
      #expect(mode(of: folder + "/new") == S_IFREG | 0o600 && mode(of: folder + "/other") == S_IFREG | 0o600)
      #expect(try names(in: folder) == ["link", "new", "other"])
    }
  }

  @Test func `A pipe is written to and stays a pipe`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      let reader = try ChildProcess.spawn(
        ["cat", folder + "/pipe"], environment: ["PATH": "/usr/bin:/bin"], output: folder + "/read")
      let result = try await program.run(Self.check + ["-o", folder + "/pipe"])
      #expect(result.code == 1)
      if mode(of: folder + "/pipe") & S_IFMT != S_IFIFO { ChildProcess.end(reader) }
      #expect(ChildProcess.wait(for: reader) == 0)
      #expect(try text(folder + "/read").hasPrefix("verdict\t"))
      #expect(mode(of: folder + "/pipe") == S_IFIFO | 0o600)
    }
  }

  /// Through a link of its own: a fault here may put a file in the place of /dev/stdout.
  @Test func `Behind a link as /dev/stdout what was written before stays`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      #expect(symlink("/proc/self/fd/1", folder + "/stdout") == 0)
      let command = "echo before > '\(folder)/log'; exec \"$@\" >> '\(folder)/log'"
      let shell = Program("/bin/sh", environment: Devices.none)
      let arguments = [Fixtures.program("precall-test")] + Self.check + ["-o", folder + "/stdout"]
      let result = try await shell.run(["-c", command, "sh"] + arguments)
      #expect(result.code == 1, "\(result.error)")
      #expect(try text(folder + "/log").hasPrefix("before\nverdict\t"))
    }
  }

  @Test func `A full device is told of, and the report is not lost`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let full = Self.fullDevice(in: folder)
      let report = try await program.run(Self.check + ["-o", full])
      #expect(report.code == 74 && report.output.hasPrefix("verdict\t"))
      try Golden.expect(report.error.replacing(full, with: "/dev/full"), is: "cli/full-device.txt")
      let samples = try await program.run(Self.check + ["--samples", full])
      #expect(samples.code == 74 && samples.output.hasPrefix("verdict\t"))
      #expect(samples.error.hasPrefix("error: I tried to write the samples to \(full), but "))
      let both = try await program.run(Self.check + ["-o", full, "--samples", folder + "/samples"])
      #expect(both.code == 74)
      #expect(throws: Never.self) { try Measurements(json: Array(text(folder + "/samples").utf8)) }
    }
  }

  @Test(arguments: [
    ["devices"], ["devices", "--format", "json"], ["explain"], ["explain", "microphone.muted"],
    ["watch", "--read", Fixtures.path("watch/outages.jsonl")],
    ["watch", "--read", Fixtures.path("watch/outages.jsonl"), "--format", "jsonl"],
    ["report", "show", Fixtures.path("reports/good-line-and-devices.json")],
    ["watch", "--local", "--for", "60s", "--format", "jsonl"],
  ])
  func `What was asked for and can't be written is told of by each verb`(arguments: [String]) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let full = Self.fullDevice(in: folder)
      let command = "exec \"$@\" > '\(full)'"
      let shell = Program("/bin/sh", environment: Devices.none, limit: 20)
      let result = try await shell.run(["-c", command, "sh", Fixtures.program("precall-test")] + arguments)
      #expect(result.code == 74, "\(result.error)")
      #expect(
        result.error.contains("error: I tried to write ") && result.error.contains("No space left on device"))
    }
  }

  @Test func `Where the disk is full what was there stays, and nothing half beside it`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try "old".write(toFile: folder + "/kept", atomically: false, encoding: .utf8)
      // A file may have no byte; who ignores the signal gets an error.
      let shell = Program("/bin/sh", environment: Devices.none)
      let result = try await shell.run(
        ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", Fixtures.program("precall-test")] + Self.check
          + ["-o", folder + "/kept"])
      #expect(result.code == 74, "\(result.error)")
      #expect(result.output.hasPrefix("verdict\t"))
      #expect(try text(folder + "/kept") == "old")
      #expect(try names(in: folder) == ["kept"])
    }
  }

  @Test(arguments: ["-o", "--samples"])
  func `What can't be written is told before anything is measured`(option: String) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      for place in [folder, folder + "/none/file", folder + "/kept/file", ""] {
        try "old".write(toFile: folder + "/kept", atomically: false, encoding: .utf8)
        let result = try await program.run(["--only", "camera", "--format", "plain", option, place])
        #expect(result.code == 73, "\(place): \(result.error)")
        #expect(result.output.isEmpty && !result.error.contains("Checking"), "\(result.error)")
      }
      #expect(try names(in: folder) == ["kept"])
    }
  }

  @Test func `A file gets no colour from the terminal, and the characters of the locale`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let policy = folder + "/policy.json"
      try #"{"format_version": 1, "fallback": "Praxis Müller"}"#
        .write(toFile: policy, atomically: false, encoding: .utf8)
      let check = ["--only", "microphone", "--policy", policy, "-o", folder + "/report"]
      for (locale, name) in [("C", "M?ller"), ("C.UTF-8", "Müller")] {
        let shown = try await PseudoTerminal.run(
          "precall-test", check, environment: Devices.none.merging(["LC_ALL": locale]) { $1 })
        #expect(shown.code == 2 && !shown.screen.contains("Do this first"), "\(shown.screen)")
        let report = try text(folder + "/report")
        #expect(!report.contains("\u{1B}") && report.contains(name), "\(report)")
      }
    }
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func mode(of path: String) -> mode_t {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts.st_mode : 0
  }

  /// A device that takes nothing. Root gets one of its own: a fault here may put a file in its place.
  private static func fullDevice(in folder: String) -> String {
    let own = folder + "/full"
    return mknod(own, S_IFCHR | 0o666, dev_t(1 << 8 | 7)) == 0 ? own : "/dev/full"
  }
}
