import PrecallCore
import Testing

import PrecallServer

/// What other programs' tests ask for, over real sockets.
@Suite struct CompatibleEndpointTests {
  /// Runs a server with the port for other programs, and hands that port over.
  static func with(
    _ change: (inout PrecallServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (UInt16) async throws -> Void
  ) async throws {
    let configuration = MeasurementEndpointTests.configuration {
      $0.compatiblePort = 0
      change(&$0)
    }
    try await withPrecallServer(configuration) { try await body(try #require($0.compatiblePort)) }
  }

  @Test func `without being asked to, it has no such port, and ours has no such addresses`() async throws {
    try await withPrecallServer(MeasurementEndpointTests.configuration()) { server in
      #expect(server.compatiblePort == nil)
      for path in ["/.well-known/nq", "/config", "/__down?bytes=1", "/backend/getIP.php"] {
        let answer = try await TestConnection.answer(server.httpPort, "GET \(path)")
        #expect(answer.hasPrefix("HTTP/1.1 404 "))
      }
    }
  }

  @Test(arguments: ["/.well-known/nq", "/config"])
  func `the configuration names the asked host in both sets of names`(path: String) async throws {
    try await Self.with { port in
      let json = try MeasurementEndpointTests.body(try await TestConnection.answer(port, "GET \(path)"))
      #expect(json["version"]?.integer == 1)
      for (names, object) in [
        (["small_download_url", "small_https_download_url"] as [StaticString], "small"),
        (["large_download_url", "large_https_download_url"], "large"),
        (["upload_url", "https_upload_url"], "upload"),
      ] {
        for name in names { #expect(json["urls"]?.string(name) == Text("http://test/nq/\(object)".utf8)) }
      }
    }
  }

  @Test(arguments: [#"a"b"#, "a/b", "a@b", String(repeating: "a", count: 300), "a b"])
  func `a host that none can be is not repeated`(host: String) async throws {
    try await Self.with { port in
      let answer = try await onThread {
        let connection = try TestConnection(port: port)
        try connection.send("GET /config HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        return try connection.receiveText()
      }
      #expect(answer.hasPrefix("HTTP/1.1 400 ") && !answer.contains(host))
    }
  }

  @Test(arguments: [
    "/__down", "/__down?bytes=", "/__down?bytes=-1", "/__down?bytes=1e3",
    "/__down?bytes=99999999999999999999",
    "/__down?bytes=9223372036854775807", "/__down?bytes=2000001", "/backend/garbage.php?ckSize=-1",
    "/backend/garbage.php?ckSize=0", "/backend/garbage.php?ckSize=x",
    "/backend/garbage.php?ckSize=99999999999999999999",
  ]) func `a size that is none, or too large, is refused`(path: String) async throws {
    try await Self.with({ $0.limits.downloadBytes = 2_000_000 }) { port in
      let answer = try await TestConnection.answer(port, "GET \(path)")
      #expect(answer.hasPrefix("HTTP/1.1 400 "))
      #expect(answer.contains("Content-Type: application/problem+json"))
    }
  }

  @Test(arguments: [
    ("/__down?bytes=0", 0), ("/__down?bytes=1", 1), ("/__down?bytes=2000000", 2_000_000),
    ("/backend/garbage.php?ckSize=1", 1 << 20), ("/backend/garbage.php", 2_000_000),
    ("/backend/garbage.php?ckSize=9223372036854775807", 2_000_000), ("/nq/small", 1),
  ]) func `a download has as many bytes as its head says, up to the limit`(path: String, count: Int)
    async throws
  {
    try await Self.with({ $0.limits.downloadBytes = 2_000_000 }) { port in
      let answer = try await onThread {
        let connection = try TestConnection(port: port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        return try connection.receiveAll()
      }
      let end = try #require(answer.firstRange(of: [13, 10, 13, 10]))
      let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
      #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("Content-Length: \(count)\r\n"))
      #expect(answer[end.upperBound...].count == count)
      #expect(head.contains("Cache-Control: no-store") && head.contains("Timing-Allow-Origin: *"))
    }
  }

  @Test(arguments: [(1_000_000, 15), (1 << 40, 1)])
  func `the large object is promised as large, and breaks off at a limit`(bytes: Int, seconds: Int)
    async throws
  {
    try await Self.with({
      $0.limits.downloadBytes = bytes
      $0.limits.testSeconds = seconds
    }) { port in
      let (head, count) = try await onThread {
        let connection = try TestConnection(port: port)
        try connection.send("GET /nq/large HTTP/1.1\r\nHost: t\r\n\r\n")
        let head = String(decoding: try connection.receive().prefix(400), as: UTF8.self)
        var count = 0
        while let part = try? connection.receive(), !part.isEmpty { count += part.count }
        return (head, count)
      }
      #expect(head.contains("Content-Length: 8589934592\r\n"))
      #expect(count > 500_000 && count < 8_589_934_592)
    }
  }

  @Test(arguments: ["/__up", "/backend/empty.php", "/nq/upload"])
  func `an upload is taken, and cut off at the limit`(path: String) async throws {
    try await Self.with({ $0.limits.uploadBytes = 500_000 }) { port in
      let body = [UInt8](repeating: 7, count: 400_000)
      let whole = try await TestConnection.answer(port, "POST \(path)", body: body)
      #expect(whole.hasPrefix("HTTP/1.1 200 ") && whole.contains("Content-Length: 0\r\n"))
      let cut = try await onThread {
        let connection = try TestConnection(port: port)
        try connection.send("POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: 900000000\r\n\r\n")
        try? connection.send([UInt8](repeating: 1, count: 600_000))
        return try connection.receiveText()
      }
      #expect(cut.hasPrefix("HTTP/1.1 200 ") && cut.contains("Connection: close"))
    }
  }

  @Test func `an upload's time is the server's, and never nothing`() async throws {
    try await Self.with { port in
      for body in [[], [UInt8](repeating: 1, count: 2_000_000)] {
        let answer = try await TestConnection.answer(port, "POST /__up", body: body)
        let words = "Server-Timing: cfRequestDuration;dur="
        let line = try #require(answer.split(separator: "\r\n").first { $0.hasPrefix(words) })
        #expect(try #require(Double(line.dropFirst(words.count))) > 0)
      }
    }
  }

  @Test func `the asker hears its own address, which no other page may read`() async throws {
    try await Self.with { port in
      let answer = try await TestConnection.answer(port, "GET /backend/getIP.php?isp=true")
      #expect(answer.hasSuffix(#"{"processedString":"127.0.0.1","rawIspInfo":""}"#))
      #expect(!answer.contains("Access-Control-Allow-Origin"))
      for path in ["/__down?bytes=1", "/__down?bytes=x", "/backend/empty.php"] {
        let other = try await TestConnection.answer(port, "GET \(path)")
        #expect(other.contains("Access-Control-Allow-Origin: *"))
      }
      let preflight = try await TestConnection.answer(port, "OPTIONS /backend/empty.php")
      #expect(preflight.contains("Access-Control-Allow-Headers: Content-Type, Content-Encoding"))
    }
  }

  @Test func `other programs' tests count among ours`() async throws {
    try await Self.with({ $0.limits.testsPerAddress = 1 }) { port in
      let stalled = try await onThread {
        let connection = try TestConnection(port: port, receiveBuffer: 4_096)
        try connection.send("GET /nq/large HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = try connection.receive()
        return connection
      }
      for request in ["GET /__down?bytes=9", "GET /nq/large", "POST /__up", "GET /backend/garbage.php"] {
        let answer = try await TestConnection.answer(port, request)
        #expect(answer.hasPrefix("HTTP/1.1 429 "))
      }
      let small = try await TestConnection.answer(port, "GET /nq/small")
      #expect(small.hasPrefix("HTTP/1.1 200 "))
      withExtendedLifetime(stalled) {}
    }
  }
}
