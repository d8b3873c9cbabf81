import Glibc

/// Which programs have a device open, as far as /proc lets us look.
enum DeviceHolder {
  static func names(of path: String, in processRoot: String) -> [String] {
    let own = "\(getpid())"
    var names: [String] = []
    for process in Folder.names(in: processRoot) where process != own && process.allSatisfy(\.isNumber) {
      let folder = "\(processRoot)/\(process)/fd"
      for descriptor in Folder.names(in: folder) where Folder.target(of: "\(folder)/\(descriptor)") == path {
        names.append("\(Folder.line(of: "\(processRoot)/\(process)/comm") ?? "a program") (\(process))")
        break
      }
    }
    return names
  }
}
