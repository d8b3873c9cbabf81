import Foundation
import Glibc
import PrecallCamera
import PrecallCore
import PrecallTestSupport
import Testing

/// Which programs count as users of a camera. PipeWire and its session manager hold the nodes of every desktop.
@Suite(.enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)))
struct DeviceHolderTests {
  /// Programs of these names that hold the camera open, each with its number.
  private static func with(
    _ names: [String], holding camera: VirtualCamera, _ body: ([String: pid_t]) async throws -> Void
  ) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      var running: [String: pid_t] = [:]
      defer { for one in running.values { ChildProcess.end(one) } }
      for name in names {
        try Fixtures.copyProgram("/bin/sleep", to: "\(folder)/\(name)")
        running[name] = try ChildProcess.spawn(
          ["\(folder)/\(name)", "60"], environment: [:], input: camera.deviceRoot + "/video0", output: nil)
      }
      try await body(running)
    }
  }

  private static func subject(_ camera: VirtualCamera) async -> String {
    let measurement = await CameraProbe(system: camera.system).measure { _ in }
    return measurement.failure == .busy ? String(decoding: measurement.subject, as: UTF8.self) : "not busy"
  }

  @Test func `What holds a busy camera for others is not named beside who uses it`() async throws {
    try await VirtualCamera.with("busy-format") { camera in
      let desktop = ["wireplumber", "pipewire", "pipewire-media-session"]
      try await Self.with(desktop + ["zoom"], holding: camera) { numbers in
        let zoom = "zoom (\(numbers["zoom"] ?? 0))"
        #expect(await Self.subject(camera) == zoom)
        #expect(await Cameras.list(camera.system).map(\.holders) == [[zoom]])
      }
    }
  }

  @Test func `PipeWire alone is named, since it streams for somebody; its session manager never is`()
    async throws
  {
    try await VirtualCamera.with("busy-format") { camera in
      try await Self.with(["wireplumber", "pipewire"], holding: camera) { numbers in
        let pipeWire = "pipewire (\(numbers["pipewire"] ?? 0)), for another program"
        #expect(await Self.subject(camera) == pipeWire)
        #expect(await Cameras.list(camera.system).map(\.holders) == [[]])
      }
      try await Self.with(["wireplumber"], holding: camera) { _ in
        // A child of another test's has all that this process has open until it becomes its program.
        let subject = await Self.subject(camera)
        #expect(subject != "not busy" && !subject.contains("wireplumber"), "\(subject)")
      }
    }
  }
}
