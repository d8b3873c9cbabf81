import Foundation
import Glibc
import PrecallTestSupport

/// One run of `precall-test` whose memory can be looked at: while it works, and for as long as one likes
/// after its checks, since the file for its samples is a pipe that nobody reads yet.
final class StandingProgram {
  let process: pid_t
  private let folder: String
  private var status: CInt?

  /// `folder` becomes its working folder and its home, and takes all that it writes.
  init(_ arguments: [String], in folder: String, environment: [String: String]) throws {
    self.folder = folder
    guard mkfifo(Self.samples(in: folder), 0o600) == 0 else { throw RigError("no pipe in \(folder)") }
    let options = ["--format", "jsonl", "-v", "--samples", Self.samples(in: folder)]
    process = try ChildProcess.spawn(
      ["sh", "-c", "cd \(folder); ulimit -c unlimited; exec \"$@\"", "sh", Fixtures.program("precall-test")]
        + options + arguments,
      environment: ["PATH": "/usr/bin:/bin", "HOME": folder].merging(environment) { $1 },
      output: folder + "/output")
  }

  deinit { end(SIGKILL) }

  private static func samples(in folder: String) -> String { folder + "/samples" }

  /// All that it has written by now, apart from its samples.
  var files: [Data] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix("samples") }.compactMap {
      try? Data(contentsOf: URL(filePath: "\(folder)/\($0)"))
    }
  }

  func said(_ words: String) -> Bool { files.contains { $0.range(of: Data(words.utf8)) != nil } }

  func hasFinished(_ check: String) -> Bool { said("\"finished\",\"check\":\"\(check)\"") }

  /// Lets it run until `condition` holds for what the sound server or the camera's driver shares with it, and
  /// stops it there. Whether it came to that before `check` was over.
  func stops(before check: String, where condition: (ListeningMemory) -> Bool) throws -> Bool {
    var isThere = false
    try wait("the program came to nothing: \(said)") {
      // It stands while it is looked at: what is there may be gone a moment later.
      kill(process, SIGSTOP)
      guard let memory = try? ListeningMemory(of: process, onlyShared: true) else { return true }
      isThere = condition(memory)
      if !isThere { kill(process, SIGCONT) }
      return isThere || hasFinished(check)
    }
    kill(process, SIGSTOP)
    return isThere
  }

  /// What it has said, both streams.
  var said: String { (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? "" }

  /// All of its memory, read while it stands still.
  func memory() throws -> ListeningMemory {
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    return try ListeningMemory(of: process)
  }

  /// Takes the samples, so that it comes to its end; they and all else that it wrote.
  func finish() throws -> [Data] {
    let file = open(Self.samples(in: folder), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(file) }
    var samples = Data()
    var block = [UInt8](repeating: 0, count: 65_536)
    try wait("the program did not end: \(said)") {
      samples += block.prefix(max(0, read(file, &block, block.count)))
      return hasEnded()
    }
    return [samples] + files
  }

  private func hasEnded() -> Bool {
    var ending: CInt = 0
    if status == nil, waitpid(process, &ending, WNOHANG) == process { status = ending }
    return status != nil
  }

  /// Lets it crash; the signal that ended it, and whether it left a core dump.
  func crash() -> (signal: CInt, leftCore: Bool) {
    end(SIGSEGV)
    return ((status ?? 0) & 0x7F, ChildProcess.isCore(status))
  }

  private func end(_ signal: CInt) {
    guard !hasEnded() else { return }
    kill(process, signal)
    kill(process, SIGCONT)
    status = ChildProcess.waitStatus(of: process)
  }
}

extension ChildProcess {
  /// Waits for the end of a process; its status as of wait(2).
  fileprivate static func waitStatus(of process: pid_t) -> CInt? {
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    return status
  }

  fileprivate static func isCore(_ status: CInt?) -> Bool { (status ?? 0) & 0x80 != 0 }

  /// Whether a crash of any program leaves a core dump in `folder`, on this computer.
  static func leavesCore(in folder: String) throws -> Bool {
    let process = try spawn(
      ["sh", "-c", "cd \(folder); ulimit -c unlimited; echo; exec sleep 60"],
      environment: ["PATH": "/usr/bin:/bin"], output: folder + "/started")
    try PrecallTestSupport.wait("no shell ran") {
      (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) == "sleep\n"
    }
    kill(process, SIGSEGV)
    return isCore(waitStatus(of: process))
  }
}
