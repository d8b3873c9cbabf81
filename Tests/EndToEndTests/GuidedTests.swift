import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The microphone check as a person sees it in a terminal.
@Suite("The guided microphone check") struct GuidedTests {
  private static let request = "Please say a sentence now"

  private static let modules = [
    VirtualMicrophone.module("microphone", properties: "device.description=microphone"),
    "module-null-sink norewinds=1 sink_name=speaker",
  ]

  private func run(
    _ arguments: [String], hearing samples: [Int16]? = nil, on kind: SoundServerKind = .pulseAudio,
    columns: Int = 80
  ) async throws -> PseudoTerminal.Result {
    let daemon = try kind.start(Self.modules)
    defer { daemon.shutDown() }
    try daemon.control("set-default-source", "microphone")
    try daemon.control("set-default-sink", "speaker")
    let feeder = try VirtualMicrophone(
      samples ?? Speech.samples.get(), into: daemon, named: "microphone")
    defer { feeder.stop() }
    let environment = type(of: daemon).environment(in: daemon.directory)
      .merging(daemon.environment) { $1 }
    return try await PseudoTerminal.run(
      "precall-test", ["--only", "microphone"] + arguments, environment: environment, columns: columns)
  }

  /// The rows that a terminal shows after what was written to it: it wraps, and moves the cursor up and back.
  private func rows(of written: String, columns: Int) -> [String] {
    var (rows, row, column): ([[Character]], Int, Int) = ([[]], 0, 0)
    var rest = Array(written.replacing("\r\n", with: "\n"))[...]
    while let character = rest.popFirst() {
      if character == "\u{1B}", rest.first == "[" {
        let sequence = rest.dropFirst().prefix { !$0.isLetter }
        rest = rest.dropFirst(1 + sequence.count)
        switch rest.popFirst() {
        case "A": (row, column) = (max(0, row - (Int(String(sequence)) ?? 1)), 0)
        case "J": rows = rows.prefix(row) + [Array(rows[row].prefix(column))]
        case "K": rows[row] = []
        default: break
        }
        continue
      }
      if character != "\n" {
        if column == columns { (row, column) = (row + 1, 0) }
        if row == rows.count { rows.append([]) }
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
      } else {
        (row, column) = (row + 1, 0)
        if row == rows.count { rows.append([]) }
      }
    }
    return rows.map { String($0) }
  }

  @Test("However narrow the terminal is, the request stands there once", arguments: [40, 60, 76, 77, 100])
  func narrow(columns: Int) async throws {
    let result = try await run([], columns: columns)
    let listening = try #require(result.screen.range(of: "\u{2588}", options: .backwards))
    let shown = rows(of: String(result.screen[..<listening.upperBound]), columns: columns)
    #expect(shown.count { $0.hasPrefix("Please say") } == 1, "\(shown)")
    #expect(shown.count <= 8 && shown.allSatisfy { $0.count <= columns }, "\(shown)")
    let end = rows(of: result.screen, columns: columns)
    #expect(!end.contains { $0.contains("Please say") }, "\(end)")
  }

  @Test("A terminal that can't draw a line again is asked once, and gets one line a check", arguments: [30])
  func tooNarrow(columns: Int) async throws {
    let result = try await run([], columns: columns)
    #expect(result.screen.ranges(of: "Please say").count == 1 && !result.screen.contains("\u{1B}[2K"))
    #expect(result.screen.contains("microphone: testing"), "\(result.screen)")
  }

  @Test(
    "In a terminal it asks for a sentence, shows the level, hears it and says the result",
    arguments: SoundServerKind.allCases)
  func guided(on kind: SoundServerKind) async throws {
    let result = try await run([], on: kind)
    #expect(result.code <= 1, "\(result.screen)")
    #expect(result.screen.contains(Self.request))
    #expect(result.screen.contains("\u{2588}"))
    #expect(result.screen.contains("I hear you; go on"))
    #expect(result.screen.contains("Loudness of your voice"))
    #expect(result.screen.contains("Microphone tested: microphone, the default"), "\(result.screen)")
  }

  @Test("M17: who speaks into a microphone that a switch has muted hears of the switch")
  func muteSwitch() async throws {
    // What is left of a microphone behind its switch: the noise of the converter.
    let noise = Waveform.noise(amplitude: 0.000_6)
    let result = try await run([], hearing: noise)
    #expect(result.screen.contains(Self.request))
    #expect(result.screen.contains("Check the mute switch"), "\(result.screen)")
    #expect(!result.screen.contains("I hear you"))
    // Nobody was asked: then a quiet room is no fault.
    let unasked = try await run(["--no-speech"], hearing: noise)
    #expect(!unasked.screen.contains("mute switch"), "\(unasked.screen)")
  }

  @Test("It asks for nothing with --no-speech, and nothing with -q", arguments: ["--no-speech", "-q"])
  func unguided(flag: String) async throws {
    let result = try await run([flag])
    #expect(result.code <= 1, "\(result.screen)")
    #expect(!result.screen.contains(Self.request))
    #expect(!result.screen.contains("I hear you"))
  }

  @Test("Which microphone is tested, and why, stands on the screen and not in what is kept")
  func choice() async throws {
    let daemon = try PrivatePulseAudio(modules: [
      VirtualMicrophone.module("desk", properties: "device.description=Annas-Headset"), Self.modules[1],
    ])
    defer { daemon.shutDown() }
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: daemon, named: "desk")
    defer { feeder.stop() }
    for (arguments, why) in [([], "the default"), (["--source", "annas"], "as you asked")] {
      let result = try await Program("precall-test", environment: daemon.environment)
        .run(["--only", "microphone", "--format", "jsonl"] + arguments)
      #expect(result.error.contains("microphone: testing Annas-Headset, \(why)\n"), "\(result.error)")
      #expect(!result.output.contains("Annas"))
    }
    try daemon.control("set-default-source", "speaker.monitor")
    let other = try await Program("precall-test", environment: daemon.environment).run([
      "--only", "microphone",
    ])
    #expect(other.error.contains("since the default only records a speaker"), "\(other.error)")
  }

  @Test("Without a terminal nobody is asked")
  func noTerminal() async throws {
    let daemon = try PrivatePulseAudio(modules: Self.modules)
    defer { daemon.shutDown() }
    let feeder = try VirtualMicrophone(Speech.samples.get(), into: daemon, named: "microphone")
    defer { feeder.stop() }
    try await Fixtures.withTemporaryFolder { folder in
      let samples = folder + "/samples.json"
      let result = try await Program("precall-test", environment: daemon.environment)
        .run(["--only", "microphone", "--samples", samples])
      #expect(!(result.output + result.error).contains(Self.request))
      let kept = try JSONReader.read(Array(Data(contentsOf: URL(filePath: samples))))
      let heard = kept["microphone"]?["sound"]?["samples_count"]?.integer ?? 0
      #expect((96_000..<110_000).contains(heard), "2 s at 48 kHz, and the block that was under way: \(heard)")
    }
  }
}
