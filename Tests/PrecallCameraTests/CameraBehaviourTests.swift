import Foundation
import PrecallCamera
import PrecallCore
import PrecallProbes
import PrecallTestSupport
import Testing

@Suite(.enabled(if: VirtualCamera.isPossible, Comment(rawValue: VirtualCamera.whyNot)))
struct CameraBehaviourTests {
  @Test func `A good camera is measured in the format a browser takes`() async throws {
    try await VirtualCamera.with("good") { camera in
      let measurement = await CameraProbe(system: camera.system).measure { _ in }
      let facts = try #require(measurement.facts)
      #expect(facts.width == 1_280)
      #expect(facts.height == 720)
      #expect(facts.format == Text("MJPG".utf8))
      #expect(facts.rate == FrameRate(30))
      // The picture's luma runs evenly from 40 to 199.
      let picture = try #require(measurement.frames.compactMap(\.picture).last)
      #expect(abs(picture.luma - 119_500) < 4_000)
      #expect(
        !String(decoding: Measurements(camera: .measured(measurement)).json(), as: UTF8.self)
          .contains("Virtual HD"))
    }
  }

  @Test(arguments: ["good", "hung-query", "no-frames"])
  func `Cancelling ends the check at once, hung drivers too`(_ script: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let probe = CameraProbe(system: camera.system, duration: .seconds(30), patience: .seconds(30))
      let start = ContinuousClock.now
      await withTaskGroup(of: Void.self) { group in
        group.addTask { _ = await probe.measure { _ in } }
        try? await Task.sleep(for: .milliseconds(400))
        group.cancelAll()
      }
      #expect(ContinuousClock.now - start < .seconds(15))
    }
  }

  @Test func `The device is closed when the check returns`() async throws {
    try await VirtualCamera.with("good") { camera in
      _ = await CameraProbe(system: camera.system, duration: .milliseconds(300)).measure { _ in }
      #expect(Self.isOpenHere(camera) == false)
    }
  }

  @Test(arguments: ["hung-query", "hung-format", "hung-start"])
  func `A device that hung is closed as soon as its driver answers`(_ script: String) async throws {
    try await VirtualCamera.with(script) { camera in
      let measurement = await CameraProbe(system: camera.system, patience: .seconds(1)).measure { _ in }
      #expect(measurement.failure == .noAnswer)
      let deadline = ContinuousClock.now + .seconds(20)
      while Self.isOpenHere(camera), ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(!Self.isOpenHere(camera))
    }
  }

  @Test func `A name that fits two cameras is answered with both`() async throws {
    try await VirtualCamera.with("ambiguous") { camera in
      let measurement = await CameraProbe(camera: "hd cam", system: camera.system).measure { _ in }
      #expect(measurement.failure == .ambiguous)
      let subject = String(decoding: measurement.subject, as: UTF8.self)
      #expect(subject.contains("/video0") && subject.contains("/video1"), "\(subject)")
    }
  }

  @Test func `A busy camera names the program that has it`() async throws {
    try await VirtualCamera.with("busy-format") { camera in
      let holder = try camera.hold()
      defer { ChildProcess.end(holder) }
      let measurement = await CameraProbe(system: camera.system).measure { _ in }
      #expect(measurement.failure == .busy)
      let subject = String(decoding: measurement.subject, as: UTF8.self)
      #expect(subject.contains("sleep (\(holder))"))
    }
  }

  @Test(arguments: [
    (
      "virtual-silent-first", CameraFailure.virtualIdle,
      "the camera is a virtual one, and its program is not running"
    ),
    ("hung-first", .noAnswer, "the camera does not answer"),
    ("privacy-first", .usbError, "the camera's privacy switch is on"),
  ])
  func `A camera without a picture gives way to the next within its time`(
    _ script: String, _ failure: CameraFailure, _ said: String
  ) async throws {
    try await VirtualCamera.with(script) { camera in
      let start = ContinuousClock.now
      let measurement = await CameraProbe(system: camera.system, patience: .seconds(3)).measure { _ in }
      #expect(ContinuousClock.now - start < .seconds(8))
      #expect(measurement.passedOver == failure)
      let words = String(decoding: measurement.passedOverSubject, as: UTF8.self)
      #expect(words.hasSuffix(": \(said)"), "\(words)")
      #expect(measurement.failure == nil)
      // Nothing of the first camera is left in what is said of the second.
      #expect(measurement.facts?.driver == .usb)
      #expect(measurement.facts?.height == 720)
      #expect(measurement.frames.count > 30)
    }
  }

  @Test func `A camera that does not answer is named`() async throws {
    try await VirtualCamera.with("hung-query") { camera in
      let measurement = await CameraProbe(system: camera.system, patience: .seconds(1)).measure { _ in }
      #expect(measurement.failure == .noAnswer)
      #expect(measurement.subject == Text("HD Camera".utf8))
    }
  }

  @Test func `A closed shutter has the camera's name, not the error that it brought`() async throws {
    try await VirtualCamera.with("privacy-stream-error") { camera in
      let measurement = await CameraProbe(system: camera.system).measure { _ in }
      #expect(measurement.codes == ["camera.privacy-on"])
      #expect(measurement.subject == Text("HD Camera".utf8))
    }
  }

  @Test func `The size that was asked for is kept where the driver answers with another`() async throws {
    try await VirtualCamera.with("answers-smaller") { camera in
      let facts = await CameraProbe(system: camera.system).measure { _ in }.facts
      #expect(facts?.asked == PictureSize(width: 1_280, height: 720))
      #expect(facts?.width == 640)
    }
    try await VirtualCamera.with("good") { camera in
      #expect(await CameraProbe(system: camera.system).measure { _ in }.facts?.asked == nil)
    }
  }

  @Test func `A range of sizes and rates is listed by its ends`() async throws {
    try await VirtualCamera.with("ranges") { camera in
      let modes = await Cameras.list(camera.system).first?.modes ?? []
      #expect(modes.count == 1)
      #expect(modes.first?.sizes?.smallest == PictureSize(width: 32, height: 32))
      #expect(modes.first?.sizes?.largest == PictureSize(width: 1_920, height: 1_080))
      #expect(modes.first?.rates == [FrameRate(30)])
      #expect(modes.first?.lowestRate == FrameRate(5))
    }
  }

  @Test func `A sandbox is named where access is refused`() async throws {
    try await VirtualCamera.with("no-permission") { camera in
      var system = camera.system
      system.isSandboxed = true
      #expect(await CameraProbe(system: system).measure { _ in }.codes == ["camera.sandboxed"])
    }
  }

  @Test func `The list has cameras with their modes, and no other nodes`() async throws {
    try await VirtualCamera.with("metadata-first") { camera in
      let list = await Cameras.list(camera.system)
      #expect(list.map(\.node.number) == [1])
      #expect(list.first?.card == "HD Camera")
      #expect(list.first?.state == .camera)
      #expect(list.first?.modes.first?.rates == [FrameRate(30)])
    }
  }

  @Test func `The list tells of a camera that browsers pass over, and of one that a program makes`()
    async throws
  {
    try await VirtualCamera.with("multi-planar") { camera in
      let list = await Cameras.list(camera.system)
      #expect(list.map(\.card) == ["HDMI Input"])
      #expect(list.first?.state == .failed(.noUsableFormat))
    }
    try await VirtualCamera.with("virtual-software") { camera in
      #expect(await Cameras.list(camera.system).map(\.driver) == [.virtual])
    }
  }

  @Test func `Cards that a name fits are named as the list shows them`() async throws {
    try await VirtualCamera.with("by-card-ambiguous") { camera in
      let measurement = await CameraProbe(camera: "hd cam", system: camera.system).measure { _ in }
      let subject = String(decoding: measurement.subject, as: UTF8.self)
      #expect(subject.hasPrefix("HD Camera (") && subject.contains(", HD Camera ("), "\(subject)")
    }
  }

  @Test func `A driver that hangs does not hold the list`() async throws {
    try await VirtualCamera.with("hung-query") { camera in
      let start = ContinuousClock.now
      let list = await Cameras.list(camera.system, patience: .milliseconds(500))
      #expect(list.first?.state == .failed(.noAnswer))
      #expect(ContinuousClock.now - start < .seconds(4))
    }
  }

  private static func isOpenHere(_ camera: VirtualCamera) -> Bool {
    let folder = "/proc/self/fd"
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.contains { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
      return target?.hasPrefix(camera.deviceRoot + "/") ?? false
    }
  }
}
