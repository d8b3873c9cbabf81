import FoundationEssentials
import PrecallTestSupport
import Testing

/// What the variables of the environment ask for is done.
@Suite struct SettingsTests {
  @Test(arguments: [
    ("PRECALL_SERVER", "http://127.0.0.1:9", ["--only", "network"], "network.refused"),
    ("PRECALL_ONLY", "camera", [], "check\tmicrophone\tnot-measured\tnot-asked"),
    ("PRECALL_CAMERA", "no such camera", ["--only", "camera"], "camera.not-found"),
    ("PRECALL_FORMAT", "json", ["--only", "camera"], "\"format_version\":1"),
    ("PRECALL_DEADLINE", "7", ["--only", "camera"], "at most 7 s"),
    (
      "PRECALL_POLICY", "FIXTURES/policies/clinic.json", ["--only", "microphone", "--format", "human"],
      "If that does not help: +1 555 0100"
    ),
    (
      "PRECALL_CA_FILE", "FIXTURES/cli/authorities/not-pem.txt", ["--only", "camera"],
      "cli/authorities/not-pem.txt, but it holds no certificate"
    ),
  ])
  func `A variable is obeyed, and a flag outweighs it`(
    name: String, value: String, arguments: [String], says: String
  ) async throws {
    let setting = [name: value.replacing("FIXTURES/", with: Fixtures.path(""))]
    func said(_ environment: [String: String], _ flags: [String] = []) async throws -> String {
      let base = Devices.none.merging(["PRECALL_FORMAT": "plain"]) { $1 }
      let result = try await Program("precall-test", environment: base.merging(environment) { $1 })
        .run(arguments + flags)
      return result.output.replacing(" \"", with: "\"").replacing(": 1", with: ":1") + result.error
    }
    #expect(try await said(setting).contains(says), "\(name)")
    #expect(try await !said([:]).contains(says), "\(name) is not needed for this")
    if let flag = Self.stronger[name] { #expect(try await !said(setting, flag).contains(says), "\(name)") }
  }

  private static let stronger = [
    "PRECALL_ONLY": ["--only", "microphone"], "PRECALL_FORMAT": ["--format", "plain"],
    "PRECALL_DEADLINE": ["--deadline", "8"], "PRECALL_CAMERA": ["--camera", "/dev/null"],
    "PRECALL_POLICY": ["--policy", Fixtures.path("policies/smallest.json")],
    "PRECALL_CA_FILE": ["--ca-file", Fixtures.path("network/tls/ca.pem")],
    "PRECALL_SERVER": ["http://127.0.0.1:9/", "--only", "camera"],
  ]

  @Test(arguments: [
    ("PRECALL_SOURCE", "--source", "microphone.not-found", "desk"),
    ("PRECALL_SINK", "--sink", "speaker.not-found", "loudspeaker"),
  ])
  func `A variable that names a device is obeyed, and a flag outweighs it`(
    name: String, flag: String, code: String, device: String
  ) async throws {
    let daemon = try PrivatePulseAudio(modules: [
      VirtualMicrophone.module("desk"), "module-null-sink norewinds=1 sink_name=loudspeaker",
    ])
    defer { daemon.shutDown() }
    let environment = daemon.environment.merging([name: "no such device"]) { $1 }
    let check = ["--only", "microphone", "-q", "--format", "plain"]
    let program = Program("precall-test", environment: environment)
    let obeyed = try await program.run(check)
    #expect(obeyed.output.contains(code), "\(obeyed.output)")
    let outweighed = try await program.run(check + [flag, device])
    #expect(!outweighed.output.contains(code), "\(outweighed.output)")
  }

  /// The XDG Base Directory Specification takes an empty variable for none.
  @Test func `Settings hold for watching too, and are found where XDG_CONFIG_HOME is empty`() async throws {
    try await Fixtures.withTemporaryFolder { home in
      let folder = home + "/.config/precall"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let file = #"{"local": true, "policy": "\#(Fixtures.path("policies/none.json"))"}"#
      #expect(FileManager.default.createFile(atPath: folder + "/config.json", contents: Data(file.utf8)))
      let person = Program("precall-test", environment: ["HOME": home, "XDG_CONFIG_HOME": ""])
      #expect(try await person.run(["watch", "--for", "1s"]).code == 66)
      let policy = ["--policy", Fixtures.path("policies/smallest.json")]
      #expect(try await person.run(["watch", "--for", "1s"] + policy).code == 0)
    }
  }

  /// One setting after the other is taken from the strongest place that has it.
  @Test func `Each place has its say only where no stronger one spoke`() async throws {
    let environment = [
      "XDG_CONFIG_HOME": Fixtures.path("configuration/good"), "PRECALL_FORMAT": "json",
      "PRECALL_DEADLINE": "9",
    ].merging(Devices.none) { $1 }
    let result = try await Program("precall-test", environment: environment).run(["--deadline", "11"])
    #expect(result.error.contains("s, at most 11 s)"), "the flag's deadline")
    #expect(result.output.hasPrefix("{"), "the variable's format")
    #expect(result.output.contains("camera.no-camera") && !result.output.contains("microphone."))
    let soon = try await Program("precall-test", environment: environment).run(["--deadline", "1"])
    #expect(soon.error.contains("(at most 1 s)"), "no longer time than that is promised: \(soon.error)")
  }
}
