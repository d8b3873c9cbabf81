import Foundation
import Glibc

/// Starts a program with exactly the given environment and none of this process's open files.
package enum ChildProcess {
  /// `output` takes what it prints, both streams; nothing throws it away.
  package static func spawn(
    _ arguments: [String], environment: [String: String], input: String = "/dev/null", output: String?
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    for descriptor in openFiles() { posix_spawn_file_actions_addclose(&actions, descriptor) }
    let words = arguments.map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + settings { free(pointer) } }
    var process: pid_t = 0
    let status = posix_spawnp(&process, arguments[0], &actions, nil, words, settings)
    guard status == 0 else { throw RigError("\(arguments[0]): \(String(cString: strerror(status)))") }
    return process
  }

  private static func openFiles() -> [CInt] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { CInt($0) }.filter { $0 > 2 }
  }

  /// Ends it as in a crash, and waits until it is gone.
  package static func end(_ process: pid_t) {
    kill(process, SIGKILL)
    _ = wait(for: process)
  }

  /// `process` and all that it and its children have started (proc(5), stat, field 4).
  static func tree(of process: pid_t) throws -> [pid_t] {
    var children: [pid_t: [pid_t]] = [:]
    for one in try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap({ pid_t($0) }) {
      // Ended meanwhile, it has no file any more.
      guard let stat = try? String(contentsOfFile: "/proc/\(one)/stat", encoding: .utf8) else { continue }
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      if fields.count > 1, let parent = pid_t(fields[1]) { children[parent, default: []].append(one) }
    }
    var tree = [process]
    var next = 0
    while next < tree.count {
      tree += children[tree[next]] ?? []
      next += 1
    }
    return tree
  }

  /// Waits for the end; the exit status, or 128 and the signal's number.
  package static func wait(for process: pid_t) -> CInt {
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return -1 }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
