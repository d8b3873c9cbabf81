import Foundation
import Glibc

/// A `virtual-camera` process for one test: real V4L2 through the kernel, from a script in Fixtures/cameras.
package final class VirtualCamera: Sendable {
  /// The folder that stands for /dev, and the one for /sys/class/video4linux.
  package var deviceRoot: String { folder + "/dev" }
  package var sysfsRoot: String { folder + "/sysfs" }
  /// Where a program finds these cameras and no others.
  package var environment: [String: String] {
    ["PRECALL_DEVICE_ROOT": deviceRoot, "PRECALL_SYSFS_ROOT": sysfsRoot]
  }
  package let processIdentifier: Int32

  private let folder: String
  private let input: Pipe
  private let process: Process

  /// Tests that need it must say so where it can't be had: FUSE is part of the kernel.
  package static let isPossible = access("/dev/fuse", R_OK | W_OK) == 0 && geteuid() == 0
  package static let whyNot = "skipped: the virtual camera needs root and /dev/fuse"

  /// Runs `body` with the cameras of `script`, and takes them away whatever happens. No more than six run at
  /// a time, since each moves real pictures.
  package static func with<Result>(
    _ script: String, _ body: (VirtualCamera) async throws -> Result
  ) async throws -> Result {
    await turns.enter()
    do {
      let camera = try VirtualCamera(script)
      do {
        try await camera.becomeReady()
        let result = try await body(camera)
        await camera.end()
        await turns.leave()
        return result
      } catch {
        await camera.end()
        throw error
      }
    } catch {
      await turns.leave()
      throw error
    }
  }

  private static let turns = Turns(6)

  private init(_ script: String) throws {
    var template = Array("/tmp/precall-camera.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw RigError("no temporary folder") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    process = Process()
    input = Pipe()
    process.executableURL = URL(filePath: Fixtures.program("virtual-camera"))
    process.arguments = [Fixtures.path("cameras/\(script).json"), folder]
    process.standardInput = input
    process.standardOutput = Pipe()
    try process.run()
    processIdentifier = process.processIdentifier
  }

  /// A program named sleep that has a node open; whoever starts it ends it.
  package func hold(node number: Int = 0, by program: String = "sleep") throws -> pid_t {
    try ChildProcess.spawn(
      [program, "60"], environment: ["PATH": "/usr/bin:/bin"], input: "\(deviceRoot)/video\(number)",
      output: nil)
  }

  /// Waits for the line "ready", ten seconds at most.
  private func becomeReady() async throws {
    guard let output = process.standardOutput as? Pipe else { return }
    let file = output.fileHandleForReading.fileDescriptor
    let isReady = await withCheckedContinuation { continuation in
      DispatchQueue(label: "ready").async {
        var wait = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        continuation.resume(returning: poll(&wait, 1, 10_000) == 1 && wait.revents & Int16(POLLIN) != 0)
      }
    }
    guard isReady else { throw RigError("the virtual camera did not get ready") }
  }

  /// It unmounts itself when it is told to end. Closing its input alone may not do: another rig that was
  /// started at the same moment can hold the same pipe.
  private func end() async {
    process.terminate()
    try? input.fileHandleForWriting.close()
    let deadline = ContinuousClock.now + .seconds(5)
    while process.isRunning, ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(20))
    }
    if process.isRunning { kill(processIdentifier, SIGKILL) }
    umount2(deviceRoot, CInt(MNT_DETACH))
    try? FileManager.default.removeItem(atPath: folder)
  }
}
