import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import Testing

/// The program with its sound options, as a person would run it, against real sound servers.
@Suite("The sound of the program", .serialized) struct SoundCommandTests {
  private static let microphone = VirtualMicrophone.module("microphone")
  private static func sink(_ name: String) -> String { "module-null-sink norewinds=1 sink_name=\(name)" }

  /// The report of one run, and what else was printed.
  private func run(
    _ arguments: [String], on daemon: any PrivateSoundServer
  ) async throws -> (report: JSONValue, codes: [String], text: String) {
    let result = try await Program("precall-test", environment: daemon.environment)
      .run(["--only", "microphone", "--format", "json"] + arguments)
    let report = try JSONReader.read(Array(result.output.utf8))
    let codes = (report["findings"]?.array ?? []).map {
      String(decoding: $0["code"]?.string ?? [], as: UTF8.self)
    }
    return (report, codes, result.output)
  }

  private func echo(_ report: JSONValue) -> Int64? {
    report["checks"]?["microphone"]?["metrics"]?["speaker.echo"]?["measured_mdb"]?.integer
  }

  @Test("M37: --speaker plays a tone, which the microphone hears through the air, as loud as the air lets it")
  func heard() async throws {
    let room = try PrivatePulseAudio(modules: [
      Self.sink("speaker"), Self.sink("air"), "module-remap-source source_name=microphone master=air.monitor",
      "module-loopback source=speaker.monitor sink=air latency_msec=120 adjust_time=0",
    ])
    defer { room.shutDown() }
    try room.control("set-default-sink", "speaker")
    try room.control("set-default-source", "microphone")
    let loop = try room.control("list", "short", "sink-inputs").prefix { $0.isNumber }
    try room.control("set-sink-input-volume", String(loop), "-12dB")
    let heard = try await run(["--speaker"], on: room)
    #expect(abs(Double(try #require(echo(heard.report))) / 1_000 + 12) < 3, "\(heard.text)")
    #expect(heard.codes.contains("speaker.echo"))
    let unasked = try await run([], on: room)
    #expect(echo(unasked.report) == nil && !unasked.codes.contains("speaker.echo"))
  }

  @Test("A device's name can't command the terminal, in no list and no check", arguments: ["human", "plain"])
  func hostileName(format: String) async throws {
    let room = try PrivatePulseAudio(modules: [
      VirtualMicrophone.module("desk", properties: "device.description='A\u{1B}[31m\u{9B}B'")
    ])
    defer { room.shutDown() }
    try room.control("set-default-source", "desk")
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: room, named: "desk")
    defer { feeder.stop() }
    let program = Program("precall-test", environment: room.environment)
    let listed = try await program.run(["devices", "--format", format])
    let checked = try await program.run(["--only", "microphone", "--format", format])
    #expect(listed.output.contains("A [31m"), "\(listed.output)")
    #expect(checked.error.contains("testing A [31m"), "\(checked.error)")
    for text in [listed.output, listed.error, checked.output, checked.error] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }
  }

  @Test(
    "--sink takes a speaker by name, number or part of its description, and says where there is none or two")
  func sink() async throws {
    let room = try PrivatePulseAudio(modules: [
      Self.microphone, Self.sink("desk"), Self.sink("lamp") + " sink_properties=device.description=Bedroom",
    ])
    defer { room.shutDown() }
    try room.control("set-default-source", "microphone")
    try room.control("set-default-sink", "desk")
    try room.control("set-sink-mute", "lamp", "1")
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: room, named: "microphone")
    defer { feeder.stop() }
    #expect(try await !run([], on: room).codes.contains("speaker.muted"))
    #expect(try await run(["--sink", "lamp"], on: room).codes.contains("speaker.muted"))
    #expect(try await run(["--sink", "bedroom"], on: room).codes.contains("speaker.muted"))
    let sinks = try room.control("list", "short", "sinks").split(separator: "\n")
    for line in sinks {
      let isLamp = line.contains("\tlamp\t")
      let codes = try await run(["--sink", "\(line.prefix { $0.isNumber })"], on: room).codes
      #expect(codes.contains("speaker.muted") == isLamp, "\(line)")
    }
    #expect(sinks.count == 2)
    #expect(try await run(["--sink", "garden"], on: room).codes.contains("speaker.not-found"))
  }

  @Test("--speaker into headphones has no echo; into a suspended speaker it says that nothing was played")
  func unheard() async throws {
    let room = try PrivatePulseAudio(modules: [Self.microphone, Self.sink("speaker")])
    defer { room.shutDown() }
    try room.control("set-default-source", "microphone")
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: room, named: "microphone")
    defer { feeder.stop() }
    let headphones = try await run(["--speaker"], on: room)
    #expect(echo(headphones.report) == nil)
    #expect(!headphones.codes.contains { $0.hasPrefix("speaker.") }, "\(headphones.codes)")
    try room.control("suspend-sink", "speaker", "1")
    #expect(try await run(["--speaker"], on: room).codes.contains("speaker.failed"))
  }

  @Test("A part of two names lists both on the screen, and no name in the report; a number is exact")
  func choice() async throws {
    let daemon = try PrivatePulseAudio(modules: [
      VirtualMicrophone.module("first", properties: "device.description='Headset left'"),
      VirtualMicrophone.module("second", properties: "device.description='Headset right'"),
      Self.sink("speaker"),
    ])
    defer { daemon.shutDown() }
    try daemon.control("set-source-mute", "second", "1")
    let report = try await run(["--source", "headset"], on: daemon)
    #expect(report.codes == ["microphone.ambiguous"])
    #expect(!report.text.contains("Headset"))
    let screen = try await Program("precall-test", environment: daemon.environment)
      .run(["--only", "microphone", "--format", "human", "--source", "headset"])
    let words = screen.output.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("(0: Headset left, 1: Headset right)"), "\(screen.output)")
    #expect(try await run(["--source", "1"], on: daemon).codes.contains("microphone.muted"))
  }

  @Test("The program hears speech through PipeWire, and says nothing against it")
  func pipeWire() async throws {
    let pipeWire = try SoundServerKind.pipeWire.start([Self.microphone, Self.sink("speaker")])
    defer { pipeWire.shutDown() }
    try pipeWire.control("set-default-source", "microphone")
    try pipeWire.control("set-default-sink", "speaker")
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: pipeWire, named: "microphone")
    defer { feeder.stop() }
    let result = try await run(["--speaker"], on: pipeWire)
    #expect(result.codes.isEmpty, "\(result.codes)")
    let level = result.report["checks"]?["microphone"]?["metrics"]?["microphone.speech-level"]
    #expect(level?["measured_mdb"]?.integer != nil)
  }

  @Test(
    "M3: run as another user, the program finds the sound server out of its reach, by either address",
    .enabled(if: geteuid() == 0, "only root can become another user"),
    arguments: ["XDG_RUNTIME_DIR=", "PULSE_SERVER=unix:"])
  func otherUser(address: String) async throws {
    let daemon = try PrivatePulseAudio(modules: [Self.microphone])
    defer { daemon.shutDown() }
    let place = address + daemon.directory + (address.hasSuffix(":") ? "/native" : "")
    let output = daemon.directory + "/wrong-user"
    let child = try ChildProcess.spawn(
      [
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", place,
        Fixtures.program("precall-test"), "--only", "microphone", "--quiet", "--format", "plain",
      ], environment: ["PATH": "/usr/bin:/bin"], output: output)
    #expect(ChildProcess.wait(for: child) == 2)
    let said = try String(contentsOfFile: output, encoding: .utf8)
    let found = said.split(separator: "\n").filter { $0.hasPrefix("finding\t") }
    #expect(found.count == 1 && said.contains("finding\tmicrophone.wrong-user\t"), "\(said)")
  }
}
