import Foundation
import Glibc
import PrecallCore

/// The built `precall-server` on ports of its own, for as long as `body` runs. A process, not a task here:
/// what a test does to it can't reach the tests beside it.
package func withServer<Result>(
  _ arguments: [String] = [], _ body: (RunningServer) async throws -> Result
) async throws -> Result {
  let server = try RunningServer(arguments)
  defer { server.kill() }
  return try await body(server)
}

package struct RunningServer: Sendable {
  package let httpPort: UInt16
  package let udpPort: UInt16
  private let process: Int32

  fileprivate init(_ arguments: [String]) throws {
    let server = Process()
    server.executableURL = URL(filePath: Fixtures.program("precall-server"))
    server.arguments = ["--port", "0", "--udp-port", "0"] + arguments
    let output = Pipe()
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    try server.run()
    process = server.processIdentifier
    let ready = try JSONReader.read(Array(output.fileHandleForReading.availableData))
    guard let http = ready["http_port"]?.integer, let udp = ready["udp_port"]?.integer else {
      throw RigError("precall-server told no ports")
    }
    (httpPort, udpPort) = (UInt16(http), UInt16(udp))
  }

  /// As a crash would; back when it is gone, and with it its sockets.
  package func kill() {
    _ = Glibc.kill(process, SIGKILL)
    wait(for: WEXITED)
  }

  /// Holds it as it is: its kernel still takes connections and bytes, and nobody answers. Back when it stands still:
  /// until then one of its threads may still answer.
  package func freeze() {
    _ = Glibc.kill(process, SIGSTOP)
    wait(for: WSTOPPED | WEXITED)
  }

  private func wait(for changes: Int32) {
    var change = siginfo_t()
    while waitid(P_PID, id_t(process), &change, changes | WNOWAIT) < 0, errno == EINTR {}
  }
}
