import Glibc

/// A program that has a device open, as far as /proc lets us look.
struct DeviceHolder {
  private let process: String
  private let program: String

  /// The programs that use a camera, as `name (process)`. PipeWire keeps nodes open, whoever uses them.
  static func using(_ path: String, in processRoot: String) -> [String] {
    all(of: path, in: processRoot).filter { !$0.isPipeWire }.map(\.words)
  }

  /// The programs that may keep others from a camera. Where it is PipeWire alone, it streams for another program,
  /// which can't be seen here.
  static func blocking(_ path: String, in processRoot: String) -> [String] {
    let all = all(of: path, in: processRoot)
    let others = all.filter { !$0.isPipeWire }
    return others.isEmpty ? all.map { "\($0.words), for another program" } : others.map(\.words)
  }

  /// WirePlumber is not among them: it asks devices what they are, and never streams.
  private static func all(of path: String, in processRoot: String) -> [DeviceHolder] {
    let own = "\(getpid())"
    return Folder.names(in: processRoot).compactMap { process in
      guard process != own, process.allSatisfy(\.isNumber) else { return nil }
      let folder = "\(processRoot)/\(process)/fd"
      guard Folder.names(in: folder).contains(where: { Folder.target(of: "\(folder)/\($0)") == path })
      else { return nil }
      let program = Folder.line(of: "\(processRoot)/\(process)/comm") ?? "a program"
      return program == "wireplumber" ? nil : DeviceHolder(process: process, program: program)
    }
  }

  private var words: String { "\(program) (\(process))" }

  /// The server, or its older session manager; the kernel keeps fifteen letters of a name.
  private var isPipeWire: Bool { program == "pipewire" || program == "pipewire-media-" }
}
