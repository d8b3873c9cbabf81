import Glibc
import PrecallCore
import Subprocess
import SystemPackage

/// Our own server as a child on free loopback ports, for `--local`.
///
/// The child ends when its standard input does, so that even a crash of this program leaves none behind.
enum LocalServer {
  /// Starts the server, runs `body` with its address, ends the server, and gives what `body` gave.
  static func with<Result: Sendable>(
    _ body: @escaping (_ address: String) async throws -> Result
  ) async throws -> Result {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    // An own process group keeps a Ctrl-C for us alone: the server ends after the last packet, not before.
    options.processGroupID = 0
    let configuration = Configuration(
      executable: .path(try path()),
      arguments: ["--host", "127.0.0.1", "--port", "0", "--udp-port", "0", "--end-with-stdin"],
      platformOptions: options)
    do {
      let outcome = try await run(configuration, input: .inputWriter, output: .sequence, error: .discarded) {
        server in
        let address = try await address(from: server.standardOutput)
        let result = try await body(address)
        try await server.standardInputWriter.finish()
        return result
      }
      return outcome.closureResult
    } catch let error as SubprocessError {
      throw Complaint(
        status: .unavailable,
        sentence: "I tried to start precall-server for this check, but the system says: \(error). "
          + "Install it beside precall-test, or name a server.")
    }
  }

  /// Beside this program, where both are installed or built.
  private static func path() throws -> FilePath {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else {
      throw Complaint(
        status: .unavailable, sentence: "I tried to find precall-server, but /proc is not mounted.")
    }
    let own = FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    return own.removingLastComponent().appending("precall-server")
  }

  /// Reads the line that the server writes when it is ready.
  private static func address(from output: SubprocessOutputSequence) async throws -> String {
    var line: Text = []
    for try await block in output {
      line += unsafe block.withUnsafeBytes { unsafe Array($0) }
      if let end = line.firstIndex(of: 0x0A) {
        if let port = (try? JSONReader.read(Array(line[..<end])))?["http_port"]?.integer {
          return "http://127.0.0.1:\(port)"
        }
        break
      }
    }
    throw Complaint(
      status: .unavailable,
      sentence: "I tried to start precall-server for this check, but it ended at once. "
        + "Run it by hand to see why: precall-server --port 0 --udp-port 0")
  }
}
