import Foundation
import Testing

/// TLS with certificates made for the test by the openssl command.
@Suite struct TLSTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("precall-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// A key and a certificate for 127.0.0.1 that it signs itself.
  func makeCertificate(_ name: String) async throws {
    let result = try await ServerCommandTests.run(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file("\(name).key"),
        "-out", file("\(name).pem"),
      ])
    try #require(result.status == 0)
  }

  @Test func `a client that trusts the certificate is served`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await makeCertificate("one")
    let server = try RunningServer(["--tls-cert", file("one.pem"), "--tls-key", file("one.key")])
    let result = try await ServerCommandTests.run(
      "/usr/bin/openssl",
      [
        "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", file("one.pem"), "-verify_ip",
        "127.0.0.1", "-verify_return_error", "-ign_eof", "-quiet",
      ], input: "GET /livez HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    withExtendedLifetime(server) {}
    #expect(result.output.hasPrefix("HTTP/1.1 200 "))
    #expect(result.output.contains("Strict-Transport-Security: "))
    #expect(result.output.hasSuffix(#"{"status":"pass"}"#))
  }

  @Test func `a handshake that never comes is given up, on both ports`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await makeCertificate("one")
    let server = try RunningServer([
      "--tls-cert", file("one.pem"), "--tls-key", file("one.key"), "--compatible", "--compatible-port", "0",
      "--idle-seconds", "1",
    ])
    for port in [server.port, try #require(server.compatiblePort)] {
      for start: [UInt8] in [[], [0x16, 0x03, 0x01]] {
        let rest = try await onThread {
          let connection = try TestConnection(port: port)
          try connection.send(start)
          return try connection.receiveAll()
        }
        #expect(rest.isEmpty)
      }
    }
    withExtendedLifetime(server) {}
  }

  @Test func `a fast download does not pile up in the server's memory`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await makeCertificate("one")
    let server = try RunningServer(["--tls-cert", file("one.pem"), "--tls-key", file("one.key")])
    let request = "GET /v1/download?bytes=400000000 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
    let command =
      "printf '\(request)' | openssl s_client -connect 127.0.0.1:\(server.port) -ign_eof -quiet | wc -c"
    let result = try await ServerCommandTests.run("/bin/sh", ["-c", command])
    #expect(try #require(Int(result.output.filter(\.isNumber))) > 1_000_000)
    let status = try String(
      contentsOfFile: "/proc/\(server.process.processIdentifier)/status", encoding: .utf8)
    let peak = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    #expect(try #require(Int(peak.filter(\.isNumber))) < 150_000)
  }

  @Test func `a certificate or key that can't be used is named, with its own exit status`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try await makeCertificate("one")
    try await makeCertificate("two")
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: file("bad")))
    let ports = ["--port", "0", "--udp-port", "0"]
    for (certificate, key, status, words) in [
      ("missing", "one.key", Int32(66), "the certificate"), ("one.pem", "missing", 66, "the key"),
      ("bad", "one.key", 78, "not one in PEM form"), ("one.pem", "bad", 78, "not an unencrypted private key"),
      ("one.pem", "two.key", 78, "do not belong together"),
    ] {
      let result = try await ServerCommandTests.serve(
        ports + ["--tls-cert", file(certificate), "--tls-key", file(key)])
      #expect(result.status == status)
      #expect(result.error.hasPrefix("precall-server: I tried to ") && result.error.contains(words))
    }
    let short = try await ServerCommandTests.serve(ports + ["--ticket-key-file", file("bad")])
    #expect(short.status == 78)
    #expect(short.error.contains("it has 7 bytes"))
  }
}
