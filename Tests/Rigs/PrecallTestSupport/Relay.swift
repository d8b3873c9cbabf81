import Foundation
import Glibc

/// A coturn for one test, on the loopback only where it is run here.
package struct Relay: Sendable {
  private let host: String
  package let port: UInt16
  /// Where it answers by TLS, if it has a certificate.
  package let tlsPort: UInt16
  package let secret = "a-secret-of-the-tests"
  private let authority: CertificateAuthority?

  package init(host: String, port: UInt16, tlsPort: UInt16, certifiedBy authority: CertificateAuthority?) {
    (self.host, self.port, self.tlsPort, self.authority) = (host, port, tlsPort, authority)
  }

  package static func with<Result>(
    certifiedBy authority: CertificateAuthority? = nil, _ body: (Relay) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let relay = Relay(
        host: "127.0.0.1", port: try freePort(), tlsPort: try freePort(), certifiedBy: authority)
      let settings = URL(filePath: folder).appending(path: "turnserver.conf")
      try relay.settings(in: folder).write(to: settings, atomically: true, encoding: .utf8)
      let log = folder + "/output"
      let child: pid_t
      do {
        let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder]
        child = try ChildProcess.spawn(
          ["turnserver", "-c", settings.path()], environment: environment, output: log)
      } catch {
        throw RigError("I tried to run `turnserver`; install it with `apt-get install coturn`. (\(error))")
      }
      defer {
        ChildProcess.end(child)
      }
      try await relay.waitUntilReady(log: log)
      return try await body(relay)
    }
  }

  /// Of `turnserver -c`, which keeps what it writes in `folder`.
  package func settings(in folder: String) -> String {
    """
    listening-ip=\(host)
    relay-ip=\(host)
    listening-port=\(port)
    realm=precall.test
    use-auth-secret
    static-auth-secret=\(secret)
    fingerprint
    \(encryption)
    no-dtls
    no-cli
    no-multicast-peers
    allow-loopback-peers
    no-software-attribute
    no-stdout-log
    log-file=\(folder)/turn.log
    simple-log
    pidfile=\(folder)/turn.pid
    userdb=\(folder)/turndb
    relay-threads=1
    """
  }

  private var encryption: String {
    guard let authority else { return "no-tls" }
    return "tls-listening-port=\(tlsPort)\ncert=\(authority.certificate)\npkey=\(authority.key)"
  }

  private func waitUntilReady(log: String) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      if Self.answers(port) { return }
      try await Task.sleep(for: .milliseconds(30))
    }
    throw RigError("turnserver did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
  }

  /// A TCP port that nobody listens on.
  package static func freePort() throws -> UInt16 {
    let (descriptor, port) = open { bind($0, $1, $2) }
    close(descriptor)
    guard let port else { throw RigError("no free port") }
    return port
  }

  private static func answers(_ port: UInt16) -> Bool {
    let (descriptor, found) = open(port: port) { connect($0, $1, $2) }
    close(descriptor)
    return found != nil
  }

  /// A socket on which `call` was tried, and its port where that went well.
  private static func open(
    port: UInt16 = 0, _ call: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> (descriptor: CInt, port: UInt16?) {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        let status = call(descriptor, plain, length)
        return status == 0 && port == 0 ? getsockname(descriptor, plain, &length) : status
      }
    }
    return (descriptor, status == 0 ? UInt16(bigEndian: address.sin_port) : nil)
  }
}
