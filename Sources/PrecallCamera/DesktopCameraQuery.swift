internal import Glibc
internal import PrecallCore
internal import Subprocess

/// Asks the desktop about cameras through its own small programs, since PipeWire's and D-Bus' libraries would be
/// loaded for a note. Where a program or a service is not there, nothing is known.
enum DesktopCameraQuery {
  /// Seconds for each program, of which `timeout` makes sure.
  private static let patience = "2"
  private static let longest = 4_000_000

  static func answer() async -> DesktopCamera {
    async let pipeWire = output(of: ["pw-cli", "ls", "Node"])
    async let permissions = permissions()
    let refused = await permissions.map { $0.contains("\"no\"") }
    return DesktopCamera(
      isInPipeWire: await pipeWire.map { $0.contains("\"Video/Source\"") }, isRefusedByPortal: refused)
  }

  /// What programs may use cameras, as the desktop's settings keep it for the portal (XDG Desktop Portal,
  /// org.freedesktop.impl.portal.PermissionStore); an error where it has never been set.
  private static func permissions() async -> String? {
    // Without an address libdbus would start a bus of its own.
    guard unsafe getenv("DBUS_SESSION_BUS_ADDRESS") != nil else { return nil }
    return await output(of: [
      "dbus-send", "--session", "--print-reply", "--reply-timeout=1000",
      "--dest=org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore",
      "org.freedesktop.impl.portal.PermissionStore.Lookup", "string:devices", "string:camera",
    ])
  }

  /// What a program prints; nothing where it is missing, fails or takes too long.
  private static func output(of command: [String]) async -> String? {
    let result = try? await run(
      .name("timeout"), arguments: Arguments([patience] + command), input: .none,
      output: .string(limit: longest), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput
  }
}
