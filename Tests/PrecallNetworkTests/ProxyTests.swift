import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The command and the server over TLS, with a proxy between them that the environment names.
@Suite(.serialized) struct `A proxy that makes tunnels` {
  private func check(
    _ proxy: ConnectProxy
  ) async throws -> (report: JSONValue, samples: JSONValue?) {
    try await Fixtures.withTemporaryFolder { folder in
      let authority = try CertificateAuthority(in: folder)
      let options = ["--tls-cert", authority.certificate, "--tls-key", authority.key]
      return try await withServer(options) { server in
        let program = Program(
          "precall-test", environment: ["https_proxy": "http://127.0.0.1:\(proxy.port)"])
        let result = try await program.run([
          "https://127.0.0.1:\(server.httpPort)", "--ca-file", authority.root, "--only", "network",
          "--format", "json", "--samples", folder + "/samples",
        ])
        let report = try #require(try? JSONReader.read(Array(result.output.utf8)), "\(result.error)")
        let kept = try Data(contentsOf: URL(filePath: folder + "/samples"))
        let samples = try? JSONReader.read(Array(kept))
        return (report, samples)
      }
    }
  }

  private func codes(_ report: JSONValue) -> Set<String> {
    Set((report.array("findings") ?? []).map { String(decoding: $0.string("code") ?? [], as: UTF8.self) })
  }

  @Test func `is passed, and the upload is what the server has received`() async throws {
    let proxy = ConnectProxy()
    defer { proxy.stop() }
    let (report, samples) = try await check(proxy)
    #expect(proxy.tunnelCount >= 7, "one for the ticket, and one for each flow")
    let path = report["checks"]?["network"]?["path"]
    #expect(path?["proxied"]?.bool == true && path?.string("interface") == Array("loopback".utf8))
    #expect(path?.string("gateway_gap") == Array("no-gateway".utf8))
    let metrics = report["checks"]?["network"]?["metrics"]
    for metric in ["network.download", "network.upload"] as [StaticString] {
      #expect(metrics?[metric]?["measured_bps"]?.integer ?? 0 > 3_000_000, "\(metric)")
    }
    let transfers = samples?["network"]?.array("transfers") ?? []
    #expect(samples?["network"]?["reach"]?["proxied"]?.bool == true)
    // What the proxy acknowledges has reached the proxy only.
    let up = transfers.first { $0.string("direction") == Array("up".utf8) }
    #expect(up?.string("counted_by") == Array("receiver".utf8))
    // Test packets don't go through the proxy.
    #expect(metrics?["network.round-trip-time"]?["measured_us"]?.integer ?? 0 > 0)
  }

  @Test func `is named where it refuses`() async throws {
    let proxy = ConnectProxy(refuses: true)
    defer { proxy.stop() }
    let (report, _) = try await check(proxy)
    #expect(codes(report).contains("network.proxy"), "\(codes(report))")
    #expect(proxy.tunnelCount == 0)
  }
}
