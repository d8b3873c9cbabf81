import Foundation
import Glibc

/// Runs a program of this package as a person at a terminal would: all three streams are a pseudo-terminal.
package enum PseudoTerminal {
  package struct Result: Sendable {
    package var code: CInt
    /// Everything that appeared on the screen, control sequences included.
    package var screen: String
  }

  /// Runs the program to its end; one that takes longer than `seconds` is killed and is an error.
  package static func run(
    _ name: String, _ arguments: [String], environment: [String: String], seconds: Int = 60,
    columns: Int = 80
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread {
        continuation.resume(
          with: Swift.Result {
            try run(
              [Fixtures.program(name)] + arguments, environment: environment, seconds: seconds,
              columns: columns)
          })
      }.start()
    }
  }

  private static func run(
    _ arguments: [String], environment: [String: String], seconds: Int, columns: Int
  ) throws -> Result {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(master) }
    // Linux's own way, without libc's names for it: unlock the other side, then ask for its number.
    var (lock, number): (CInt, CInt) = (0, 0)
    let (unlock, askNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    guard master >= 0, ioctl(master, unlock, &lock) == 0, ioctl(master, askNumber, &number) == 0 else {
      throw RigError("no pseudo-terminal could be opened")
    }
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    let path = "/dev/pts/\(number)"
    let child = try ChildProcess.spawn(
      arguments, environment: environment.merging(["LANG": "C.UTF-8", "TERM": "xterm"]) { one, _ in one },
      input: path, output: path)
    let end = ContinuousClock.now + .seconds(seconds)
    var screen: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4_096)
    var hadChild = false
    while ContinuousClock.now < end {
      var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 50) > 0 else { continue }
      let count = read(master, &block, block.count)
      // The last one who held the other side has closed it; before the child opened it, nobody did.
      if count <= 0 {
        if hadChild || kill(child, 0) != 0 { break }
        usleep(1_000)
      } else {
        hadChild = true
        screen += block.prefix(count)
      }
    }
    if ContinuousClock.now >= end { kill(child, SIGKILL) }
    let code = ChildProcess.wait(for: child)
    let text = String(decoding: screen, as: UTF8.self)
    guard ContinuousClock.now < end else { throw RigError("overdue; the screen was: \(text.suffix(500))") }
    return Result(code: code, screen: text)
  }
}
