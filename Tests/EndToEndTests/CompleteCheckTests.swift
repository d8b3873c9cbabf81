import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The built programs against the real server, a real sound daemon and a camera behind the kernel.
@Suite struct CompleteCheckTests {
  /// What a busy machine adds by itself.
  private static let byLoad: Set<String> = [
    "camera.frames-lost", "camera.below-promised", "camera.pauses", "camera.low-frame-rate",
    "microphone.drop-outs", "computer.busy", "network.bufferbloat", "network.jitter",
  ]

  @Test(.enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)))
  func `With good devices and line the complete check is ready`() async throws {
    let result = try await Devices.withBoth { environment in
      try await Program("precall-test", environment: environment)
        .run(["--local", "--format", "json"])
    }
    let report = try Report(json: Array(result.output.utf8))
    #expect(report.isComplete)
    #expect(report.results.allSatisfy { $0.state == .measured })
    #expect(report.verdict.audio == .yes)
    // A busy machine may cost a frame; nothing may be wrong with the devices.
    #expect(report.findings.allSatisfy { $0.severity < .problem }, "\(result.output)")
    let found = Set(report.findings.map { "\($0.kind.code)" })
    #expect(found.isSubset(of: Self.byLoad), "\(found)")
    #expect((report.verdict.outcome == .ready) == !report.findings.contains { $0.severity == .warning })
    #expect(result.code == (report.verdict.outcome == .ready ? 0 : 1))
    for name in ["Virtual HD Camera", "127.0.0.1", ProcessInfo.processInfo.hostName, "virtmic", "Virtual"] {
      #expect(!result.output.contains(name), "the report names \(name)")
    }
    let lines = result.error.split(separator: "\n")
    #expect(
      lines.first?.hasPrefix("Checking this computer for a video visit with a server on this computer")
        == true)
    #expect(lines.count { $0.contains(": testing ") } == 2, "each device that was chosen:\n\(result.error)")
    #expect(lines.count == 6, "one line for each finished check:\n\(result.error)")
  }

  @Test func `Without devices it says so and ends with its own status`() async throws {
    let result = try await Program("precall-test", environment: Devices.none)
      .run(["--only", "microphone,camera", "--format", "json", "-q"])
    let report = try Report(json: Array(result.output.utf8))
    #expect(report.findings.map { "\($0.kind.code)" } == ["microphone.no-sound-server", "camera.no-camera"])
    #expect(report.verdict.outcome == .notReady)
    #expect(result.code == 2)
    #expect(result.error.isEmpty)
  }

  @Test func `Without a server the network is not measured, and that is no pass`() async throws {
    let result = try await Program("precall-test").run(["--only", "network", "--format", "json", "-q"])
    let report = try Report(json: Array(result.output.utf8))
    #expect(report.results.first?.state == .notMeasured(.noServer))
    #expect(result.code == 3)
  }

  @Test func `A server that refuses is found, not an error`() async throws {
    let result = try await Program("precall-test").run([
      "http://127.0.0.1:9", "--only", "network", "--format", "plain", "-q",
    ])
    #expect(result.output.contains("finding\tnetwork.refused\tproblem"))
    #expect(result.code == 2)
  }

  @Test func `A muted microphone decides, with its remedy`() async throws {
    let daemon = try PrivatePulseAudio(modules: [
      "module-null-sink norewinds=1 sink_name=mic", "module-remap-source source_name=desk master=mic.monitor",
    ])
    defer { daemon.shutDown() }
    try daemon.control("set-default-source", "desk")
    try daemon.control("set-source-mute", "desk", "1")
    let result = try await Program("precall-test", environment: ["PULSE_SERVER": daemon.server])
      .run(["--only", "microphone", "-q"])
    #expect(result.output.hasPrefix("Not ready for a video visit."), "\(result.output)")
    #expect(result.output.contains("Do this first: "))
    #expect(result.output.contains("More: precall-test explain microphone.muted\n"))
    #expect(result.code == 2)
  }

  @Test(.enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)))
  func `A busy camera leaves a visit by sound, and its place is named on the screen only`() async throws {
    try await VirtualCamera.with("busy-format") { camera in
      let program = Program(
        "precall-test",
        environment: camera.environment)
      let shown = try await program.run(["--only", "camera", "-q"])
      #expect(shown.output.contains("camera.busy"), "\(shown.output)")
      #expect(shown.code == 1)
      let kept = try await program.run(["--only", "camera", "-q", "--format", "json"])
      #expect(try Report(json: Array(kept.output.utf8)).verdict.video == Verdict.Video.none)
    }
  }

  @Test func `The deadline ends the check with what there is, and that is no pass`() async throws {
    // The program's own start and end are in the limit.
    let result = try await Program("precall-test", limit: 4)
      .run(["--local", "--only", "network", "--deadline", "1", "--format", "json", "-q"])
    let report = try Report(json: Array(result.output.utf8))
    #expect(report.results.first?.state == .partial(.deadline))
    #expect(result.code == 3 || result.code == 2)
  }

  @Test(
    .enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)),
    arguments: ["hung-query", "hung-format", "hung-start", "no-frames"])
  func `The deadline holds where a camera's driver hangs or gives nothing`(script: String) async throws {
    try await VirtualCamera.with(script) { camera in
      try await Fixtures.withTemporaryFolder { folder in
        let start = ContinuousClock.now
        let program = Program("precall-test", environment: camera.environment)
        async let result = program.run(
          ["--only", "camera", "--deadline", "1", "--format", "json", "-q", "-o", folder + "/report"])
        // Its report, since the kernel keeps a process until the driver answers.
        while !FileManager.default.fileExists(atPath: folder + "/report"),
          ContinuousClock.now - start < .seconds(3)
        {
          try await Task.sleep(for: .milliseconds(20))
        }
        let report = try Report(json: Array(String(contentsOfFile: folder + "/report", encoding: .utf8).utf8))
        let states: [CheckResult.State] = [.partial(.deadline), .notMeasured(.deadline)]
        #expect(report.results.contains { $0.check == .camera && states.contains($0.state) })
        #expect(try await result.code == 3)
      }
    }
  }

  @Test func `Each event is a line of JSON, the report last`() async throws {
    let result = try await Program("precall-test", environment: Devices.none)
      .run(["--only", "camera,microphone", "--format", "jsonl", "-q"])
    let events = try result.output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
    let names = events.compactMap { $0["event"]?.string.map { String(decoding: $0, as: UTF8.self) } }
    #expect(names.first == "starting" && names.last == "report")
    #expect(names.filter { $0 == "started" }.count == 2 && names.filter { $0 == "finished" }.count == 2)
    #expect(names.count == 6)
  }

  @Test func `Flags outweigh the environment, and the environment the configuration file`() async throws {
    let file = ["XDG_CONFIG_HOME": Fixtures.path("configuration/good")]
    let camera = ["--only", "camera", "-q"]
    let ofFile = try await Program("precall-test", environment: file).run(["-q"])
    #expect(ofFile.output.hasPrefix("verdict\t"), "the file asks for plain and the camera")
    #expect(ofFile.output.contains("check\tmicrophone\tnot-measured\tnot-asked"))
    let both = file.merging(["PRECALL_FORMAT": "json"]) { $1 }
    #expect(try await Program("precall-test", environment: both).run(camera).output.hasPrefix("{"))
    let human = try await Program("precall-test", environment: both).run(camera + ["--format", "human"])
    #expect(
      human.output.hasPrefix(
        "As far as was checked, the visit will work with limits: sound only. Not checked:"),
      "\(human.output)")
  }

  /// Over this computer's /etc the fixture is laid, for one process only.
  @Test(.enabled(if: getuid() == 0, "skipped: laying a folder over /etc needs root"))
  func `A person's configuration file outweighs the computer's in /etc`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      func output(_ environment: [String: String]) throws -> String {
        let layers = "lowerdir='\(Fixtures.path("configuration/computer"))':/etc"
        let lay = "mount -t overlay overlay -o \(layers) /etc"
        let child = try ChildProcess.spawn(
          ["unshare", "-m", "sh", "-c", "\(lay) && exec '\(Fixtures.program("precall-test"))' -q"],
          environment: environment.merging(["HOME": folder, "PATH": "/usr/bin:/bin"]) { $1 },
          output: folder + "/output")
        _ = ChildProcess.wait(for: child)
        return try String(contentsOfFile: folder + "/output", encoding: .utf8)
      }
      #expect(try output([:]).hasPrefix("{"), "the computer's file asks for JSON")
      let person = try output(["XDG_CONFIG_HOME": Fixtures.path("configuration/good")])
      #expect(person.hasPrefix("verdict\t"), "the person's file asks for plain")
    }
  }
}
