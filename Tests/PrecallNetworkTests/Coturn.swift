import Foundation
import Glibc
import PrecallTestSupport
import Testing

/// A real coturn on free ports of loopback, with a secret that the test knows.
struct Coturn {
  static let secret = "north-wind-and-sun"
  let port: UInt16
  let tlsPort: UInt16

  /// Runs it for as long as `body` does.
  static func with<Result>(_ body: (Coturn) async throws -> Result) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let coturn = Coturn(port: freePort(), tlsPort: freePort())
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
    switch way {
    case .udp: "turn:localhost:\(port)?transport=udp"
    case .tcp: "turn:localhost:\(port)?transport=tcp"
    case .tls: "turns:localhost:\(tlsPort)?transport=tcp"
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
    listening-ip=127.0.0.1
    relay-ip=127.0.0.1
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
    log-file=stdout
    pidfile=/dev/null
    userdb=turndb

    """
  }

  private func awaitReady() async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if Self.answers(port), Self.answers(tlsPort) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("coturn did not start")
  }

  private static func answers(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    LossyRelay.connect(descriptor, to: port)
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    } == 0
  }
}
