import Foundation
import Glibc
import PrecallCore
import PrecallTestSupport
import Testing

/// What the program says where it may not use a camera that is there.
@Suite("Cameras that may not be used", .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
struct CameraAccessTests {
  private static func codes(of report: String) throws -> [String] {
    let findings = try JSONReader.read(Array(report.utf8))["findings"]?.array ?? []
    return findings.map { String(decoding: $0["code"]?.string ?? [], as: UTF8.self) }
  }

  private let check = ["--only", "camera", "--quiet", "--format", "json"]

  @Test(
    "C4: in a snap and in a Flatpak a refused camera is the sandbox's doing",
    arguments: ["no-permission", "gone-open"])
  func sandbox(script: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let plain = camera.environment
      let outside = try await Program("precall-test", environment: plain).run(check)
      #expect(try Self.codes(of: outside.output) != ["camera.sandboxed"])
      let snap = plain.merging(["SNAP": "/snap/precall/1"]) { $1 }
      let inSnap = try await Program("precall-test", environment: snap).run(check)
      #expect(try Self.codes(of: inSnap.output) == ["camera.sandboxed"])
      let flatpak = try Self.inFlatpak(check, plain)
      #expect(try Self.codes(of: flatpak) == ["camera.sandboxed"], "\(flatpak)")
    }
  }

  @Test("C4: in a snap a computer without a camera has none, unless the list of cameras can't be read")
  func sandboxWithoutCamera() async throws {
    try await VirtualCamera.with("no-camera") { camera in
      let snap = camera.environment.merging(["SNAP": "/snap/precall/1"]) { $1 }
      let inSnap = try await Program("precall-test", environment: snap).run(check)
      #expect(try Self.codes(of: inSnap.output) == ["camera.no-camera"], "\(inSnap.output)")
      // What keeps the superuser from a folder is that he is not let past its rights.
      #expect(chmod(camera.sysfsRoot, 0) == 0)
      defer { chmod(camera.sysfsRoot, 0o755) }
      let output = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)")
        .path()
      defer { try? FileManager.default.removeItem(atPath: output) }
      for (variables, code) in [(snap, "camera.sandboxed"), (camera.environment, "camera.no-camera")] {
        let child = try ChildProcess.spawn(
          ["setpriv", "--bounding-set=-all", Fixtures.program("precall-test")] + check,
          environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"].merging(variables) { $1 },
          output: output)
        _ = ChildProcess.wait(for: child)
        let report = try String(contentsOfFile: output, encoding: .utf8)
        #expect(try Self.codes(of: report) == [code], "\(report)")
      }
    }
  }

  @Test("In a sandbox that has the camera the sandbox is no finding")
  func open() async throws {
    try await VirtualCamera.with("good-nv12") { camera in
      let snap = camera.environment.merging(["SNAP": "/snap/precall/1"]) { $1 }
      let result = try await Program("precall-test", environment: snap).run(check)
      #expect(try !Self.codes(of: result.output).contains("camera.sandboxed"))
    }
  }

  @Test("The group that owns the camera is named, and the remedy has it", arguments: ["human", "plain"])
  func group(format: String) async throws {
    try await VirtualCamera.with("no-permission-group") { camera in
      let result = try await Program("precall-test", environment: camera.environment)
        .run(["--only", "camera", "--quiet", "--format", format])
      let said = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(said.contains("sudo usermod -aG audio $USER"), "\(result.output)")
      if format == "human" { #expect(said.contains("may not use the camera. (audio)"), "\(result.output)") }
      if format == "plain" { #expect(said.contains("camera.no-permission"), "\(result.output)") }
      #expect(!said.contains("video $USER"))
    }
  }

  @Test("A group that would not help, or do harm, is not named")
  func noGroup() async throws {
    try await VirtualCamera.with("no-permission") { camera in
      let result = try await Program("precall-test", environment: camera.environment)
        .run(["--only", "camera", "--quiet", "--format", "human"])
      #expect(!result.output.contains("usermod"), "\(result.output)")
      #expect(result.output.contains("ask whoever looks after it"), "\(result.output)")
    }
  }

  @Test("C5: a busy camera's screen names the program that has it; what is kept does not")
  func holder() async throws {
    try await VirtualCamera.with("busy-format") { camera in
      let holder = try camera.hold()
      defer { ChildProcess.end(holder) }
      let program = Program("precall-test", environment: camera.environment)
      let screen = try await program.run(["--only", "camera", "--quiet", "--format", "human"])
      #expect(screen.output.contains("(sleep (\(holder)))"), "\(screen.output)")
      try Golden.expect(
        screen.output.replacing("sleep (\(holder))", with: "sleep (123)"), is: "cli/camera-busy.txt")
      let report = try await program.run(check)
      #expect(try Self.codes(of: report.output) == ["camera.busy"])
      #expect(!report.output.contains("sleep"))
      // Also where the camera is named by a link that stays, as in /dev/v4l/by-id.
      try await Fixtures.withTemporaryFolder { folder in
        let link = folder + "/usb-HD_Camera-video-index0"
        symlink(camera.deviceRoot + "/video0", link)
        let linked = try await program.run(["--only", "camera", "--quiet", "--camera", link])
        #expect(linked.output.contains("sleep (\(holder))"), "\(linked.output)")
      }
    }
  }

  /// Runs the program in a root that is this one's, but for the file that Flatpak puts there.
  private static func inFlatpak(_ arguments: [String], _ environment: [String: String]) throws -> String {
    let output = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)").path()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let script = """
      mount -t tmpfs none /mnt && cd /mnt && : >.flatpak-info &&
      for entry in /*; do
        if [ -L "$entry" ]; then cp -d "$entry" .
        elif [ -d "$entry" ] && [ "$entry" != /mnt ]; then mkdir ".$entry" && mount --rbind "$entry" ".$entry"
        fi
      done
      exec chroot . "$@"
      """
    let clean = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/dev/null/none", "LANG": "C.UTF-8"]
    let child = try ChildProcess.spawn(
      ["unshare", "-m", "sh", "-c", script, "sh", Fixtures.program("precall-test")] + arguments,
      environment: clean.merging(environment) { $1 }, output: output)
    _ = ChildProcess.wait(for: child)
    return try String(contentsOfFile: output, encoding: .utf8)
  }
}
