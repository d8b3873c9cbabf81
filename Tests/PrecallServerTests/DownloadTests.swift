import Foundation
import Glibc
import PrecallCore
import Testing

import PrecallServer

/// What a download is made of, from the file that the kernel sends and from memory, and what is left of it.
@Suite struct DownloadTests {
  private static let count = 9_000_000

  /// The body of an answer, out of its chunks.
  private static func body(_ answer: [UInt8]) throws -> [UInt8] {
    let end = try #require(answer.firstRange(of: [13, 10, 13, 10]))
    var rest = answer[end.upperBound...]
    guard String(decoding: answer[..<end.lowerBound], as: UTF8.self).contains("chunked") else {
      return Array(rest)
    }
    var body: [UInt8] = []
    while true {
      let end = try #require(rest.firstRange(of: [13, 10]))
      let length = try #require(Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16))
      if length == 0 { return body }
      body += rest[end.upperBound...].prefix(length)
      rest = rest[end.upperBound...].dropFirst(length + 2)
    }
  }

  private static func download(_ port: UInt16, _ path: String) async throws -> [UInt8] {
    try await onThread {
      let connection = try TestConnection(port: port)
      try connection.send("GET \(path) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
      return try body(try connection.receiveAll())
    }
  }

  /// The same noise over and over, at every place the same for all who ask, and no two pieces of it alike: that
  /// no proxy on the way makes it smaller.
  @Test func `a download is the same noise from the file and from memory`() async throws {
    let configuration = MeasurementEndpointTests.configuration { $0.compatiblePort = 0 }
    try await withPrecallServer(configuration) { server in
      let first = try await Self.download(server.httpPort, "/v1/download?bytes=\(Self.count)")
      let second = try await Self.download(server.httpPort, "/v1/download?bytes=\(Self.count)")
      let others = try await Self.download(
        try #require(server.compatiblePort), "/__down?bytes=\(Self.count)")
      #expect(first == second)
      for body in [first, others] {
        #expect(body.count == Self.count)
        let period = 4 << 20
        #expect(body[period...].elementsEqual(body[..<(body.count - period)]))
        let pieces = Set(stride(from: 0, to: period, by: 4_096).map { Array(body[$0..<($0 + 32)]) })
        #expect(pieces.count == period / 4_096)
      }
    }
  }

  @Test func `downloads that broke off leave no file open`() async throws {
    let server = try RunningServer(["--max-tests-per-address", "64"])
    _ = try await Self.download(server.port, "/v1/download?bytes=1000")
    let before = try Self.openFiles(of: server)
    for _ in 0..<20 { _ = try await LimitTests.stalledDownload(server.port) }
    let end = ContinuousClock.now + .seconds(20)
    while try Self.openFiles(of: server) > before, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try Self.openFiles(of: server) <= before)
    let after = try await Self.download(server.port, "/v1/download?bytes=\(Self.count)")
    #expect(after.count == Self.count)
  }

  private static func openFiles(of server: RunningServer) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.process.processIdentifier)/fd").count
  }
}
