import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PrecallCore
import PrecallTestSupport

/// The real server on one core, and what pages and a clinic's program ask of its waiting rooms.
struct RoomServer: Sendable {
  private static let token = "a-token-for-benchmarks-0123"

  let base: String
  let process: pid_t
  let client: HTTPClient

  struct Visit: Sendable {
    var client: String
    var provider: String
  }

  /// Runs `body` with a server that only `core` carries.
  static func with<Result>(core: Int, _ body: (RoomServer) async throws -> Result) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      try token.write(toFile: folder + "/token", atomically: true, encoding: .utf8)
      let process = Process()
      let (life, output) = (Pipe(), Pipe())
      process.executableURL = URL(filePath: "/usr/bin/taskset")
      process.arguments =
        ["-c", "\(core)", Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0"]
        + ["--end-with-stdin", "--api-token-file", folder + "/token", "--max-connections", "10000"]
      (process.standardInput, process.standardOutput) = (life, output)
      process.standardError = FileHandle.nullDevice
      try process.run()
      defer {
        try? life.fileHandleForWriting.close()
        process.waitUntilExit()
      }
      let line = [UInt8](output.fileHandleForReading.availableData)
      guard let port = try JSONReader.read(line)["http_port"]?.integer else { throw RigError("no port") }
      var settings = HTTPClient.Configuration()
      settings.httpVersion = .http1Only
      settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 10_000
      let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
      let server = RoomServer(
        base: "http://127.0.0.1:\(port)", process: process.processIdentifier, client: client)
      do {
        let result = try await body(server)
        try await client.shutdown()
        return result
      } catch {
        try await client.shutdown()
        throw error
      }
    }
  }

  /// The largest memory that the server has used so far, in MiB.
  var peakMegabytes: Double? {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Double($0.filter(\.isNumber)) }.map { $0 / 1_024 }
  }

  func arrange() async throws -> Visit {
    let at = String(decoding: Timestamp.text(of: Int64(Date().timeIntervalSince1970)), as: UTF8.self)
    let body = try await ask(.POST, "/v1/sessions", Self.token, #"{"at":"\#(at)","provider":"Dr. Rivera"}"#)
    let json = try JSONReader.read(body)
    func token(_ value: JSONValue?) throws -> String {
      guard let link = value?.string else { throw RigError("no link") }
      return String(decoding: link, as: UTF8.self).split(separator: "/").last.map(String.init) ?? ""
    }
    return Visit(
      client: try token(json["client_links"]?.array?.first), provider: try token(json["provider_link"]))
  }

  func act(_ token: String, _ action: String) async throws {
    _ = try await ask(.POST, "/v1/room/actions", token, action)
  }

  @discardableResult
  private func ask(_ method: HTTPMethod, _ path: String, _ token: String, _ body: String) async throws
    -> [UInt8]
  {
    var request = HTTPClientRequest(url: base + path)
    request.method = method
    request.headers = [
      "Authorization": "Bearer \(token)", "Content-Type": "application/json",
      "Idempotency-Key": UUID().uuidString,
    ]
    request.body = .bytes(ByteBuffer(string: body))
    let answer = try await client.execute(request, timeout: .seconds(30))
    let bytes = [UInt8](buffer: try await answer.body.collect(upTo: 1 << 20))
    guard (200..<300).contains(answer.status.code) else {
      throw RigError("\(path): \(answer.status.code) \(String(decoding: bytes, as: UTF8.self))")
    }
    return bytes
  }

  /// The events of a page, each as it comes, until `body` has had enough.
  func follow(_ token: String, _ body: (String) -> Bool) async throws {
    var request = HTTPClientRequest(url: base + "/v1/room/events?page=bench")
    request.headers = ["Authorization": "Bearer \(token)", "Accept": "text/event-stream"]
    let answer = try await client.execute(request, deadline: .now() + .minutes(5))
    guard answer.status == .ok else { throw RigError("events: \(answer.status.code)") }
    for try await part in answer.body {
      guard body(String(buffer: part)) else { return }
    }
    throw RigError("the stream of events ended")
  }
}
