import Foundation
import PrecallTestSupport
import Testing

/// `--snapshot`: one picture, only when asked, in a new file of its owner alone.
@Suite("A picture that was asked for", .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
struct SnapshotTests {
  private func run(
    _ script: String, _ arguments: [String]
  ) async throws -> Program.Result {
    try await VirtualCamera.with(script) { camera in
      return try await Program("precall-test", environment: camera.environment)
        .run(["--only", "camera", "-q"] + arguments)
    }
  }

  @Test(
    "The picture is what the camera saw, from compressed and plain formats",
    arguments: ["good", "good-nv12", "padded-lines"])
  func picture(script: String) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let path = folder + "/picture.png"
      let result = try await run(script, ["--snapshot", path])
      #expect([0, 1].contains(result.code), "\(result.output)\(result.error)")
      #expect(result.error.isEmpty)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let picture = try Picture(reading: path)
      // Luma rises by one every two columns and every line, from 40 to 199; blocks of 8 where it is JPEG.
      let grey = (0..<8).map { picture.green(64 + $0 * 16, 40) }
      for (one, next) in zip(grey, grey.dropFirst()) where next > one {
        #expect((5...14).contains(next - one))
      }
      #expect(zip(grey, grey.dropFirst()).count { $1 > $0 } >= 6, "\(grey)")
    }
  }

  @Test("A file that is there is never overwritten, and nothing is measured first")
  func existing() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let path = folder + "/picture.png"
      try Data("mine".utf8).write(to: URL(filePath: path))
      let result = try await run("good", ["--snapshot", path])
      #expect(result.code == 73)
      #expect(result.error.contains("is there already; name a new one."), "\(result.error)")
      #expect(result.output.isEmpty)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
      let missing = try await run("good", ["--snapshot", folder + "/none/picture.png"])
      #expect(missing.code == 73 && missing.error.contains("No such file"), "\(missing.error)")
    }
  }

  @Test("A camera without a picture leaves no file", arguments: ["no-frames", "busy-format"])
  func none(script: String) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let path = folder + "/picture.png"
      let result = try await run(script, ["--snapshot", path])
      #expect(result.error.contains("but the camera gave none."), "\(result.error)")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("Nobody asked, nothing is kept; and without the camera there is nothing to ask for")
  func unasked() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      _ = try await run("good", ["--samples", folder + "/samples.json"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["samples.json"])
      for asked in [["--only", "network", "--snapshot"], ["-o", folder + "/a.png", "--snapshot"]] {
        let result = try await Program("precall-test").run(asked + [folder + "/a.png"])
        #expect(result.code == 64)
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.png"))
    }
  }

  /// A PNG as another program reads it: Python's zlib, which checks every sum.
  private struct Picture {
    private let width: Int
    private let pixels: Data

    init(reading path: String) throws {
      let out = path + ".rgb"
      let script = """
        import struct, sys, zlib
        b = open(sys.argv[1], 'rb').read()
        assert b[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
        at, data = 8, b''
        while at < len(b):
            size, = struct.unpack('>I', b[at:at + 4])
            name, body = b[at + 4:at + 8], b[at + 8:at + 8 + size]
            assert zlib.crc32(name + body) == struct.unpack('>I', b[at + 8 + size:at + 12 + size])[0]
            if name == b'IHDR': width, height = struct.unpack('>II', body[:8])
            if name == b'IDAT': data += body
            at += 12 + size
        assert name == b'IEND'
        raw = zlib.decompress(data)
        assert len(raw) == height * (width * 3 + 1)
        open(sys.argv[2], 'wb').write(struct.pack('>I', width) + b''.join(
            raw[y * (width * 3 + 1) + 1:(y + 1) * (width * 3 + 1)] for y in range(height)))
        """
      let child = try ChildProcess.spawn(
        ["python3", "-c", script, path, out], environment: ["PATH": "/usr/bin:/bin"], output: path + ".log")
      let status = ChildProcess.wait(for: child)
      let words = (try? String(contentsOfFile: path + ".log", encoding: .utf8)) ?? ""
      guard status == 0 else { throw RigError("the picture can't be read: \(words)") }
      let bytes = try Data(contentsOf: URL(filePath: out))
      width = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      pixels = Data(bytes.dropFirst(4))
    }

    func green(_ x: Int, _ y: Int) -> Int { Int(pixels[(y * width + x) * 3 + 1]) }
  }
}
