import Foundation
import PrecallCore
import Testing

/// Many clients of TLS that stop in the middle, against the built server: handshakes and records have memory of
/// their own, which plain connections (`CrowdTests`) do not show.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TLSCrowdTests {
  private static let crowd = 300
  private static let script = ServerCommandTests.root.appending(
    path: "Tests/PrecallServerTests/tls-crowd.py"
  ).path

  /// So many clients, standing until this goes.
  private final class Crowd: Sendable {
    private let process = Process()
    private let life = Pipe()

    init(_ kind: String, at port: UInt16) throws {
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = [TLSCrowdTests.script, "\(port)", "\(TLSCrowdTests.crowd)", kind]
      process.standardInput = life
      process.standardOutput = output
      try process.run()
      let said = try output.fileHandleForReading.read(upToCount: 6) ?? Data()
      try #require(said == Data("ready\n".utf8))
    }

    deinit {
      try? life.fileHandleForWriting.close()
      process.waitUntilExit()
    }
  }

  private static func curl(_ server: RunningServer, _ path: String, _ options: String...) async throws
    -> (status: Int32, output: String, error: String)
  {
    try await ServerCommandTests.run(
      "/usr/bin/curl",
      ["-ks", "--max-time", "5", "https://127.0.0.1:\(server.port)\(path)"] + options)
  }

  /// A test of somebody else's beside them: a ticket, its packets, and a download.
  private static func askHonestly(_ server: RunningServer) async throws {
    let ticket = try await curl(server, "/v1/tickets", "-X", "POST")
    let grant = try TicketGrant(json: try JSONReader.read([UInt8](ticket.output.utf8)))
    #expect(try await FloodTests.honest(grant) >= 195)
    let download = try await curl(
      server, "/v1/download?bytes=5000000", "-o", "/dev/null", "-w", "%{size_download}")
    #expect(download.status == 0 && download.output == "5000000", "\(download)")
  }

  /// A half handshake is closed after `--idle-seconds`; a reader that stopped, a second after `--max-seconds`.
  @Test(arguments: [(kind: "half", kibibytes: 64), (kind: "unread", kibibytes: 224)])
  func `hundreds that stop cost little, hinder nobody and are closed in time`(
    kind: String, kibibytes: Int
  ) async throws {
    let tls = try TLSTests()
    defer { try? FileManager.default.removeItem(at: tls.folder) }
    try await tls.makeCertificate("one")
    let server = try RunningServer([
      "--tls-cert", tls.file("one.pem"), "--tls-key", tls.file("one.key"), "--idle-seconds", "12",
      "--max-seconds", "12", "--max-tests", "400", "--max-tests-per-address", "400", "--log-level", "error",
    ])
    let files = try FloodTests.openFiles(server)
    // What any first connections cost is no part of it.
    for _ in 0..<3 { try await Self.askHonestly(server) }
    let memory = try FloodTests.memory(server)
    let begun = ContinuousClock.now
    let crowd = try await onThread { [port = server.port] in try Crowd(kind, at: port) }
    let stood = ContinuousClock.now
    let all = files + Self.crowd
    #expect(try await CrowdTests.wait(for: server, until: { $0 >= all }) >= all)
    let growth = try FloodTests.memory(server) - memory
    try await Self.askHonestly(server)
    #expect(try await CrowdTests.wait(for: server, until: { $0 < files + 10 }) < files + 10)
    let (first, last) = (ContinuousClock.now - begun, ContinuousClock.now - stood)
    print("\(Self.crowd) \(kind): +\(growth) KiB, the last closed after \(last)")
    #expect(growth < Self.crowd * kibibytes)
    #expect(first >= .seconds(12) && last < .seconds(24))
    withExtendedLifetime(crowd) {}
  }
}
