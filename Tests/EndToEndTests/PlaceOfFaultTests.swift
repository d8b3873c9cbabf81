import PrecallCore
import PrecallTestSupport
import Testing

/// The real programs across lines whose faults, and where they lie, are known.
@Suite(.needsLinks, .serialized) struct `Where a line is at fault` {
  /// `certificate` is the name of the server's certificate, beside its key, where it has one; `limit` stands
  /// before the server's command.
  private func report(
    _ link: String, behind router: LinkLab.Router? = nil, certificate: String? = nil, limit: String = ""
  ) async throws -> Report {
    let tls = certificate.map { " --tls-cert '\($0).pem' --tls-key '\($0).key'" } ?? ""
    let trust = certificate.map { " --ca-file '\($0).pem'" } ?? ""
    var lab = LinkLab(
      link, server: limit + "'\(Fixtures.program("precall-server"))' --host 0.0.0.0 --port 8080" + tls)
    lab.router = router
    let script =
      "exec '\(Fixtures.program("precall-test"))' http\(tls.isEmpty ? "" : "s")://$LINK_SERVER_ADDRESS:8080 "
      + "--only network --format json --quiet" + trust
    let result = try await lab.run(["sh", "-c", script]).client
    return try Report(json: Array(result.output.utf8))
  }

  private func finding(_ code: String, of report: Report) -> Finding? {
    report.findings.first { $0.kind.code.equals(code.utf8) }
  }

  private func figure(_ metric: Metric, of report: Report) -> Quantity? {
    report.results.flatMap(\.assessments).first { $0.metric == metric }?.measured
  }

  @Test func `the delay of a satellite behind the router is the line's`() async throws {
    let report = try await report("geo-satellite", behind: .gateway)
    #expect(finding("network.latency", of: report)?.located == .accessLine)
    let gateway = try #require(figure(.gatewayTime, of: report))
    #expect(gateway.base < 100_000)
  }

  @Test func `the delay behind the provider's first router is the far network's`() async throws {
    let report = try await report("geo-satellite", behind: .provider)
    #expect(finding("network.latency", of: report)?.located == .farNetwork)
    let gateway = try #require(figure(.gatewayTime, of: report))
    #expect(gateway.base < 100_000)
  }

  /// It ends after three seconds, in the middle of the check.
  @Test func `a server that goes away is at fault itself, behind routers too`() async throws {
    let report = try await report("fibre", behind: .provider, limit: "timeout 3 ")
    #expect(finding("network.server-stopped", of: report)?.place == .server, "\(report.findings)")
    #expect(report.findings.allSatisfy { $0.place == .server })
  }

  @Test func `the delay on the way to the router is the local network's`() async throws {
    let report = try await report("geo-satellite")
    #expect(finding("network.latency", of: report)?.located == .localNetwork)
    let gateway = try #require(figure(.gatewayTime, of: report))
    let whole = try #require(figure(.roundTripTime, of: report))
    #expect(abs(gateway.base - whole.base) < whole.base / 5)
  }

  @Test func `a tunnel that swallows large packets is found, one that says so is not`() async throws {
    for (link, down) in [("vpn-black-hole", 30_000_000.0), ("pppoe-black-hole", 16_000_000.0)] {
      let report = try await report(link)
      #expect(finding("network.large-packets-lost", of: report) != nil, "\(link)")
      // The line carries what is small: its rates are not those of packets that vanish.
      let rate = try #require(figure(.downloadRate, of: report), "\(link)")
      #expect(rate.base > 3_000_000 && Double(rate.base) < down, "\(link): \(rate.base)")
    }
    let telling = try await report("vpn-mtu-1280")
    #expect(finding("network.large-packets-lost", of: telling) == nil)
    #expect(figure(.pathMTU, of: telling) == .size(ByteCount(base: 1_280)))
  }

  /// The certificate's packets vanish: it is the line that the handshake stalls on, and the check goes on without them.
  @Test func `a handshake whose large packets vanish is no fault of the server`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try CertificateAuthority.long(for: "10.98.0.1", in: folder, "lab")
      let report = try await report("pppoe-black-hole", certificate: folder + "/lab")
      let codes = report.findings.map { "\($0.kind.code)" }
      #expect(codes.contains("network.large-packets-lost"), "\(codes)")
      #expect(report.findings.allSatisfy { $0.place != .server }, "\(codes)")
      #expect(figure(.downloadRate, of: report) != nil)
    }
  }

  @Test func `a queue of a second is found by default, though the line has room for a call`() async throws {
    let report = try await report("cable-bufferbloat")
    let codes = report.findings.map { "\($0.kind.code)" }
    #expect(finding("network.bufferbloat", of: report)?.located == .localNetwork, "\(codes)")
  }

  private static let queues: [(LinkLab.Router?, Place)] = [
    (nil, .localNetwork), (.gateway, .accessLine), (.provider, .farNetwork),
  ]

  /// Before the gateway, behind it, and behind the provider's first router.
  @Test(arguments: queues) func `a queue is where it stands`(router: LinkLab.Router?, place: Place)
    async throws
  {
    let report = try await report("dsl-3", behind: router)
    for code in ["network.bufferbloat", "network.slow-upload", "network.video-too-fast-up"] {
      #expect(finding(code, of: report)?.located == place, "\(code)")
    }
  }
}
