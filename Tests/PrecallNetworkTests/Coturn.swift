import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// A real coturn on free ports of loopback, with a secret that the test knows.
struct Coturn {
  static let secret = "north-wind-and-sun"
  let port: UInt16
  let tlsPort: UInt16
  var host = "127.0.0.1"
  /// Where its relays are.
  var relay = "127.0.0.1"
  var folder = ""

  /// Runs it for as long as `body` does.
  static func with<Result>(
    host: String = "127.0.0.1", relay: String = "127.0.0.1", _ body: (Coturn) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let coturn = Coturn(
        port: freePort(), tlsPort: freePort(), host: host, relay: relay, folder: folder)
      try coturn.configuration.write(toFile: folder + "/turn.conf", atomically: true, encoding: .utf8)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/turnserver")
      process.arguments = ["-c", "turn.conf"]
      process.currentDirectoryURL = URL(filePath: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      defer {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      try await coturn.awaitReady()
      return try await body(coturn)
    }
  }

  /// Options of a server that sends its clients here.
  func options(secretFile: String, _ urls: [String]? = nil) -> [String] {
    let all = urls ?? [url(.udp), url(.tcp), url(.tls)]
    return all.flatMap { ["--turn", $0] } + ["--turn-secret-file", secretFile]
  }

  enum Way { case udp, tcp, tls }
  func url(_ way: Way) -> String {
    let name = host.contains(":") ? "[\(host)]" : "localhost"
    return switch way {
    case .udp: "turn:\(name):\(port)?transport=udp"
    case .tcp: "turn:\(name):\(port)?transport=tcp"
    case .tls: "turns:\(name):\(tlsPort)?transport=tcp"
    }
  }

  /// A port where nobody listens.
  static func freePort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return MisbehavingServer.bindToLoopback(descriptor)
  }

  private var configuration: String {
    """
    listening-ip=\(host)
    relay-ip=\(relay)
    listening-port=\(port)
    tls-listening-port=\(tlsPort)
    cert=\(Fixtures.path("network/tls/good.pem"))
    pkey=\(Fixtures.path("network/tls/server.key"))
    realm=test
    use-auth-secret
    static-auth-secret=\(Self.secret)
    fingerprint
    no-dtls
    no-cli
    allow-loopback-peers
    no-multicast-peers
    verbose
    stale-nonce=1
    simple-log
    log-file=turn.log
    pidfile=/dev/null
    userdb=turndb

    """
  }

  /// The lines of its log that hold `words`, once there are `count` or five seconds have passed.
  func log(_ words: String, count: Int) async throws -> [Substring] {
    let end = ContinuousClock.now + .seconds(5)
    while true {
      let text = try String(contentsOfFile: folder + "/turn.log", encoding: .utf8)
      let found = text.split(separator: "\n").filter { $0.contains(words) }
      if found.count >= count || ContinuousClock.now > end { return found }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func awaitReady() async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if answers(port), answers(tlsPort) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("coturn did not start")
  }

  private func answers(_ port: UInt16) -> Bool {
    (try? Self.connected(host, port, SOCK_STREAM)).map { close($0) } != nil
  }

  /// A socket that is connected to an address, and to be closed.
  static func connected(_ host: String, _ port: UInt16, _ type: __socket_type) throws -> Int32 {
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", nil, &found) == 0, let found else { throw RigError("no address") }
    defer { freeaddrinfo(found) }
    let made = socket(found.pointee.ai_family, Int32(type.rawValue), 0)
    guard connect(made, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
      close(made)
      throw RigError("no connection: \(errno)")
    }
    return made
  }
}
