import Glibc
import PrecallCore
import Subprocess
import SystemPackage

/// Our own server as a child on free loopback ports, for `--local`.
///
/// The child ends when its standard input does, so that even a crash of this program leaves none behind.
enum LocalServer {
  /// How long the server may take to get ready where nobody set a shorter time.
  private static let longestStart = Duration.seconds(10)
  /// It keeps nothing that a second would not do to give up; what it started goes with it.
  private static let ending = [
    TeardownStep.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
  ]

  /// Starts the server, runs `body` with its address, ends the server, and gives what `body` gave.
  static func with<Result: Sendable>(
    readyBy end: ContinuousClock.Instant? = nil, _ body: @escaping (_ address: String) async throws -> Result
  ) async throws -> Result {
    let latest = ContinuousClock.now + longestStart
    var options = PlatformOptions()
    options.teardownSequence = ending
    // An own process group keeps a Ctrl-C for us alone: the server ends after the last packet, not before.
    options.processGroupID = 0
    let configuration = Configuration(
      executable: .path(try path()),
      arguments: ["--host", "127.0.0.1", "--port", "0", "--udp-port", "0", "--end-with-stdin"],
      platformOptions: options)
    do {
      let outcome = try await run(configuration, input: .inputWriter, output: .sequence, error: .discarded) {
        server in
        let output = server.standardOutput
        let address = try await address(from: output, by: min(end ?? latest, latest)) {
          await server.teardown(using: ending)
        }
        let result = try await body(address)
        await server.teardown(using: ending)
        return result
      }
      return outcome.closureResult
    } catch let error as SubprocessError {
      throw Complaint(
        status: .unavailable,
        sentence: "I tried to start precall-server for this check, but: \(error) "
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

  /// The address of the server once it is ready; where it is not by `moment`, `giveUp` ends it.
  private static func address(
    from output: SubprocessOutputSequence, by moment: ContinuousClock.Instant,
    giveUp: @escaping @Sendable () async -> Void
  ) async throws -> String {
    let ready = try await withThrowingTaskGroup(of: String?.self) { group in
      group.addTask { try await firstAddress(in: output) }
      group.addTask {
        try await Task.sleep(until: moment, clock: .continuous)
        await giveUp()
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    if let ready { return ready }
    throw Complaint(
      status: .unavailable,
      sentence: "I tried to start precall-server for this check, but it "
        + (ContinuousClock.now < moment ? "ended at once" : "did not get ready in time")
        + ". Run it by hand to see why: precall-server --port 0 --udp-port 0")
  }

  /// Reads the line that the server writes when it is ready; nothing where it ends before.
  private static func firstAddress(in output: SubprocessOutputSequence) async throws -> String? {
    var line: Text = []
    for try await block in output {
      line += unsafe block.withUnsafeBytes { unsafe Array($0) }
      guard let end = line.firstIndex(of: 0x0A) else { continue }
      let port = (try? JSONReader.read(Array(line[..<end])))?["http_port"]?.integer
      return port.map { "http://127.0.0.1:\($0)" }
    }
    return nil
  }
}
