import CTun
import Glibc

/// The server's command, its first line kept for the client, the others passed to standard error.
struct ServerProcess {
  private let group: pid_t
  private(set) var output: Int32?
  private(set) var line: String?

  init(_ command: String, in namespace: Int32) throws(Complaint) {
    var ends: [Int32] = [0, 0]
    guard precall_tun_pipe(&ends) == 0 else { throw .system("to make a pipe") }
    let environment = Process.environment + ["LINK_SERVER_ADDRESS=10.98.0.1", "LINK_SERVER_ADDRESS6=fd98::1"]
    group = Process.start(
      ["/bin/sh", "-c", command], environment: environment, in: namespace, output: ends[1])
    close(ends[1])
    guard group > 0 else {
      close(ends[0])
      throw .system("to start the server")
    }
    output = ends[0]
  }

  /// Reads the first line, at the latest by `deadline`.
  mutating func waitForLine(until deadline: Int64) throws(Complaint) {
    var bytes: [UInt8] = []
    while let output, bytes.last != 0x0A {
      let rest = deadline - Forwarder.clock()
      var wait = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
      guard rest > 0, poll(&wait, 1, Int32(rest / 1_000_000)) > 0 else {
        throw .failed("I waited 20 s for the server's first line, but it says nothing.")
      }
      var byte: UInt8 = 0
      guard read(output, &byte, 1) == 1 else {
        throw .failed("I waited for the server's first line, but it ended.")
      }
      bytes.append(byte)
    }
    line = String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Passes on what the server says.
  mutating func passOn() {
    guard let output else { return }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(output, &bytes, bytes.count)
    if count > 0 {
      _ = write(STDERR_FILENO, bytes, count)
    } else {
      close(output)
      self.output = nil
    }
  }

  mutating func end() {
    Process.end(group: group, patience: 2)
    if let output { close(output) }
    output = nil
  }
}
