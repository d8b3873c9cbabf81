import PrecallCore
import PrecallTestSupport
import Testing

/// Faults of devices as the built command tells them: the code in its report, and its exit status.
@Suite struct DeviceFailureTests {
  @Test(
    .enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)),
    arguments: [
      ("black", "black"), ("frozen", "frozen"), ("no-frames", "no-frames"), ("low-rate", "below-promised"),
      ("low-rate-in-the-dark", "low-frame-rate"), ("unplugged", "unplugged"), ("gone", "gone"),
      ("no-permission", "no-rights"), ("busy-format", "busy"), ("busy-buffers", "busy"),
      ("busy-start", "busy"), ("metadata-only", "no-capture-node"), ("no-format", "no-usable-format"),
      ("hung-start", "no-answer"), ("no-camera", "no-camera"),
    ])
  func `A fault of the camera leaves a visit by sound`(script: String, code: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let result = try await Program("precall-test", environment: camera.environment)
        .run(["--only", "camera", "-q", "--format", "json"])
      let report = try Report(json: Array(result.output.utf8))
      let found = try #require(report.findings.first { $0.severity == .problem }, "\(result.output)")
      #expect("\(found.kind.code)" == "camera.\(code)")
      #expect(result.code == 1 && report.verdict.outcome == .usable)
    }
  }

  private static let desk = VirtualMicrophone.module("desk")
  private static let sink = "module-null-sink norewinds=1 sink_name=speaker"

  @Test(arguments: [
    ("muted", "muted", [desk], ["set-source-mute", "desk", "1"], Int32(2)),
    ("at volume zero", "volume-zero", [desk], ["set-source-volume", "desk", "0"], 2),
    ("absent", "none", [], [], 2), ("only a recording of the speaker", "only-monitors", [sink], [], 2),
    ("without a program that feeds it", "virtual-idle", [desk], [], 2),
  ])
  func `A fault of the microphone ends the visit`(
    what: String, code: String, modules: [String], setting: [String], status: Int32
  ) async throws {
    let daemon = try PrivatePulseAudio(modules: modules)
    defer { daemon.shutDown() }
    if setting.count == 3 { try daemon.control(setting[0], setting[1], setting[2]) }
    try await expect("microphone.\(code)", status, on: daemon, what)
  }

  private static let sounds: [(code: String, samples: @Sendable () throws -> [Int16], status: Int32)] = [
    ("silent", { Waveform.silence() }, 1), ("noise-only", { Waveform.noise(amplitude: 0.1) }, 1),
    ("clipping", { Waveform.scaled(try Speech.samples.get(), by: 16) }, 1),
    ("too-quiet", { Waveform.scaled(try Speech.samples.get(), by: 0.01) }, 2),
  ]

  @Test(arguments: sounds)
  func `A fault of the sound is told`(
    code: String, samples: @Sendable () throws -> [Int16], status: Int32
  ) async throws {
    let daemon = try PrivatePulseAudio(modules: [Self.desk, Self.sink])
    defer { daemon.shutDown() }
    let voice = try VirtualMicrophone(samples(), into: daemon, named: "desk")
    defer { voice.stop() }
    try await expect("microphone.\(code)", status, on: daemon, code)
  }

  private func expect(
    _ code: String, _ status: Int32, on daemon: PrivatePulseAudio, _ what: String
  ) async throws {
    let result = try await Program("precall-test", environment: daemon.environment)
      .run(["--only", "microphone", "-q", "--format", "json"])
    let report = try Report(json: Array(result.output.utf8))
    #expect(report.findings.contains { "\($0.kind.code)" == code }, "\(what): \(result.output)")
    #expect(result.code == status, "\(what): \(result.output)")
  }
}
