import Foundation
import Glibc
import Synchronization

/// A PulseAudio daemon of its own, with no sound card, session or user's settings: up in about 50 ms.
///
/// Nothing outside its directory is touched, and the environment of this process stays as it is: programs
/// under test get `environment`, probes in this process get `server`.
package final class PrivatePulseAudio: PrivateSoundServer {
  package let directory: String
  package let server: String
  private let arguments: [String]
  private let environment: [String: String]
  /// Nothing once it was shut down.
  private let process = Mutex<pid_t?>(nil)

  /// Starts a daemon with `modules` loaded, and waits until it takes connections. Where nobody connects for
  /// `idleSeconds` it ends by itself, so that a test that crashed leaves nothing behind. On `systemBus` are the
  /// computer's services, as that of Bluetooth; there is none by itself.
  package init(
    modules: [String] = [], idleSeconds: Int = 60, systemBus: String = "unix:path=/nonexistent"
  ) throws {
    directory = try Self.makeDirectory()
    server = "unix:\(directory)/native"
    let native =
      "module-native-protocol-unix auth-anonymous=0 auth-cookie=\(directory)/cookie socket=\(directory)/native"
    var arguments = [
      "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=\(idleSeconds)", "--system=false",
      "--use-pid-file=no", "--realtime=no", "--high-priority=no",
      "--log-target=file:\(directory)/pulseaudio.log",
    ]
    // The socket comes last: whoever connects finds all the modules.
    for module in modules + [native] { arguments += ["-L", module.replacing("DIRECTORY", with: directory)] }
    self.arguments = arguments
    environment = Self.environment(in: directory).merging(["DBUS_SYSTEM_BUS_ADDRESS": systemBus]) { $1 }
    try restart()
  }

  /// Starts it, the first time and after it died.
  package func restart() throws {
    try process.withLock { process in
      if let process {
        _ = ChildProcess.wait(for: process)
        try removePipes()
      }
      process = try ChildProcess.spawn(arguments, environment: environment, output: nil)
    }
    try waitUntilReady()
  }

  deinit { shutDown() }

  /// SIGKILL for a crash, SIGSTOP for a hang.
  package func signal(_ number: CInt) { process.withLock { if let process = $0 { kill(process, number) } } }

  package func shutDown() {
    process.withLock { process in
      guard let running = process else { return }
      process = nil
      ChildProcess.end(running)
      try? FileManager.default.removeItem(atPath: directory)
    }
  }

  package static func environment(in directory: String) -> [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
      "HOME": "\(directory)/home", "XDG_RUNTIME_DIR": directory, "PULSE_RUNTIME_PATH": directory,
      "PULSE_STATE_PATH": "\(directory)/home", "XDG_CONFIG_HOME": "\(directory)/home",
      "PULSE_COOKIE": "\(directory)/cookie", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
      "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    ]
  }

  private func waitUntilReady() throws {
    let path = "\(directory)/pulseaudio.log"
    func log() -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
    try wait("the private sound server did not start: \(log().suffix(2_000))") {
      (try? control("info")) != nil
    }
  }
}
