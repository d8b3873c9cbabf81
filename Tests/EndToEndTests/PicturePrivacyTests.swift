import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// Nothing of a picture stays: not in what the program says, not in its files, not in its memory, not in a core.
@Suite("Pictures stay private", .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
struct PicturePrivacyTests {
  /// Luma as the camera's scene has it somewhere in every frame: two equal columns, then one more (plain), or
  /// blocks of eight, four apart (once decoded).
  private static let plain = Data((0..<24).map { UInt8(100 + $0 / 2) })
  private static let decoded = Data((0..<32).map { UInt8(100 + $0 / 8 * 4) })

  @Test(
    "While it looks a plain picture is in the driver's memory alone; afterwards none is anywhere",
    arguments: ["good-nv12", "good"])
  func memory(script: String) async throws {
    try await VirtualCamera.with(script) { camera in
      try await Fixtures.withTemporaryFolder { folder in
        let (run, piece) = try Self.look(through: camera, in: folder)
        let needles = [Self.plain, Self.decoded, piece]
        // A compressed one has to be decoded, into memory that is wiped at once.
        let during = try run.memory()
        #expect(script != "good-nv12" || during.privateRegions(holding: needles) == [])
        try wait("it did not end: \(run.said)") { run.hasFinished("camera") }
        let after = try run.memory()
        #expect(after.count > 20)
        #expect(after.privateRegions(holding: needles) == [])
        #expect(!after.holdsShared(needles))
        let files = try run.finish()
        #expect(files.count > 1 && !files[0].isEmpty)
        #expect(files.allSatisfy { file in needles.allSatisfy { file.range(of: $0) == nil } })
      }
    }
  }

  @Test(
    "A crash while it looks leaves no core dump, where others do, nor a report with memory in it"
  )
  func core() async throws {
    try await VirtualCamera.with("good-nv12") { camera in
      try await Fixtures.withTemporaryFolder { folder in
        guard try ChildProcess.leavesCore(in: folder) else {
          print("skipped: a crash on this computer leaves no core dump at all")
          return
        }
        let (run, _) = try Self.look(through: camera, in: folder)
        #expect(run.crash() == (SIGSEGV, false))
        #expect(!run.said("Registers:"), "a report of the crash shows memory")
      }
    }
  }

  /// A run that stands still while the driver shows it a picture, and some of that picture. On a busy
  /// computer the two seconds of a run can be over before it is looked at; then there is another.
  private static func look(
    through camera: VirtualCamera, in folder: String
  ) throws -> (run: StandingProgram, piece: Data) {
    for attempt in 1...3 {
      let own = "\(folder)/\(attempt)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      let run = try StandingProgram(
        ["--only", "camera"], in: own,
        environment: camera.environment)
      var piece: Data?
      let isThere = try run.stops(before: "camera") { memory in
        piece = Self.piece(ofPictureIn: memory)
        return piece != nil
      }
      if isThere, let piece { return (run, piece) }
    }
    throw RigError("three runs were over before they could be looked at")
  }

  /// Some bytes from the middle of a picture as the driver shows it: what is searched for is really there.
  private static func piece(ofPictureIn memory: ListeningMemory) -> Data? {
    for bytes in memory.shared where bytes.count > 32_768 {
      let piece = Data(bytes.dropFirst(8_192).prefix(64))
      if Set(piece).count > 8 { return piece }
    }
    return nil
  }
}
