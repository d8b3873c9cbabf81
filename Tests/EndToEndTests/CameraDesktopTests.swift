import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// What the real program says of the desktop's own ways to a camera: a real PipeWire, a real permission store.
@Suite(
  "Cameras and the desktop", .serialized, .enabled(if: VirtualCamera.isPossible, "\(VirtualCamera.whyNot)"))
struct CameraDesktopTests {
  private static let check = ["--only", "camera", "--quiet", "--format", "plain"]

  private static func said(_ camera: VirtualCamera, beside desktop: PrivatePipeWire?) async throws -> String {
    var environment = camera.environment
    if let desktop {
      environment.merge(PrivatePipeWire.environment(in: desktop.directory)) { $1 }
    } else {
      environment.merge([
        "XDG_RUNTIME_DIR": "/nonexistent", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
      ]) { $1 }
    }
    return try await Program("precall-test", environment: environment).run(check).output
  }

  @Test(
    "C34: a camera that PipeWire does not have is told of; without PipeWire, or where it has one, nothing is")
  func pipeWire() async throws {
    try await VirtualCamera.with("good-nv12") { camera in
      let code = "camera.not-in-pipewire"
      let without = try PrivatePipeWire()
      defer { without.shutDown() }
      #expect(try await Self.said(camera, beside: without).contains(code))
      let with = try PrivatePipeWire(hasCamera: true)
      defer { with.shutDown() }
      let beside = try await Self.said(camera, beside: with)
      #expect(beside.contains("camera.frame-rate") && !beside.contains(code), "\(beside)")
      let alone = try await Self.said(camera, beside: nil)
      #expect(alone.contains("camera.frame-rate") && !alone.contains(code), "\(alone)")
    }
  }

  @Test("C33: what the desktop's settings refuse to a program is told of, what they allow is not")
  func portal() async throws {
    try await VirtualCamera.with("good-nv12") { camera in
      let desktop = try PrivatePipeWire(hasCamera: true)
      defer { desktop.shutDown() }
      let code = "camera.refused-by-portal"
      for (setting, isTold) in [(nil, false), ("yes", false), ("no", true)] as [(String?, Bool)] {
        if let setting { try Self.set(setting, in: desktop) }
        let said = try await Self.said(camera, beside: desktop)
        #expect(
          said.contains("camera.frame-rate") && said.contains(code) == isTold, "\(setting ?? ""): \(said)")
      }
    }
  }

  /// As the desktop's settings do it.
  private static func set(_ permission: String, in desktop: PrivatePipeWire) throws {
    let store = "org.freedesktop.impl.portal.PermissionStore"
    let child = try ChildProcess.spawn(
      [
        "dbus-send", "--session", "--print-reply", "--dest=\(store)",
        "/org/freedesktop/impl/portal/PermissionStore", "\(store).SetPermission", "string:devices",
        "boolean:true", "string:camera", "string:org.example.Browser", "array:string:\(permission)",
      ], environment: PrivatePipeWire.environment(in: desktop.directory),
      output: "\(desktop.directory)/set.log")
    #expect(ChildProcess.wait(for: child) == 0)
  }
}
