import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// Nothing of the sound stays: not in what the program says, not in its files, not in its memory, not in a core.
@Suite("Sound stays private") struct PrivacyTests {
  /// Ten milliseconds of noise again and again, so that every block that is kept anywhere holds all of it.
  private static let pattern = Array(Waveform.noise(amplitude: 0.5, seconds: 0.01))

  /// Sixteen samples of it as each type that sound is kept in.
  private static let needles: [Data] = {
    let part = pattern[100..<116]
    return [
      part.withUnsafeBytes { Data($0) }, part.map { Float($0) / 32_768 }.withUnsafeBytes { Data($0) },
      part.map { Double($0) / 32_768 }.withUnsafeBytes { Data($0) },
    ]
  }()

  /// The memory that libpulse shares with the sound server is where sound is handed over: PulseAudio keeps it
  /// there, PipeWire sends it there.
  @Test(
    "While it listens, the sound is where it is handed over, also during its own tone; afterwards nowhere",
    arguments: SoundServerKind.allCases)
  func memory(on kind: SoundServerKind) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let room = try Room(on: kind)
      let run = try room.listen(["--speaker"], in: folder)
      for step in ["voice", "tone"] {
        try wait("it did not come to the \(step): \(run.said)") { step == "voice" || room.isPlaying }
        #expect(try run.stops(before: "microphone") { $0.holdsShared(Self.needles) }, "\(step)")
        let during = try run.memory()
        #expect(during.privateRegions(holding: Self.needles) == [], "\(step)")
        #expect(during.holdsShared(Self.needles), "\(step)")
      }
      try wait("it did not end: \(run.said)") { run.hasFinished("microphone") }
      let after = try run.memory()
      #expect(after.count > 20)
      #expect(after.privateRegions(holding: Self.needles) == [])
      #expect(!after.holdsShared(Self.needles))
      let files = try run.finish()
      #expect(files.count > 1 && !files[0].isEmpty)
      #expect(files.allSatisfy { file in Self.needles.allSatisfy { file.range(of: $0) == nil } })
    }
  }

  @Test(
    "A crash while it listens leaves no core dump, where others do, nor a report with memory in it",
    arguments: SoundServerKind.allCases)
  func core(on kind: SoundServerKind) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      guard try ChildProcess.leavesCore(in: folder) else {
        print("skipped: a crash on this computer leaves no core dump at all")
        return
      }
      let room = try Room(on: kind)
      let run = try room.listen([], in: folder)
      #expect(try run.stops(before: "microphone") { $0.holdsShared(Self.needles) })
      #expect(run.crash() == (SIGSEGV, false))
      #expect(run.files.allSatisfy { file in Self.needles.allSatisfy { file.range(of: $0) == nil } })
      #expect(!run.said("Registers:"), "a report of the crash shows memory")
    }
  }

  /// A sound server with a microphone that gives the pattern.
  private final class Room {
    private let daemon: any PrivateSoundServer
    private let feeder: VirtualMicrophone

    init(on kind: SoundServerKind) throws {
      daemon = try kind.start([
        VirtualMicrophone.module("microphone"), "module-null-sink norewinds=1 sink_name=speaker",
      ])
      try daemon.control("set-default-source", "microphone")
      try daemon.control("set-default-sink", "speaker")
      feeder = try VirtualMicrophone(PrivacyTests.pattern, into: daemon, named: "microphone")
    }

    func listen(_ arguments: [String], in folder: String) throws -> StandingProgram {
      let environment = type(of: daemon).environment(in: daemon.directory)
      return try StandingProgram(
        ["--only", "microphone"] + arguments, in: folder,
        environment: environment.merging(daemon.environment) { $1 })
    }

    /// Whether a program plays something right now.
    var isPlaying: Bool { (try? daemon.control("list", "short", "sink-inputs"))?.isEmpty == false }

    deinit {
      feeder.stop()
      daemon.shutDown()
    }
  }
}
