import Glibc

/// Where cameras are looked for on this computer. Tests and demonstrations point the roots elsewhere.
package struct CameraSystem: Sendable {
  package var deviceRoot: String
  package var sysfsRoot: String
  package var processRoot: String
  /// Whether the program runs in a sandbox that may keep cameras from it.
  package var isSandboxed: Bool

  package init(
    deviceRoot: String = "/dev", sysfsRoot: String = "/sys/class/video4linux", processRoot: String = "/proc",
    isSandboxed: Bool = CameraSystem.runsInSandbox
  ) {
    self.deviceRoot = deviceRoot
    self.sysfsRoot = sysfsRoot
    self.processRoot = processRoot
    self.isSandboxed = isSandboxed
  }

  /// Flatpak leaves a file, snap a variable.
  package static var runsInSandbox: Bool {
    unsafe access("/.flatpak-info", F_OK) == 0 || getenv("SNAP") != nil
  }

  /// Whether this program may not look for cameras.
  var isListRefused: Bool { Folder.isRefused(sysfsRoot) }

  /// Every video node that the kernel lists, by number.
  package var nodes: [CameraNode] {
    var names = Folder.names(in: sysfsRoot)
    // Without sysfs, as in some containers, the nodes themselves are all there is.
    if names.isEmpty { names = Folder.names(in: deviceRoot) }
    return names.compactMap { name in
      guard name.hasPrefix("video"), let number = Int(name.dropFirst(5)) else { return nil }
      let folder = "\(sysfsRoot)/\(name)"
      let title = Folder.line(of: "\(folder)/name")
      return CameraNode(
        path: "\(deviceRoot)/\(name)", number: number, name: title ?? name,
        isSoftware: Folder.resolved(folder).contains("/devices/virtual/"))
    }.sorted { $0.number < $1.number }
  }

  /// The nodes that a person means with `wanted`: a path, a number, or a part of the name. None where nothing is at that
  /// path.
  func nodes(meant wanted: String) -> [CameraNode] {
    let all = nodes
    if wanted.hasPrefix("/") {
      // Links as in /dev/v4l/by-id name a camera wherever it is plugged in.
      let path = all.contains { $0.path == wanted } ? wanted : Folder.resolved(wanted)
      let listed = all.filter { $0.path == path }
      if !listed.isEmpty { return listed }
      return unsafe access(path, F_OK) == 0 ? [CameraNode(wanted)] : []
    }
    let numbered = all.filter { $0.number == Int(wanted) }
    // Digits that are no node's number may be of a name, as in "Webcam 1080".
    return !numbered.isEmpty ? numbered : CameraNode.called(wanted, among: all)
  }
}

/// A video node of the kernel; whether it is a camera shows when it is opened.
package struct CameraNode: Sendable, Equatable {
  package var path: String
  package var number: Int
  /// What the driver calls it.
  package var name: String
  /// Neither a bus nor a platform has it: a program makes its pictures.
  var isSoftware = false

  init(path: String, number: Int, name: String, isSoftware: Bool = false) {
    self.path = path
    self.number = number
    self.name = name
    self.isSoftware = isSoftware
  }

  /// A node that was named by its path only.
  init(_ path: String) {
    self.init(path: path, number: -1, name: path)
  }

  /// Those of that very name; where none has it, those that have it in their name, in letters of either case.
  static func called(_ wanted: String, among nodes: [CameraNode]) -> [CameraNode] {
    let exact = nodes.filter { $0.name == wanted }
    return exact.isEmpty ? nodes.filter { $0.name.lowercased().contains(wanted.lowercased()) } : exact
  }
}

/// Folders and small files of the kernel.
enum Folder {
  static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Whether this program may not read it; one that is not there refuses nothing.
  static func isRefused(_ path: String) -> Bool {
    guard let folder = unsafe opendir(path) else { return errno == EACCES || errno == EPERM }
    unsafe closedir(folder)
    return false
  }

  /// The first line, at most 4096 bytes.
  static func line(of path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
  }

  static func target(of link: String) -> String? {
    var text = [CChar](repeating: 0, count: 4_096)
    let count = unsafe readlink(link, &text, text.count)
    guard count > 0 else { return nil }
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The path without links; as it is where there is nothing.
  static func resolved(_ path: String) -> String {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard unsafe realpath(path, &text) != nil else { return path }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
