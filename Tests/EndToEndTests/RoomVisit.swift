import Foundation
import NIOHTTP1
import PrecallCore
import PrecallTestSupport

/// A running precall-server with a visit that the command arranged: what a clinic has when its e-mail is sent.
struct RoomVisit: Sendable {
  let server: String
  let clients: [String]
  let provider: String
  let id: String
  private let tokenFile: String

  /// For a page: its waits before the next try are cut short; not what bounds a request or a connection (5 s and more).
  static let shortWaits = """
    ;const wait = window.setTimeout
    const short = time => time < 5_000 ? Math.min(time, 100) : time
    window.setTimeout = (call, time, ...more) => wait(call, short(time), ...more);
    """

  /// Starts the server for `body`, and ends it whatever happens.
  static func with<Result>(
    clients: Int = 1, _ more: [String] = [], _ body: (RoomVisit) async throws -> Result
  ) async throws -> Result {
    try await Fixtures.withTemporaryFolder { folder in
      let tokenFile = folder + "/token"
      try "a-token-for-tests-0123456789".write(toFile: tokenFile, atomically: true, encoding: .utf8)
      let process = Process()
      let (input, output) = (Pipe(), Pipe())
      process.executableURL = URL(filePath: Fixtures.program("precall-server"))
      process.arguments =
        ["--port", "0", "--udp-port", "0", "--end-with-stdin", "--api-token-file", tokenFile] + more
      (process.standardInput, process.standardOutput) = (input, output)
      try process.run()
      defer {
        process.terminate()
        try? input.fileHandleForWriting.close()
      }
      let line = try await Self.line(from: output.fileHandleForReading)
      guard let port = try JSONReader.read(line)["http_port"]?.integer else { throw RigError("no port") }
      return try await body(arrange("http://127.0.0.1:\(port)", tokenFile, clients: clients))
    }
  }

  private static func line(from handle: FileHandle) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "line").async {
        var line: [UInt8] = []
        while line.last != 0x0A, let byte = try? handle.read(upToCount: 1)?.first { line.append(byte) }
        continuation.resume(returning: line)
      }
    }
  }

  private static func arrange(_ server: String, _ tokenFile: String, clients: Int) async throws -> RoomVisit {
    let result = try await Program("precall-server").run([
      "session", "create", "--server", server, "--token-file", tokenFile, "--at", "now", "--provider",
      "Dr. Rivera",
      "--clients", "\(clients)", "--on-admitted", "http://127.0.0.1:9/visit", "--json",
    ])
    guard result.code == 0 else { throw RigError(result.error) }
    let json = try JSONReader.read([UInt8](result.output.utf8))
    let word = { (value: JSONValue?) in String(decoding: value?.string ?? [], as: UTF8.self) }
    return RoomVisit(
      server: server, clients: (json["client_links"]?.array ?? []).map { word($0) },
      provider: word(json["provider_link"]), id: word(json["id"]), tokenFile: tokenFile)
  }

  /// Asks for what a client sent to the helpdesk.
  func report(_ code: String) async throws -> Program.Result {
    try await Program("precall-server").run(["report", code, "--server", server, "--token-file", tokenFile])
  }

  /// What a page of `link` does by a press.
  func act(_ link: String, _ action: String, mayBeRefused: Bool = false) async throws {
    let port = URL(string: server)?.port ?? 0
    let headers: HTTPHeaders = [
      "Authorization": "Bearer \(link.split(separator: "/").last ?? "")", "Content-Type": "application/json",
      "Idempotency-Key": UUID().uuidString,
    ]
    let answer = try await WebClient.ask(port, .POST, "/v1/room/actions", headers, action)
    guard (200..<300).contains(answer.status) || mayBeRefused else {
      throw RigError("\(action): \(answer.status) \(answer.body)")
    }
  }

  /// A client's test as its page tells it, with all its details.
  func test(_ link: String) async throws {
    let measured = try Fixtures.bytes("browser/measurements/browser-good.json")
    let text = String(decoding: measured, as: UTF8.self)
    try await act(link, #"{"do":"check","share":true,"measurements":\#(text)}"#)
  }

  /// With a client who waits to be let in.
  static func withWaitingClient(
    _ body: (RoomVisit, Chromium, ChromiumPage) async throws -> Void
  ) async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(visit.clients[0] + "?lang=en")
        try await client.stayInFront()
        try await client.say(name: "Ana")
        try await client.be()
        try await body(visit, browser, client)
      }
    }
  }

  /// What the visit's own server is answered that takes a one-time token in.
  func redeem(_ token: String) async throws -> Int {
    let port = URL(string: server)?.port ?? 0
    let headers: HTTPHeaders = [
      "Authorization": "Bearer \(try String(contentsOfFile: tokenFile, encoding: .utf8))",
      "Content-Type": "application/json",
    ]
    return try await WebClient.ask(port, .POST, "/v1/admissions", headers, #"{"token":"\#(token)"}"#).status
  }

  func revoke() async throws -> Program.Result {
    try await Program("precall-server").run([
      "session", "revoke", id, "--server", server, "--token-file", tokenFile,
    ])
  }
}

extension BrowserPage {
  /// Waits for a step of a room's page; for that of the test with what stands below it.
  func reaches(_ step: String) async throws {
    try await wait("!document.getElementById('\(step)').hidden")
    if step == "step-check" { try await wait("document.getElementById('ready').checkVisibility()") }
  }

  /// Presses "I'm Ready".
  func be(ready step: String = "step-wait") async throws {
    try await reaches("step-check")
    try await click("document.getElementById('ready')")
    try await reaches(step)
  }

  func text(_ id: String) async throws -> String {
    try await value("document.getElementById('\(id)').innerText")
  }

  func messages() async throws -> [String] {
    try await value("[...document.querySelectorAll('.said')].map(one => one.innerText)")
  }
}

extension ChromiumPage {
  /// Says a name, as a person types it.
  func say(name: String) async throws {
    try await reaches("step-arrive")
    try await run("document.getElementById('name').focus()")
    try await command("Input.insertText", ["text": name])
    try await press("Enter")
    try await reaches("step-check")
  }

  func send(message: String) async throws {
    try await run("document.getElementById('chat-text').focus()")
    try await command("Input.insertText", ["text": message])
    try await click("document.querySelector('#chat-form button')")
  }

  /// Pages in the background behave as they do in front, where two people are two pages of one browser.
  func stayInFront() async throws {
    try await command("Emulation.setFocusEmulationEnabled", ["enabled": true])
  }

  func setOffline(_ isOffline: Bool) async throws {
    try await command("Network.enable")
    try await command(
      "Network.emulateNetworkConditions",
      ["offline": isOffline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1])
  }
}
