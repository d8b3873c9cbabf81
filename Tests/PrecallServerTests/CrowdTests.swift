import Foundation
import Glibc
import PrecallCore
import Testing

/// Many connections that want nothing, against the built server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrowdTests {
  private static let crowd = 5_000

  /// Why this process may not open so many sockets; nothing where it may.
  static let obstacle: String? = {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let wanted = rlim_t(2 * crowd + 2_000)
    guard limit.rlim_max >= wanted else { return "skipped: this user may open only \(limit.rlim_max) files" }
    limit.rlim_cur = max(limit.rlim_cur, wanted)
    // The server inherits it.
    return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
      ? nil : "skipped: no more files"
  }()

  /// Connections that say nothing or half a request.
  private static func gather(_ port: UInt16) throws -> [TestConnection] {
    let starts = [
      "", "GET /livez HTT", "POST /v1/upload HTTP/1.1\r\nHost: t\r\nContent-Le",
    ]
    return try (0..<crowd).map { index in
      let connection = try TestConnection(port: port)
      try connection.send(starts[index % starts.count])
      return connection
    }
  }

  /// How long a stranger's request takes beside them.
  private static func ask(_ port: UInt16) async throws -> Duration {
    let start = ContinuousClock.now
    let answer = try await TestConnection.answer(port, "GET /v1/ping")
    #expect(answer.hasPrefix("HTTP/1.1 204 "))
    return ContinuousClock.now - start
  }

  /// The files that the server has open, once they are as they should be or a minute has passed.
  static func wait(for server: RunningServer, until isReached: (Int) -> Bool) async throws -> Int {
    let end = ContinuousClock.now + .seconds(60)
    while try !isReached(FloodTests.openFiles(server)), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    return try FloodTests.openFiles(server)
  }

  @Test(.disabled(if: CrowdTests.obstacle != nil, "\(CrowdTests.obstacle ?? "")"))
  func `five thousand idle connections are borne, and closed in time, without a trace`() async throws {
    let server = try RunningServer(["--idle-seconds", "30", "--log-level", "error"])
    let port = server.port
    let atFirst = try FloodTests.memory(server)
    var peaks: [Int] = []
    for _ in 0..<2 {
      let connections = try await onThread { try Self.gather(port) }
      let took = try await Self.ask(server.port)
      let open = try await Self.wait(for: server, until: { $0 > Self.crowd })
      #expect(open > Self.crowd)
      #expect(took < .seconds(2))
      #expect(try await FloodTests.honest(try await FloodTests.grant(server)) >= 195)
      peaks.append(try FloodTests.memory(server) - atFirst)
      #expect(try await Self.wait(for: server, until: { $0 < 100 }) < 100)
      withExtendedLifetime(connections) {}
    }
    print("5,000 idle connections: +\(peaks) KiB, after them +\(try FloodTests.memory(server) - atFirst) KiB")
    // 40 KiB each at most, and no more for those that come after them.
    #expect(peaks[0] < Self.crowd * 40)
    #expect(peaks[1] < peaks[0] * 3 / 2)
  }

  @Test func `two hundred readers that stopped cost little, and others are served`() async throws {
    let limits = ["--max-tests", "220", "--max-tests-per-address", "220", "--max-seconds", "20"]
    let server = try RunningServer(limits)
    _ = try await Self.ask(server.port)
    let before = try FloodTests.memory(server)
    var stalled: [TestConnection] = []
    for _ in 0..<200 { stalled.append(try await LimitTests.stalledDownload(server.port)) }
    try await Task.sleep(for: .seconds(2))
    let growth = try FloodTests.memory(server) - before
    #expect(try await Self.ask(server.port) < .seconds(2))
    let answer = try await TestConnection.answer(server.port, "GET /v1/download?bytes=1000000")
    #expect(answer.hasPrefix("HTTP/1.1 200 "))
    try await Task.sleep(for: .seconds(3))
    let later = try FloodTests.memory(server) - before
    print("200 stalled downloads: +\(growth) KiB, three seconds later +\(later) KiB")
    #expect(growth < 200 * 512)
    #expect(later < growth + 8_192)
    withExtendedLifetime(stalled) {}
  }
}
