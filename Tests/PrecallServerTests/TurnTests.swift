import Foundation
import Glibc
import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import Testing

import PrecallServer

/// The way to TURN, against the real coturn.
@Suite(.serialized) struct TurnTests {
  typealias Host = WaitingRoomHost

  @Test func `credentials are those of the TURN REST API`() {
    let credentials = TurnCredentials(secret: "north", now: 1_000)
    #expect(credentials.username.hasPrefix("1600:"))
    #expect(credentials.username != TurnCredentials(secret: "north", now: 1_000).username)
    #expect(Data(base64Encoded: credentials.credential)?.count == 20)
  }

  @Test func `without TURN the page is told so, and an external server is named`() async throws {
    try await Host.with { host in
      let answer = try await host.ask(.POST, "/v1/turn-credentials")
      #expect(answer.status == 404 && answer.code == "no-turn-server")
    }
    let urls = ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:443?transport=tcp"]
    try await Host.with({ $0.turn = .external(urls: urls, secret: "shared-secret") }) { host in
      let answer = try await host.ask(.POST, "/v1/turn-credentials")
      #expect(answer.json?["urls"]?.array?.map(\.string) == urls.map { Text($0.utf8) })
      #expect(answer.json?["ttl_s"]?.integer == 600)
      #expect(answer.headers.first(name: "Cache-Control") == "no-store")
      var refused = 0
      for _ in 0..<40 where try await host.ask(.POST, "/v1/turn-credentials").status == 429 { refused += 1 }
      #expect(refused > 5)
    }
  }

  struct Way: Sendable {
    var port: String
    var username: String
    var credential: String
  }

  /// The managed server's address and a credential for it, once it is up.
  static func way(_ host: Host) async throws -> Way {
    var way: Way?
    try await host.eventually("coturn is up") {
      let answer = try await host.ask(.POST, "/v1/turn-credentials")
      guard answer.status == 200, let json = answer.json else { return false }
      let word = { (value: JSONValue?) in String(decoding: value?.string ?? [], as: UTF8.self) }
      let url = word(json["urls"]?.array?.first)
      way = Way(
        port: String(url.split(separator: ":")[2].prefix { $0.isNumber }), username: word(json["username"]),
        credential: word(json["credential"]))
      return true
    }
    return try #require(way)
  }

  /// What coturn's own client says of five packets from relay to relay, or to `peer`.
  static func client(_ way: Way, _ more: [String]) async throws -> (status: Int32, words: String) {
    let arguments = [
      "8", "/usr/bin/turnutils_uclient", "-u", way.username, "-w", way.credential, "-p", way.port,
    ]
    let result = try await ServerCommandTests.run(
      "/usr/bin/timeout", arguments + ["-n", "5", "-m", "1"] + more + ["127.0.0.1"])
    return (result.status, result.output + result.error)
  }

  static func isRelayed(_ way: Way, tcp: Bool = false) async throws -> Bool {
    let (status, words) = try await client(way, ["-y"] + (tcp ? ["-t"] : []))
    return status == 0 && words.contains("Total lost packets 0")
  }

  /// The children of this process that run coturn with a configuration of ours.
  static func servers(_ port: String) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
    return all.filter { process in
      guard let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
        String(decoding: words, as: UTF8.self).contains("turnserver"),
        let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd"),
        let file = FileManager.default.contents(atPath: folder + "/turn.conf")
      else { return false }
      return String(decoding: file, as: UTF8.self).contains("listening-port=\(port)\n")
    }
  }

  static func managed(_ configuration: inout PrecallServerConfiguration) {
    var turn = ManagedTurn()
    turn.port = 0
    turn.tlsPort = 0
    configuration.turn = .managed(turn)
    configuration.waitingRoom.asked = 1_000
    configuration.waitingRoom.clock = { WallClockSeconds.now }
  }

  @Test func `our credentials open a relay over UDP and TCP, wrong and old ones don't`() async throws {
    try await Host.with(Self.managed) { host in
      let way = try await Self.way(host)
      #expect(try await Self.isRelayed(way))
      #expect(try await Self.isRelayed(way, tcp: true))
      var wrong = way
      wrong.credential = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
      #expect(try await !Self.isRelayed(wrong))
      var old = way
      old.username = "1000:" + way.username.split(separator: ":")[1]
      #expect(try await !Self.isRelayed(old))
    }
  }

  @Test func `it relays to itself only: no proxy into this computer's networks`() async throws {
    try await Host.with(Self.managed) { host in
      let way = try await Self.way(host)
      for peer in ["10.0.0.1", "192.0.2.1", "127.0.0.2", "169.254.169.254"] {
        #expect(try await Self.client(way, ["-e", peer]).words.contains("403"), "\(peer) is forbidden")
      }
      #expect(
        try await !Self.client(way, ["-e", "127.0.0.1"]).words.contains("403"), "its own address is not")
      let folder = try #require(
        Self.servers(way.port).first.flatMap {
          try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")
        })
      let file = try FileManager.default.attributesOfItem(atPath: folder + "/turn.conf")
      #expect(file[.posixPermissions] as? Int == 0o600)
      let words = String(
        decoding: FileManager.default.contents(atPath: folder + "/turn.conf") ?? Data(), as: UTF8.self)
      for line in ["no-cli", "no-multicast-peers", "no-tcp-relay", "user-quota=12", "total-quota=2400"] {
        #expect(words.contains("\n\(line)\n"))
      }
    }
  }

  @Test func `it is started again when it dies, and ends with the server`() async throws {
    let port = try await Host.with(Self.managed) { host in
      let way = try await Self.way(host)
      let server = try #require(Self.servers(way.port).first)
      kill(server, SIGKILL)
      try await host.eventually("it is noticed") {
        try await host.ask(.POST, "/v1/turn-credentials").code == "turn-server-starts"
      }
      let again = try await Self.way(host)
      #expect(again.port == way.port && Self.servers(way.port) != [server])
      #expect(try await Self.isRelayed(again))
      return way.port
    }
    #expect(Self.servers(port).isEmpty)
  }

  @Test(arguments: [SIGKILL, SIGTERM]) func `it does not outlive a server that is ended`(signal: Int32)
    async throws
  {
    let ports = try await onThread { () -> [pid_t] in
      let server = try RunningServer(["--turn", "managed", "--turn-port", "0", "--turn-tls-port", "0"])
      let children = { (parent: pid_t) in
        (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8))?
          .split(separator: " ").compactMap { pid_t($0) } ?? []
      }
      // The watcher is a child of whichever thread started it.
      let threads = {
        (try? FileManager.default.contentsOfDirectory(
          atPath: "/proc/\(server.process.processIdentifier)/task")) ?? []
      }
      var found: [pid_t] = []
      let end = Date() + 10
      while found.isEmpty, Date() < end {
        for thread in threads() {
          let text =
            (try? String(
              contentsOfFile: "/proc/\(server.process.processIdentifier)/task/\(thread)/children",
              encoding: .utf8)) ?? ""
          for watcher in text.split(separator: " ").compactMap({ pid_t($0) }) { found += children(watcher) }
        }
        usleep(50_000)
      }
      kill(server.process.processIdentifier, signal)
      server.process.waitUntilExit()
      return found
    }
    #expect(!ports.isEmpty)
    let end = ContinuousClock.now + .seconds(10)
    while ports.contains(where: { kill($0, 0) == 0 }), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(!ports.contains { kill($0, 0) == 0 })
  }

  @Test func `a missing coturn is named, with what to do`() async throws {
    var configuration = MeasurementEndpointTests.configuration()
    var turn = ManagedTurn()
    turn.program = "no-such-turnserver"
    configuration.turn = .managed(turn)
    let failure = await #expect(throws: ServerFailure.self) {
      try await withPrecallServer(configuration) { _ in }
    }
    #expect(failure?.description.contains("install the package coturn") == true)
  }
}
