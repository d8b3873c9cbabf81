import Foundation
import Glibc

/// A Bluetooth headset in its music profile, for a real sound server: a system bus of its own, and on it a mock of
/// BlueZ's service.
package final class VirtualHeadset: Sendable {
  private let directory: String
  private let processes: [pid_t]
  /// For `DBUS_SYSTEM_BUS_ADDRESS`.
  package let systemBus: String

  /// `takesCalls`: it has a microphone, which its music profile leaves off.
  package init(takesCalls: Bool) throws {
    directory = "/tmp/precall-headset-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    systemBus = "unix:path=\(directory)/bus"
    let environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "DBUS_SYSTEM_BUS_ADDRESS": systemBus,
    ]
    let bus = try ChildProcess.spawn(
      [
        "dbus-daemon", "--config-file=/usr/share/dbus-1/session.conf", "--nofork", "--nopidfile",
        "--address=\(systemBus)",
      ], environment: environment, output: nil)
    try wait("the headset's bus did not start") { [directory] in
      FileManager.default.fileExists(atPath: directory + "/bus")
    }
    let script = Fixtures.root.appending(path: "Tests/Rigs/bluetooth-headset/bluez.py").path()
    // Debian's own Python, since that has the bindings of D-Bus.
    let service = try ChildProcess.spawn(
      ["/usr/bin/python3", script] + (takesCalls ? ["calls"] : []), environment: environment,
      output: directory + "/service.log")
    processes = [service, bus]
    try wait("the headset's service did not start") { [directory] in
      (try? String(contentsOfFile: directory + "/service.log", encoding: .utf8))?.hasPrefix("ready") == true
    }
  }

  /// Waits until `server` has made a card of it that plays music.
  package func appear(on server: some PrivateSoundServer, takingCalls: Bool) throws {
    try wait("no sound card came of the headset") {
      let cards = (try? server.control("list", "cards")) ?? ""
      let offers = cards.contains(/handsfree_head_unit: .*available: yes/)
      return cards.contains("Active Profile: a2dp_sink") && offers == takingCalls
    }
  }

  deinit {
    for process in processes {
      ChildProcess.end(process)
    }
    try? FileManager.default.removeItem(atPath: directory)
  }
}
