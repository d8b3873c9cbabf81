import FoundationEssentials
import Glibc
import PrecallTestSupport

/// How long a person looks at an empty screen.
enum FirstLine {
  /// Milliseconds from the start of a check to the line that says what it contacts and how long it takes;
  /// nothing where five seconds bring no such line. What follows is not waited for.
  static func time(_ arguments: [String]) -> Double? {
    let path = "/tmp/precall-first-line.\(getpid())"
    guard mkfifo(path, 0o600) == 0 else { return nil }
    defer { unlink(path) }
    let pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(pipe) }
    let start = Run.now()
    let environment = ProcessInfo.processInfo.environment
    guard let child = try? ChildProcess.spawn(arguments, environment: environment, output: path) else {
      return nil
    }
    defer { ChildProcess.end(child) }
    var said: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4_096)
    while !said.contains(0x0A) {
      var wait = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 5_000) == 1 else { return nil }
      let count = read(pipe, &block, block.count)
      guard count > 0 else { return nil }
      said += block.prefix(count)
    }
    let time = (Run.now() - start) * 1e3
    let line = String(decoding: said, as: UTF8.self)
    return line.contains("a server on this computer") && line.contains("(about ") ? time : nil
  }
}
