import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The real command across a firewall, with the real server and a real coturn behind it, each at port 443 of
/// an address of its own.
@Suite(.needsLinks, .serialized, .timeLimit(.minutes(2))) struct FirewallTests {
  private static let server = "10.98.0.1"
  private static let relay = "10.98.0.3"

  private func check(_ link: String) async throws -> (report: Report, truth: JSONValue?) {
    try await Fixtures.withTemporaryFolder { folder in
      let names = "IP:\(Self.server),IP:\(Self.relay)"
      let authority = try CertificateAuthority(in: folder, for: names)
      var relay = Coturn(port: 3478, tlsPort: 443, certifiedBy: authority)
      (relay.host, relay.relay) = (Self.relay, Self.relay)
      for (name, text) in [
        ("secret", Coturn.secret), ("relay", relay.settings(in: folder)),
        ("run", Self.commands(folder, authority)),
      ] { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
      let outcome = try await LinkLab(link, server: "exec bash '\(folder)/run'").run([
        Fixtures.program("precall-test"), "https://\(Self.server)", "--ca-file", authority.root,
        "--only", "network", "--format", "json",
      ])
      try #require(!outcome.client.output.isEmpty, "\(outcome.client.error)")
      return (try Report(json: Array(outcome.client.output.utf8)), outcome.truth)
    }
  }

  /// The server says that it is ready once the relay is.
  private static func commands(_ folder: String, _ authority: CertificateAuthority) -> String {
    """
    ip addr add \(relay)/32 dev lo
    turnserver -c '\(folder)/relay' </dev/null >/dev/null 2>&1 &
    for turn in $(seq 200); do
      (exec 3<>/dev/tcp/\(relay)/443) 2>/dev/null && break
      sleep 0.05
    done
    exec '\(Fixtures.program("precall-server"))' --host \(server) --port 443 \
      --tls-cert '\(authority.certificate)' --tls-key '\(authority.key)' \
      --turn 'turn:\(relay):3478?transport=udp' --turn 'turn:\(relay):3478?transport=tcp' \
      --turn 'turns:\(relay):443?transport=tcp' --turn-secret-file '\(folder)/secret'
    """
  }

  private func codes(_ report: Report) -> Set<String> { Set(report.findings.map { "\($0.kind.code)" }) }

  @Test func `where only TLS is let out, the call goes by the relay over TLS, and nothing else is told`()
    async throws
  {
    let (report, truth) = try await check(Fixtures.path("firewalls/only-tls-443.json"))
    #expect(codes(report) == ["network.call-over-tls"])
    #expect(report.deciding?.kind == .callOverTLS)
    #expect(report.verdict.tier == .lowVideo)
    let metrics = report.results.first { $0.check == .network }?.assessments.map { "\($0.metric.id)" } ?? []
    #expect(Set(metrics).isSuperset(of: ["network.call-round-trip", "network.download", "network.upload"]))
    #expect(truth?["up"]?["lost_blocked"]?.integer ?? 0 > 20)
  }

  @Test func `without the firewall, the same call goes by UDP`() async throws {
    let (report, truth) = try await check("perfect")
    #expect(codes(report).isEmpty)
    #expect(report.verdict.tier == .hdVideo)
    #expect(truth?["up"]?["lost_blocked"]?.integer == 0)
  }
}
