import PrecallCore
import PrecallTestSupport
import Testing

/// The real command before a secure server where a network wants a sign-in first: what answers in plain HTTP
/// tells it from a server that refuses or has a wrong certificate.
@Suite(.needsIsolation, .serialized, .timeLimit(.minutes(3))) struct PortalTests {
  /// What stands at port 443.
  enum Secure: Sendable {
    case refused, untrusted
    case plain
  }

  private func check(_ secure: Secure, portal: String?) async throws -> IsolatedComputer.Outcome {
    var computer = IsolatedComputer(hosts: ["127.0.0.1 \(IsolatedComputer.name)"])
    computer.address = "https://\(IsolatedComputer.name)"
    computer.portals = [portal.map { "80 " + $0 }, secure == .plain ? "443 400" : nil].compactMap { $0 }
    if secure == .untrusted {
      let (certificate, key) = ("network/tls/good.pem", "network/tls/server.key")
      computer.serverOptions =
        "--port 443 --tls-cert '\(Fixtures.path(certificate))' --tls-key '\(Fixtures.path(key))'"
    }
    computer.afterwards =
      "'\(Fixtures.program("precall-test"))' watch \(computer.address) --for 5s || [ $? = 3 ]"
    return try await computer.check()
  }

  @Test(arguments: [
    (Secure.refused, "302 http://login.hotel.example/?from=visit.example"), (.refused, "511"),
    (.untrusted, "307 https://login.hotel.example/"), (.untrusted, "200"), (.plain, "302 /login"),
  ]) func `a sign-in page before a secure server is told as such`(secure: Secure, portal: String)
    async throws
  {
    let outcome = try await check(secure, portal: portal)
    #expect(outcome.codes == ["network.captive-portal"])
    #expect(outcome.seconds < 3)
    #expect(
      outcome.said.contains("to watch the line, but: This network wants you to sign in"), "\(outcome.said)")
  }

  private static let ordinary: [(Secure, String?, String)] = [
    (.untrusted, "301 https://visit.example/v1/ping", "network.certificate-untrusted"),
    (.untrusted, "308 https://www.visit.example:8443/", "network.certificate-untrusted"),
    (.untrusted, "404", "network.certificate-untrusted"), (.untrusted, nil, "network.certificate-untrusted"),
    (.refused, nil, "network.refused"), (.refused, "silent", "network.refused"),
    (.refused, "302 https://visit.example/", "network.refused"), (.plain, nil, "network.tls"),
  ]

  @Test(arguments: ordinary) func `what any web server does in plain HTTP leaves the cause as it is`(
    secure: Secure, portal: String?, code: String
  ) async throws {
    let outcome = try await check(secure, portal: portal)
    #expect(outcome.codes == [code])
    #expect(outcome.seconds < 4)
    #expect(outcome.said.contains("to watch the line, but:") && !outcome.said.contains("sign in"))
  }
}
