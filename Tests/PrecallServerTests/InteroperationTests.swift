import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// Programs of others against the built server: curl, scapy and coturn's from Debian, clients of Cloudflare's
/// test from PyPI (`make .build/peers`).
@Suite(.serialized, .timeLimit(.minutes(3))) struct InteroperationTests {
  /// A server that carries others' tests, and its port for them.
  private static func with<Result: Sendable>(
    _ arguments: [String] = [], _ body: (_ server: RunningServer, _ port: UInt16) async throws -> Result
  ) async throws -> Result {
    let server = try RunningServer(arguments + ["--compatible", "--compatible-port", "0"])
    return try await body(server, try #require(server.compatiblePort))
  }

  private static func peer(_ name: String) throws -> String {
    let path = Fixtures.root.appending(path: ".build/peers/bin/\(name)").path()
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw RigError("I tried to run \(name), but it is not installed; install it with `make .build/peers`.")
    }
    return path
  }

  private static func json(_ text: String) throws -> JSONValue { try JSONReader.read(Text(text.utf8)) }

  // MARK: curl

  private func curl(_ certificate: String, _ arguments: [String], input: String = "") async throws -> String {
    let result = try await ServerCommandTests.run(
      "/usr/bin/curl",
      ["-sS", "--max-time", "20", "--cacert", certificate, "-o", "/dev/null"] + arguments
        + ["-w", "%{http_version} %{http_code} %{size_download} %{exitcode}"], input: input)
    return result.output
  }

  /// What curl says of an answer that ended before its length: 92 is a stream's error, 18 a partial file.
  @Test(arguments: [("--http2", "2", 92), ("--http1.1", "1.1", 18)])
  func `curl speaks HTTP/2 and HTTP/1.1 and sees the large object end early`(
    option: String, version: String, code: Int
  ) async throws {
    let files = try TLSTests()
    defer { try? FileManager.default.removeItem(at: files.folder) }
    try await files.makeCertificate("one")
    let (certificate, key) = (files.file("one.pem"), files.file("one.key"))
    let limits = ["--max-download", "3000000", "--tls-cert", certificate, "--tls-key", key]
    try await Self.with(limits) { _, port in
      let origin = "https://127.0.0.1:\(port)"
      #expect(try await curl(certificate, [option, origin + "/nq/small"]) == "\(version) 200 1 0")
      #expect(
        try await curl(certificate, [option, origin + "/__down?bytes=3000000"]) == "\(version) 200 3000000 0")
      let large = try await curl(certificate, [option, origin + "/nq/large"])
      #expect(large.hasPrefix("\(version) 200 ") && large.hasSuffix(" \(code)"))
      #expect(try #require(Int(large.split(separator: " ")[2])) <= 3_000_000)
      let upload = [option, "--data-binary", "@-", origin + "/nq/upload"]
      let body = String(repeating: "a", count: 5_000_000)
      #expect(try await curl(certificate, upload, input: body) == "\(version) 200 0 0")
      // Both transfers and a probe on one connection.
      let three = [option, "--parallel", "-o", "/dev/null", "-o", "/dev/null"]
      let many = try await curl(
        certificate,
        three + [origin + "/__down?bytes=2000000", origin + "/__down?bytes=1000000", origin + "/nq/small"])
      #expect(many.contains("\(version) 200 2000000 0") && many.contains("\(version) 200 1 0"))
    }
  }

  @Test func `our own port stays with HTTP/1.1, where each flow has its connection`() async throws {
    let files = try TLSTests()
    defer { try? FileManager.default.removeItem(at: files.folder) }
    try await files.makeCertificate("one")
    let certificate = files.file("one.pem")
    try await Self.with(["--tls-cert", certificate, "--tls-key", files.file("one.key")]) { server, _ in
      let said = try await curl(certificate, ["--http2", "https://127.0.0.1:\(server.port)/v1/ping"])
      #expect(said == "1.1 204 0 0")
    }
  }

  // MARK: STAMP and STUN

  private static let stamp = """
    import json, socket, sys, time
    from scapy.contrib.stamp import *
    EPOCH = 2208988800  # scapy takes and gives seconds as they stand in the packet (RFC 5905).
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.settimeout(5)
    line.connect(("127.0.0.1", int(sys.argv[1])))
    answers = []
    for number in range(int(sys.argv[2])):
        sent = time.time() + EPOCH
        packet = STAMPSessionSenderTestUnauthenticated(seq=1000 + number, ts=sent, ssid=77)
        line.send(bytes(packet))
        octets = line.recv(2048)
        reply = STAMPSessionReflectorTestUnauthenticated(octets)
        stamps = [float(reply.ts_rx), float(reply.ts)]
        answers.append({
            "length": len(octets) - len(bytes(packet)), "seq": reply.seq, "sender": reply.seq_sender,
            "ssid": reply.ssid, "multiplier": reply.err_estimate.multiplier, "ttl": reply.ttl_sender,
            "echoed": abs(float(reply.ts_sender) - sent) < 0.00001, "ordered": stamps[0] <= stamps[1],
            "near": abs(stamps[0] - sent) < 1})
    print(json.dumps(answers))
    """

  @Test func `scapy's STAMP reads our reflector's answers`() async throws {
    try await Self.with(["--stamp-open"]) { server, _ in
      for answer in try await answers(to: Self.stamp, server, "20") { #expect(answer.integer("ssid") == 77) }
    }
  }

  /// What a foreign sender of twenty packets of one session was answered, if that holds which any answer must.
  private func answers(
    to sender: String, _ server: RunningServer, _ argument: String
  ) async throws -> [JSONValue] {
    let result = try await ServerCommandTests.run(
      "/usr/bin/python3", ["-c", sender, "\(server.udpPort)", argument])
    #expect(result.status == 0, "\(result.error)")
    let answers = try #require(try Self.json(result.output).array)
    #expect(answers.count == 20)
    for (number, answer) in answers.enumerated() {
      #expect(answer.integer("seq") == Int64(number) && answer.integer("sender") == Int64(1_000 + number))
      #expect(answer.integer("length") == 0)
      #expect((answer.integer("multiplier") ?? 0) > 0)
      for fact in ["echoed", "ordered", "near"] as [StaticString] { #expect(answer[fact]?.bool == true) }
    }
    return answers
  }

  @Test func `coturn's natdiscovery hears its address, where its request is as long as the answer`()
    async throws
  {
    try await Self.with { server, _ in
      let arguments = ["-m", "-P", "-p", "\(server.udpPort)", "127.0.0.1"]
      let result = try await ServerCommandTests.run(
        "/usr/bin/timeout", ["10", "/usr/bin/turnutils_natdiscovery"] + arguments)
      #expect((result.output + result.error).contains("127.0.0.1"), "\(result)")
    }
  }

  /// Binding requests of RFC 8489 with SOFTWARE of some length, some with FINGERPRINT; scapy reads the
  /// answers. The last is answered for certain, and the reflector takes one after the other.
  private static let binding = """
    import json, os, socket, struct, sys, zlib
    from scapy.contrib.stun import STUN
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.settimeout(5)
    line.connect(("127.0.0.1", int(sys.argv[1])))
    attribute = lambda kind, value: struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)
    def request(software, fingerprint):
        body, number = attribute(0x8022, software) if software else b"", os.urandom(12)
        head = lambda more: struct.pack(">HHI", 1, len(body) + more, 0x2112A442) + number
        if not fingerprint: return head(0) + body
        check = zlib.crc32(head(8) + body) ^ 0x5354554E
        return head(8) + body + attribute(0x8028, struct.pack(">I", check))
    ways = [(b"", 0), (b"", 1), (b"four", 0), (b"twelve", 0), (b"four", 1), (b"twelve and eight", 1)]
    asked, said = [request(*way) for way in ways], {}
    for octets in asked: line.send(octets)
    while asked[-1][8:20] not in said:
        octets = line.recv(2048)
        said[octets[8:20]] = octets
    for octets in asked:
        answer = said.get(octets[8:20])
        told = answer and STUN(answer).attributes[0]
        right = told and (told.xip, told.xport) == line.getsockname()
        print(len(octets), len(answer) if right else answer)
    """

  @Test func `a plain STUN request is answered where the answer is no longer, and not else`() async throws {
    try await Self.with { server, _ in
      let scapy = try await ServerCommandTests.run(
        "/usr/bin/python3", ["-c", Self.binding, "\(server.udpPort)"])
      #expect(scapy.output == "20 None\n28 None\n28 None\n32 32\n36 32\n48 40\n", "\(scapy.error)")
      // 20 octets, and a wait without an end. A test's threads block SIGTERM, and this inherits that.
      let bare = try await ServerCommandTests.run(
        "/usr/bin/timeout",
        ["-s", "KILL", "1", "/usr/bin/turnutils_stunclient", "-p", "\(server.udpPort)", "127.0.0.1"])
      #expect(bare.status != 0 && !bare.output.contains("reflexive"), "\(bare)")
    }
  }

  // MARK: TWAMP Light

  /// A sender by the figures of RFC 5357 section 4.1.2: 14 octets, then random padding.
  private static let twamp = """
    import json, os, socket, struct, sys, time
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.settimeout(5)
    line.connect(("127.0.0.1", int(sys.argv[1])))
    def stamp():
        now = time.time_ns() + 2208988800 * 10**9
        return now // 10**9 << 32 | (now % 10**9 << 32) // 10**9
    answers = []
    for number in range(20):
        sent = stamp()
        packet = struct.pack(">IQH", 1000 + number, sent, 0x8001) + os.urandom(int(sys.argv[2]))
        line.send(packet)
        octets = line.recv(2048)
        reply = struct.unpack_from(">IQHHQIQHHB", octets)
        seq, left, estimate, zero, came, sender, first, error, zero2, ttl = reply
        answers.append({
            "length": len(octets) - len(packet), "seq": seq, "sender": sender, "zero": zero | zero2,
            "ttl": ttl, "multiplier": estimate & 255, "echoed": first == sent and error == 0x8001,
            "ordered": came <= left, "near": abs(came - sent) < 1 << 32})
    print(json.dumps(answers))
    """

  /// With as little padding as makes a request as long as its answer, and with much.
  @Test(arguments: [27, 30, 400]) func `a sender of TWAMP Light reads our reflector's answers`(padding: Int)
    async throws
  {
    try await Self.with(["--stamp-open"]) { server, _ in
      // One session, whatever its packets are padded with.
      for answer in try await answers(to: Self.twamp, server, "\(padding)") {
        #expect(answer.integer("zero") == 0 && answer.integer("ttl") == 64)
      }
    }
  }

  // MARK: Cloudflare's test

  @Test func `cfspeed measures against us`() async throws {
    try await Self.with { _, port in
      let result = try await ServerCommandTests.run(
        try Self.peer("cfspeed"),
        [
          "--base-url", "http://127.0.0.1:\(port)", "--json", "--duration", "1", "--parallel", "2",
          "--download-size", "1MB", "--upload-size", "1MB", "--latency-samples", "5",
        ])
      #expect(result.status == 0, "\(result.error)")
      for fact in [#""failed_streams": 0"#, #""parallel_streams": 2"#] {
        #expect(result.output.contains(fact))
      }
      for rate in ["download_mbps", "upload_mbps", "latency_ms"] {
        let line = try #require(result.output.split(separator: "\n").first { $0.contains("\"\(rate)\"") })
        let value = Double(String(line.filter { $0.isNumber || $0 == "." }))
        #expect(try #require(value) > 0)
      }
    }
  }

  private static let cloudflare = """
    import json, sys
    from cfspeedtest.cloudflare import CloudflareSpeedtest, TestSpec, TestType
    client = CloudflareSpeedtest()
    request = client.request_sess.request
    client.request_sess.request = lambda method, url, **rest: request(
        method, url.replace("https://speed.cloudflare.com", sys.argv[1]), **rest)
    tests = [TestSpec(1000000, 4, name, kind) for name, kind in [("down", TestType.Down), ("up", TestType.Up)]]
    print(json.dumps({test.name: [speed // 1000 for speed in client.run_test(test).to_speeds(test)] for test in tests}))
    """

  @Test func `cloudflarepycli reads our times`() async throws {
    try await Self.with { _, port in
      let result = try await ServerCommandTests.run(
        try Self.peer("python3"), ["-c", Self.cloudflare, "http://127.0.0.1:\(port)"])
      #expect(result.status == 0, "\(result.error)")
      let said = try Self.json(result.output)
      for direction in ["down", "up"] as [StaticString] {
        let speeds = try #require(said.array(direction)).compactMap(\.integer)
        // In kbit/s: loopback is fast, and not as fast as all that.
        #expect(speeds.count == 4 && speeds.allSatisfy { (10_000...1_000_000_000).contains($0) }, "\(speeds)")
      }
    }
  }
}
