import Foundation
import NIOCore
import NIOHTTP1
import PrecallCore
import PrecallTestSupport

/// The real server on one core, and what pages and a clinic's program ask of its waiting rooms.
struct RoomServer: Sendable {
  private static let token = "a-token-for-benchmarks-0123"

  let port: Int
  let program: PinnedProgram

  struct Visit: Sendable {
    var client: String
    var provider: String
  }

  /// Runs `body` with a server that only `core` carries.
  static func with<Result>(core: Int, _ body: (RoomServer) async throws -> Result) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      try token.write(toFile: folder + "/token", atomically: true, encoding: .utf8)
      let arguments =
        [Fixtures.program("precall-server"), "--port", "0", "--udp-port", "0", "--end-with-stdin"]
        + ["--api-token-file", folder + "/token", "--max-connections", "10000"]
      return try await PinnedProgram.with(core: core, arguments) { program in
        guard let port = try JSONReader.read(program.greeting)["http_port"]?.integer else {
          throw RigError("no port")
        }
        return try await body(RoomServer(port: Int(port), program: program))
      }
    }
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
    let headers: HTTPHeaders = [
      "Authorization": "Bearer \(token)", "Content-Type": "application/json",
      "Idempotency-Key": UUID().uuidString,
    ]
    let answer = try await WebClient.ask(port, method, path, headers, body)
    guard (200..<300).contains(answer.status) else {
      throw RigError("\(path): \(answer.status) \(answer.body)")
    }
    return [UInt8](answer.body.utf8)
  }

  /// The events of a page, each as it comes, until `body` has had enough.
  func follow(_ token: String, _ body: (String) -> Bool) async throws {
    let headers: HTTPHeaders = ["Authorization": "Bearer \(token)", "Accept": "text/event-stream"]
    var isEnough = false
    let head = try await WebClient.follow(port, .GET, "/v1/room/events?page=bench", headers) { part in
      isEnough = !body(String(buffer: part))
      return !isEnough
    }
    guard isEnough else { throw RigError("the stream of events ended (\(head.status.code))") }
  }
}
