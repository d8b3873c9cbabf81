import Foundation
import Glibc

/// A real coturn for one test, on free ports of loopback where it is run here.
package struct Coturn: Sendable {
  package static let secret = "north-wind-and-sun"
  package let port: UInt16
  package let tlsPort: UInt16
  package var host = "127.0.0.1"
  /// Where its relays are.
  package var relay = "127.0.0.1"
  /// Whose certificate it shows; without one, that of the network's fixtures.
  private let authority: CertificateAuthority?
  private let nonceSeconds: Int
  private var folder = ""

  package init(
    port: UInt16, tlsPort: UInt16, certifiedBy authority: CertificateAuthority? = nil, nonceSeconds: Int = 600
  ) {
    (self.port, self.tlsPort) = (port, tlsPort)
    (self.authority, self.nonceSeconds) = (authority, nonceSeconds)
  }

  /// Runs it for as long as `body` does.
  package static func with<Result>(
    host: String = "127.0.0.1", relay: String = "127.0.0.1",
    certifiedBy authority: CertificateAuthority? = nil, nonceSeconds: Int = 600,
    _ body: (Coturn) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      var coturn = Coturn(
        port: try LoopbackPort.free(), tlsPort: try LoopbackPort.free(), certifiedBy: authority,
        nonceSeconds: nonceSeconds)
      (coturn.host, coturn.relay, coturn.folder) = (host, relay, folder)
      let settings = folder + "/turn.conf"
      try coturn.settings(in: folder).write(toFile: settings, atomically: true, encoding: .utf8)
      let child: pid_t
      do {
        let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder]
        child = try ChildProcess.spawn(
          ["turnserver", "-c", settings], environment: environment, output: folder + "/output")
      } catch {
        throw RigError("I tried to run `turnserver`; install it with `apt-get install coturn`. (\(error))")
      }
      defer { ChildProcess.end(child) }
      try await coturn.waitUntilReady()
      return try await body(coturn)
    }
  }

  /// Options of a server that sends its clients here, with the secret in a file of `folder`.
  package func options(
    in folder: String, _ urls: [String]? = nil, secret: String = Self.secret
  ) throws -> [String] {
    let secretFile = folder + "/secret"
    try secret.write(toFile: secretFile, atomically: true, encoding: .utf8)
    let all = urls ?? [url(.udp), url(.tcp), url(.tls)]
    return all.flatMap { ["--turn", $0] } + ["--turn-secret-file", secretFile]
  }

  package enum Way: Sendable { case udp, tcp, tls }

  package func url(_ way: Way) -> String {
    let name = host.contains(":") ? "[\(host)]" : "localhost"
    return switch way {
    case .udp: "turn:\(name):\(port)?transport=udp"
    case .tcp: "turn:\(name):\(port)?transport=tcp"
    case .tls: "turns:\(name):\(tlsPort)?transport=tcp"
    }
  }

  /// Of `turnserver -c`, which keeps what it writes in `folder`.
  package func settings(in folder: String) -> String {
    """
    listening-ip=\(host)
    relay-ip=\(relay)
    listening-port=\(port)
    tls-listening-port=\(tlsPort)
    cert=\(authority?.certificate ?? Fixtures.path("network/tls/good.pem"))
    pkey=\(authority?.key ?? Fixtures.path("network/tls/server.key"))
    realm=precall.test
    use-auth-secret
    static-auth-secret=\(Self.secret)
    stale-nonce=\(nonceSeconds)
    fingerprint
    no-dtls
    no-cli
    no-multicast-peers
    allow-loopback-peers
    no-software-attribute
    no-stdout-log
    verbose
    simple-log
    log-file=\(folder)/turn.log
    pidfile=\(folder)/turn.pid
    userdb=\(folder)/turndb
    relay-threads=1
    """
  }

  /// The lines of its log that hold `words`, once there are `count` or five seconds have passed.
  package func log(_ words: String, count: Int) async throws -> [Substring] {
    let end = ContinuousClock.now + .seconds(5)
    while true {
      let text = try String(contentsOfFile: folder + "/turn.log", encoding: .utf8)
      let found = text.split(separator: "\n").filter { $0.contains(words) }
      if found.count >= count || ContinuousClock.now > end { return found }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// It opens its ports one after the other, those of UDP after those of TCP: each has to answer.
  private func waitUntilReady() async throws {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if LoopbackPort.isServed(port, at: host), LoopbackPort.isServed(tlsPort, at: host), answersBinding() {
        return
      }
      try await Task.sleep(for: .milliseconds(30))
    }
    let said = (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? ""
    throw RigError("turnserver did not start: \(said)")
  }

  /// Whether a binding request (RFC 8489, section 14) comes back over UDP within 100 ms.
  private func answersBinding() -> Bool {
    guard let made = try? LoopbackPort.connected(host, port, SOCK_DGRAM) else { return false }
    defer { close(made) }
    let request: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + (1...12)
    var answer = [UInt8](repeating: 0, count: 512)
    guard send(made, request, request.count, 0) == request.count else { return false }
    var wanted = pollfd(fd: made, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, 100) == 1 && recv(made, &answer, answer.count, 0) > 0
  }
}
