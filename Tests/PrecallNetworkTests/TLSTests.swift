import Foundation
import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Testing

/// Real TLS: our server with certificates that openssl made (Fixtures/network/tls/make.sh).
struct `Secure connections` {
  private func codes(
    with certificate: String, trusting caFile: String? = "ca"
  ) async throws -> (codes: [String], reach: Reach) {
    let files = [
      "--tls-cert", Fixtures.path("network/tls/\(certificate).pem"), "--tls-key",
      Fixtures.path("network/tls/server.key"),
    ]
    return try await withServer(files) { addresses in
      let authority = caFile.map { Fixtures.path("network/tls/\($0).pem") }
      let measurement = await measure(
        addresses.httpPort, scheme: .https, caFile: authority, limit: .milliseconds(2_500))
      return (PrecallNetworkTests.codes(measurement), measurement.reach)
    }
  }

  @Test func `a good certificate is good`() async throws {
    let (found, reach) = try await codes(with: "good")
    #expect(!found.contains { $0.contains("certificate") || $0.contains("tls") })
    #expect(reach.tls != nil)
    #expect(reach.addressFamily == 4)
  }

  @Test(arguments: [
    ("expired", "network.certificate-expired"), ("not-yet-valid", "network.certificate-not-yet-valid"),
    ("wrong-name", "network.certificate-wrong-name"),
  ]) func `each fault of a certificate is its own finding`(name: String, code: String) async throws {
    let found = try await codes(with: name).codes
    #expect(found == [code])
  }

  @Test func `an issuer that nobody here knows is not trusted`() async throws {
    #expect(try await codes(with: "good", trusting: nil).codes == ["network.certificate-untrusted"])
  }

  @Test func `the server's clock is read to tell whose clock is wrong`() async throws {
    let reach = try await codes(with: "expired").reach
    let offset = try #require(reach.clockOffset)
    #expect(abs(offset.base) < 10_000_000)
  }

  /// As web servers send whoever asks in plain HTTP; elsewhere it would be a network that wants a sign-in.
  @Test func `a redirect to the same site over TLS is followed`() async throws {
    let files = [
      "--tls-cert", Fixtures.path("network/tls/good.pem"), "--tls-key",
      Fixtures.path("network/tls/server.key"),
    ]
    let found = try await withServer(files) { addresses in
      let place = "Location: https://127.0.0.1:\(addresses.httpPort)/v1/tickets"
      let plain = MisbehavingServer(
        .answer("HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\n\(place)\r\n\r\n"))
      defer { plain.stop() }
      return await measure(
        plain.port, caFile: Fixtures.path("network/tls/ca.pem"), limit: .milliseconds(2_500))
    }
    #expect(found.failure?.step != .reach && found.reach.tls != nil, "\(PrecallNetworkTests.codes(found))")
  }

  @Test func `a port that speaks no TLS is named`() async {
    let server = MisbehavingServer(.answer("HTTP/1.1 400 Bad Request\r\n\r\n"))
    defer { server.stop() }
    #expect(PrecallNetworkTests.codes(await measure(server.port, scheme: .https)) == ["network.tls"])
  }

  @Test func `a TLS handshake without an answer is named`() async {
    let server = MisbehavingServer(.silence)
    defer { server.stop() }
    #expect(PrecallNetworkTests.codes(await measure(server.port, scheme: .https)) == ["network.tls"])
  }
}
