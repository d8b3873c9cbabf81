import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// Nothing of a picture stays: not in what the program says, not in its files, not in its memory.
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
        // A server that takes connections and says nothing keeps the program busy after the camera.
        let silent = try PrivacyTests.SilentServer()
        let words = [
          Fixtures.program("precall-test"), "--only", "camera,network", "--format", "jsonl", "-v",
          "http://127.0.0.1:\(silent.port)",
        ]
        let process = try ChildProcess.spawn(
          words,
          environment: [
            "PRECALL_DEVICE_ROOT": camera.deviceRoot, "PRECALL_SYSFS_ROOT": camera.sysfsRoot, "HOME": folder,
          ], output: folder + "/output")
        defer {
          kill(process, SIGKILL)
          _ = ChildProcess.wait(for: process)
        }
        var needles = [Self.plain, Self.decoded]
        try wait {
          try Self.piece(ofPictureIn: ListeningMemory(of: process, onlyShared: true)).map {
            needles.append($0)
          } != nil
        }
        // A compressed one has to be decoded, into memory that is wiped at once.
        if script == "good-nv12" {
          kill(process, SIGSTOP)
          let during = try ListeningMemory(of: process)
          #expect(during.privateRegions(holding: needles) == [])
          #expect(try Self.output(in: folder).range(of: Data("\"finished\"".utf8)) == nil, "it was over")
          kill(process, SIGCONT)
        }
        try wait { try Self.output(in: folder).range(of: Data("\"finished\"".utf8)) != nil }
        // It must not end while it is looked at.
        kill(process, SIGSTOP)
        let after = try ListeningMemory(of: process)
        #expect(after.count > 20)
        #expect(after.privateRegions(holding: needles) == [])
        #expect(!after.holdsShared(needles))
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
        #expect(files.contains("output"))
        for file in files {
          let said = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
          #expect(needles.allSatisfy { said.range(of: $0) == nil }, "\(file)")
        }
      }
    }
  }

  private static func output(in folder: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder + "/output"))
  }

  /// Some bytes from the middle of a picture as the driver shows it: what is searched for is really there.
  private static func piece(ofPictureIn memory: ListeningMemory) -> Data? {
    for bytes in memory.shared where bytes.count > 32_768 {
      let piece = Data(bytes.dropFirst(8_192).prefix(64))
      if Set(piece).count > 8 { return piece }
    }
    return nil
  }

  private func wait(_ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(20)
    while try !condition() {
      guard ContinuousClock.now < end else { throw RigError("it did not come to this within 20 s") }
      usleep(10_000)
    }
  }
}
