import CTun
import Glibc

/// Programs in a namespace of the lab.
enum Process {
  static var environment: [String] {
    var variables: [String] = []
    var next = environ
    while let variable = next.pointee {
      variables.append(String(cString: variable))
      next += 1
    }
    return variables
  }

  /// Starts a program as the leader of its own process group; -1 on failure.
  static func start(_ words: [String], environment: [String], in namespace: Int32, output: Int32) -> pid_t {
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    return precall_tun_spawn(&arguments, &variables, namespace, output)
  }

  /// Waits for one child to end and gives its exit status.
  static func wait(_ child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return 127 } }
    return precall_tun_status(status)
  }

  /// Ends whatever is left of a group: asks, and after `patience` seconds kills.
  static func end(group: pid_t, patience: Double) {
    guard kill(-group, SIGTERM) == 0 else { return }
    let deadline = Forwarder.clock() + Int64(patience * 1e9)
    while kill(-group, 0) == 0, Forwarder.clock() < deadline {
      while waitpid(-1, nil, WNOHANG) > 0 {}
      usleep(5_000)
    }
    kill(-group, SIGKILL)
    while waitpid(-group, nil, 0) > 0 {}
  }

  /// Kills what left its group: everything orphaned comes to this process.
  static func endOrphans() {
    while true {
      while waitpid(-1, nil, WNOHANG) > 0 {}
      let orphans = children()
      if orphans.isEmpty { return }
      for orphan in orphans { kill(orphan, SIGKILL) }
      for orphan in orphans { waitpid(orphan, nil, 0) }
    }
  }

  private static func children() -> [pid_t] {
    let path = "/proc/self/task/\(getpid())/children"
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var found: [pid_t] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, 4096, file) != nil {
      let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      found += text.split(separator: " ").compactMap { pid_t($0) }
    }
    return found
  }
}
