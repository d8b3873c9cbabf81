import Foundation
import NIOCore
import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import Synchronization
import Testing

import PrecallServer

/// A server with a waiting room, a clock that tests turn, and the requests that programs and pages make.
struct WaitingRoomHost: Sendable {
  static let token = "a-token-for-tests-0123456789"

  final class TestClock: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)
    var now: Int64 { seconds.withLock { $0 } }
    func advance(_ count: Int64) { seconds.withLock { $0 += count } }
  }

  let port: UInt16
  let clock: TestClock

  /// Runs a server for `body`; its clock stands until it is turned.
  static func with<Result: Sendable>(
    _ change: (inout PrecallServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (WaitingRoomHost) async throws -> Result
  ) async throws -> Result {
    let clock = TestClock()
    let configuration = MeasurementEndpointTests.configuration {
      $0.waitingRoom.apiToken = LinkHash(of: token)
      $0.waitingRoom.clock = { clock.now }
      change(&$0)
    }
    return try await withPrecallServer(configuration) { server in
      try await body(WaitingRoomHost(port: server.httpPort, clock: clock))
    }
  }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: String
    var json: JSONValue? { try? JSONReader.read(Text(body.utf8)) }
    var code: String? { json?["code"]?.string.map { String(decoding: $0, as: UTF8.self) } }
  }

  func ask(
    _ method: HTTPMethod, _ path: String, as bearer: String? = nil, key: String? = nil, _ body: String? = nil,
    headers: [(String, String)] = []
  ) async throws -> Answer {
    var fields = HTTPHeaders(headers)
    if let bearer { fields.add(name: "Authorization", value: "Bearer \(bearer)") }
    if let key { fields.add(name: "Idempotency-Key", value: key) }
    let answer = try await WebClient.ask(Int(port), method, path, fields, body)
    return Answer(status: answer.status, headers: answer.headers, body: answer.body)
  }

  /// An action of a page, with a key of its own.
  @discardableResult func act(_ bearer: String, _ action: String, key: String = UUID().uuidString)
    async throws
    -> Answer
  {
    try await ask(.POST, "/v1/room/actions", as: bearer, key: key, action)
  }

  struct Visit: Sendable {
    var id: String
    var provider: String
    var clients: [String]
  }

  /// Arranges a visit that begins now, and gives the tokens of its links.
  func arrange(_ more: String = "", clients: Int = 1) async throws -> Visit {
    let at = String(decoding: Timestamp.text(of: clock.now), as: UTF8.self)
    let order = #"{"at":"\#(at)","provider":"Dr. Rivera","clients":\#(clients)\#(more)}"#
    let answer = try await ask(.POST, "/v1/sessions", as: Self.token, order)
    try #require(answer.status == 201, "\(answer.body)")
    let session = try #require(answer.json)
    let token = { (value: JSONValue?) in
      String(String(decoding: value?.string ?? [], as: UTF8.self).split(separator: "/").last ?? "")
    }
    return Visit(
      id: String(decoding: session["id"]?.string ?? [], as: UTF8.self),
      provider: token(session["provider_link"]),
      clients: (session["client_links"]?.array ?? []).map { token($0) })
  }

  /// What `bearer` sees of the room.
  func state(_ bearer: String) async throws -> JSONValue {
    try #require(try await ask(.GET, "/v1/room", as: bearer).json)
  }

  /// Polls until `holds`, or fails.
  func eventually(_ what: Comment, _ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if try await holds() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record(what)
  }
}

/// An open page's stream of events, read in the background.
final class RoomListener: Sendable {
  struct Event: Sendable, Equatable {
    var id: Int64?
    var name: String
    var data: String
  }

  private let events = Mutex<[Event]>([])
  private let ended = Atomic(false)

  var all: [Event] { events.withLock { $0 } }
  var hasEnded: Bool { ended.load(ordering: .relaxed) }
  var last: Int64? { all.compactMap(\.id).last }

  /// Listens while `body` runs.
  @discardableResult static func with<Result>(
    _ host: WaitingRoomHost, _ bearer: String, after: Int64? = nil, page: String = "page",
    _ body: (RoomListener) async throws -> Result
  ) async throws -> Result {
    let listener = RoomListener()
    // Leaving cancels it: the connection is closed, as a page that is closed does.
    async let _ = listener.listen(host, bearer, after, page)
    return try await body(listener)
  }

  private func listen(_ host: WaitingRoomHost, _ bearer: String, _ after: Int64?, _ page: String) async {
    defer { ended.store(true, ordering: .relaxed) }
    var headers: HTTPHeaders = ["Authorization": "Bearer \(bearer)"]
    if let after { headers.add(name: "Last-Event-ID", value: "\(after)") }
    var text = ""
    _ = try? await WebClient.follow(Int(host.port), .GET, "/v1/room/events?page=\(page)", headers) { part in
      text += String(buffer: part)
      var blocks = text.components(separatedBy: "\n\n")
      text = blocks.removeLast()
      for block in blocks { keep(block) }
      return true
    }
  }

  private func keep(_ block: String) {
    var fields: [Substring: Substring] = [:]
    for line in block.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1].dropFirst() }
    }
    guard let name = fields["event"] else { return }
    let event = Event(
      id: fields["id"].flatMap { Int64($0) }, name: String(name), data: String(fields["data"] ?? ""))
    events.withLock { $0.append(event) }
  }

  /// Waits for an event whose name and data fit.
  @discardableResult func wait(_ name: String, _ part: String = "", count: Int = 1) async throws -> Event {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      let found = all.filter { $0.name == name && (part.isEmpty || $0.data.contains(part)) }
      if found.count >= count { return found[count - 1] }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw Missing(name: name, part: part, seen: all)
  }

  struct Missing: Error {
    var name: String
    var part: String
    var seen: [Event]
  }
}
