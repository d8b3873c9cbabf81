import Foundation
import Glibc
import Synchronization

/// PipeWire with its session manager and its PulseAudio server, without a desktop: what most computers run.
package final class PrivatePipeWire: PrivateSoundServer {
  package enum Part: Int, Sendable, CaseIterable {
    case bus, core, sessionManager, pulseServer
  }

  package let directory: String
  package let server: String
  private let modules: [String]
  private let processes = Mutex<[Part: pid_t]>([:])

  /// - Parameter modules: those of PulseAudio that its server loads.
  /// - Parameter hasCamera: whether it has a camera of its own, a test picture.
  package init(modules: [String] = [], hasCamera: Bool = false) throws {
    self.modules = modules
    directory = try Self.makeDirectory()
    server = "unix:\(directory)/pulse/native"
    if hasCamera { try Self.addCamera(in: directory) }
    // The session manager does not run without a session bus.
    let bus = ["dbus-daemon", "--config-file=/usr/share/dbus-1/session.conf", "--nofork", "--nopidfile"]
    try start(.bus, bus + ["--address=unix:path=\(directory)/bus"], until: "bus")
    try start(.core, ["pipewire"], until: "pipewire-0")
    try start(.sessionManager, ["wireplumber"], until: nil)
    try startPulseServer()
  }

  private func startPulseServer() throws {
    try start(.pulseServer, ["pipewire-pulse"], until: "pulse/native")
    try waitUntilReady()
    for module in modules { try load(module) }
  }

  package func restart() throws {
    end(.pulseServer)
    try removePipes()
    try startPulseServer()
  }

  private static func addCamera(in directory: String) throws {
    let folder = "\(directory)/home/pipewire/pipewire.conf.d"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let camera = "factory.name = videotestsrc node.name = test-camera media.class = Video/Source"
    try """
    context.spa-libs = { videotestsrc = videotestsrc/libspa-videotestsrc }
    context.objects = [ { factory = spa-node-factory args = { \(camera) } } ]

    """.write(toFile: "\(folder)/camera.conf", atomically: true, encoding: .utf8)
  }

  deinit { shutDown() }

  /// Ends one part, as in a crash.
  package func end(_ part: Part) {
    guard let process = processes.withLock({ $0.removeValue(forKey: part) }) else { return }
    ChildProcess.end(process)
  }

  package func signal(_ number: CInt) { signal(number, to: .pulseServer) }

  package func signal(_ number: CInt, to part: Part) {
    if let process = processes.withLock({ $0[part] }) { kill(process, number) }
  }

  package func shutDown() {
    for part in Part.allCases.reversed() { end(part) }
    try? FileManager.default.removeItem(atPath: directory)
  }

  package static func environment(in directory: String) -> [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
      "HOME": "\(directory)/home", "XDG_RUNTIME_DIR": directory, "XDG_CONFIG_HOME": "\(directory)/home",
      "XDG_STATE_HOME": "\(directory)/home", "DBUS_SESSION_BUS_ADDRESS": "unix:path=\(directory)/bus",
      "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
    ]
  }

  private func start(_ part: Part, _ arguments: [String], until socket: String?) throws {
    let process = try ChildProcess.spawn(
      arguments, environment: Self.environment(in: directory), output: "\(directory)/\(arguments[0]).log")
    processes.withLock { $0[part] = process }
    guard let socket else { return }
    try wait("\(arguments[0]) did not start") {
      FileManager.default.fileExists(atPath: "\(directory)/\(socket)")
    }
  }

  private func waitUntilReady() throws {
    try wait("PipeWire did not become ready") {
      guard let info = try? control("info") else { return false }
      return info.contains("Default Sink: ") && !info.contains("Default Sink: @")
    }
  }
}
