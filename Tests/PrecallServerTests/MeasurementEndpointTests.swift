import Glibc
import PrecallCore
import Testing

import PrecallServer

/// The endpoints over real sockets.
@Suite struct MeasurementEndpointTests {
  static func configuration(_ change: (inout PrecallServerConfiguration) -> Void = { _ in })
    -> PrecallServerConfiguration
  {
    var configuration = PrecallServerConfiguration()
    configuration.httpPort = 0
    configuration.udpPort = 0
    change(&configuration)
    return configuration
  }

  static func body(_ answer: String) throws -> JSONValue {
    let body = try #require(answer.split(separator: "\r\n\r\n", maxSplits: 1).last)
    return try JSONReader.read([UInt8](body.utf8))
  }

  @Test func `health, ping and headers are as promised`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let live = try await TestConnection.answer(server.httpPort, "GET /livez")
      #expect(live.hasPrefix("HTTP/1.1 200 ") && live.hasSuffix(#"{"status":"pass"}"#))
      let ready = try await TestConnection.answer(server.httpPort, "GET /readyz")
      #expect(ready.hasPrefix("HTTP/1.1 200 "))
      let ping = try await TestConnection.answer(server.httpPort, "GET /v1/ping")
      #expect(ping.hasPrefix("HTTP/1.1 204 "))
      for header in [
        "Server-Timing: total;dur=", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
        "Cache-Control: no-store",
      ] { #expect(ping.contains(header)) }
    }
  }

  @Test(arguments: [
    ("GET /nothing", "404", "not-found"), ("GET /v1/download", "400", "bad-byte-count"),
    ("GET /v1/download?bytes=-1", "400", "bad-byte-count"),
    ("GET /v1/download?bytes=99999999999999999999", "400", "bad-byte-count"),
    ("GET /v1/reflector", "403", "bad-ticket"), ("GET /v1/reflector?ticket=%FF", "403", "bad-ticket"),
  ]) func `an error is a problem with a code`(request: String, status: String, code: String) async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let answer = try await TestConnection.answer(server.httpPort, request)
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
      #expect(answer.contains("Content-Type: application/problem+json"))
      #expect(try Self.body(answer)["code"]?.string == [UInt8](code.utf8))
      #expect(try Self.body(answer)["status"]?.integer == Int64(status))
    }
  }

  @Test func `a ticket opens the reflector, and the server tells how many packets arrived`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let answer = try await TestConnection.answer(server.httpPort, "POST /v1/tickets")
      let grant = try TicketGrant(json: try Self.body(answer))
      #expect(grant.udpPort == server.udpPort)
      #expect(grant.expiresIn == .seconds(60))
      #expect(grant.limits.download == .megabytes(1_000))
      let socket = try TestConnection(port: grant.udpPort, udp: true)
      for sequence in 0..<20 {
        let packet = STAMPSenderPacket(
          sequence: UInt32(sequence), timestamp: NTPTimestamp(bits: UInt64(sequence)),
          errorEstimate: ErrorEstimate(bits: 1), sessionID: grant.sessionID, ticket: grant.ticket)
        let reply = try await onThread {
          try socket.send(packet.encode(paddedTo: 160))
          return try socket.receive()
        }
        #expect(reply.count == 160)
        let read = try #require(STAMPReflectorPacket(reply))
        #expect(read.sequence == UInt32(sequence) && read.senderSequence == UInt32(sequence))
        #expect(
          read.transmitTimestamp.nanosecondsSince1970 >= read.receiveTimestamp.nanosecondsSince1970)
      }
      let path = "GET /v1/reflector?ticket=" + String(decoding: Base64URL.encode(grant.ticket), as: UTF8.self)
      let count = try await TestConnection.answer(server.httpPort, path)
      #expect(count.hasSuffix(#"{"received":20}"#))
    }
  }

  @Test func `packets without a ticket stay without an answer, and the next good one has it`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let grant = try TicketGrant(
        json: try Self.body(try await TestConnection.answer(server.httpPort, "POST /v1/tickets")))
      let socket = try TestConnection(port: grant.udpPort, udp: true)
      var packet = STAMPSenderPacket(
        sequence: 1, timestamp: NTPTimestamp(bits: 1), errorEstimate: ErrorEstimate(bits: 1),
        sessionID: grant.sessionID)
      let bare = packet.encode(paddedTo: 200)
      packet.sequence = 2
      packet.ticket = [UInt8](repeating: 1, count: 32)
      let forged = packet.encode()
      packet.sequence = 3
      packet.ticket = grant.ticket
      let oversize = packet.encode(paddedTo: 2_000)
      let good = packet.encode()
      let reply = try await onThread {
        for octets in [bare, forged, [], [0], oversize, good] {
          try octets.isEmpty ? () : socket.send(octets)
        }
        return try socket.receive()
      }
      // One socket and one path: an answer to an earlier packet would have come before this one.
      #expect(STAMPReflectorPacket(reply)?.senderSequence == 3)
      #expect(STAMPReflectorPacket(reply)?.sequence == 0)
    }
  }

  @Test(arguments: [0, 1, 65_536, 65_537, 1_000_000, 5_000_000])
  func `a download has the bytes that were asked for, up to the limit`(count: Int) async throws {
    let configuration = Self.configuration { $0.limits.downloadBytes = 2_000_000 }
    try await withPrecallServer(configuration) { server in
      let answer = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(
          "GET /v1/download?bytes=\(count) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        return try connection.receiveAll()
      }
      let end = try #require(answer.firstRange(of: [13, 10, 13, 10]))
      let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
      let body = Array(answer[end.upperBound...])
      let length = head.contains("chunked") ? try Self.lengthOfChunks(body) : body.count
      #expect(length == min(count, 2_000_000))
      #expect(head.contains("Cache-Control: no-store"))
      #expect(head.contains("Content-Length: ") == (count <= 65_536))
    }
  }

  /// Bytes within the chunks of a body (RFC 9112 section 7.1), which must be whole.
  static func lengthOfChunks(_ body: [UInt8]) throws -> Int {
    var total = 0
    var rest = body[...]
    while true {
      let end = try #require(rest.firstRange(of: [13, 10]))
      let length = try #require(Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16))
      rest = rest[end.upperBound...].dropFirst(length)
      #expect(rest.starts(with: [13, 10]))
      if length == 0 { return total }
      total += length
      rest = rest.dropFirst(2)
    }
  }

  @Test func `a download ends at the limit of time, properly`() async throws {
    let configuration = Self.configuration {
      $0.limits.testSeconds = 1; $0.limits.downloadBytes = 1 << 50
    }
    try await withPrecallServer(configuration) { server in
      let (tail, received) = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(
          "GET /v1/download?bytes=\(1 << 49) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        var tail: [UInt8] = []
        var received = 0
        while true {
          let part = try connection.receive()
          if part.isEmpty { return (tail.suffix(5), received) }
          received += part.count
          tail = (tail + part).suffix(16)
        }
      }
      #expect(Array(tail) == Array("0\r\n\r\n".utf8))
      #expect(received > 1_000_000)
    }
  }

  @Test func `an upload is counted by the server, whole and by the time it came`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let body = [UInt8](repeating: 7, count: 3_000_001)
      let answer = try await TestConnection.answer(server.httpPort, "POST /v1/upload", body: body)
      let receipt = try UploadReceipt(json: try Self.body(answer))
      #expect(receipt.received.base == 3_000_001)
      #expect(receipt.arrivals.map(\.bytes.base).reduce(0, +) == 3_000_001)
      #expect(receipt.arrivals.allSatisfy { $0.time.base % 50_000 == 0 && $0.time <= receipt.elapsed })
    }
  }

  @Test func `an upload that is announced gets its go-ahead at once`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let first = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(
          "POST /v1/upload HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        return String(decoding: try connection.receive(), as: UTF8.self)
      }
      #expect(first.hasPrefix("HTTP/1.1 100 "))
    }
  }

  @Test func `a go-ahead does not come into an answer that is under way`() async throws {
    try await withPrecallServer(Self.configuration()) { server in
      let text = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send(
          "GET /v1/download?bytes=3000000 HTTP/1.1\r\nHost: t\r\n\r\n"
            + "POST /v1/upload HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        var received: [UInt8] = []
        while !received.suffix(60).contains(Array("HTTP/1.1 100 ".utf8)) {
          let more = try connection.receive()
          if more.isEmpty { break }
          received += more
        }
        return received
      }
      // Behind the last, empty chunk of the download.
      let end = Array("\r\n0\r\n\r\nHTTP/1.1 100 ".utf8)
      #expect(text.count > 3_000_000 && text.suffix(80).contains(end))
    }
  }

  @Test(arguments: ["/livez", "/v1/ping", "/check", "/assets/precall-check.js", "/nothing"])
  func `HEAD is answered as GET is, without the body`(path: String) async throws {
    try await withPrecallServer(Self.configuration()) { server in
      func head(_ method: String) async throws -> (fields: Set<Substring>, body: Substring) {
        let answer = try await TestConnection.answer(server.httpPort, "\(method) \(path)")
        let end = try #require(answer.firstRange(of: "\r\n\r\n"))
        let lines = answer[..<end.lowerBound].split(separator: "\r\n")
        return (Set(lines.filter { !$0.lowercased().hasPrefix("server-timing:") }), answer[end.upperBound...])
      }
      let (asked, whole) = (try await head("HEAD"), try await head("GET"))
      #expect(asked.fields == whole.fields && asked.body.isEmpty)
    }
  }

  @Test(arguments: [(5_000, 15), (1_000_000, 1)])
  func `an upload that would not end gets its receipt at the limit`(bytes: Int, seconds: Int) async throws {
    let configuration = Self.configuration {
      $0.limits.uploadBytes = bytes; $0.limits.testSeconds = seconds
    }
    try await withPrecallServer(configuration) { server in
      let answer = try await onThread {
        let connection = try TestConnection(port: server.httpPort)
        try connection.send("POST /v1/upload HTTP/1.1\r\nHost: t\r\nContent-Length: 9000000\r\n\r\n")
        try connection.send([UInt8](repeating: 1, count: 6_000))
        return try connection.receiveText()
      }
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      #expect(try UploadReceipt(json: try Self.body(answer)).received.base == Int64(min(bytes, 6_000)))
    }
  }
}
