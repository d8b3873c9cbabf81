import Foundation
import PrecallCore
import PrecallServer
import PrecallTestSupport

/// The page of the check in a real browser, against a real server.
struct BrowserCheck: Sendable {
  let page: ChromiumPage
  static let element = "document.querySelector('precall-check')"
  static let root = element + ".shadowRoot"

  /// Runs `body` with a server of its own and the address that it answers at.
  static func withServer<Result: Sendable>(
    turn: TurnConfiguration = .none, certifiedBy authority: CertificateAuthority? = nil,
    embedders: [String] = [],
    _ body: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    var configuration = PrecallServerConfiguration()
    configuration.httpPort = 0
    configuration.udpPort = 0
    configuration.turn = turn
    configuration.waitingRoom.apiToken = LinkHash(of: "a-token-for-tests-0123456789")
    configuration.embedders = embedders
    configuration.tls = authority.map { .init(certificate: $0.certificate, key: $0.key) }
    return try await withPrecallServer(configuration) { addresses in
      try await body("\(authority == nil ? "http://127.0.0.1" : "https://localhost"):\(addresses.httpPort)")
    }
  }

  /// The page of the check with its element there.
  static func open(
    _ browser: Chromium, _ server: String, path: String = "/check?lang=en", width: Int = 1_366,
    height: Int = 768, blocked: [String] = [], before script: String = ""
  ) async throws -> BrowserCheck {
    let page = try await browser.page(
      server + path, width: width, height: height, before: script + Self.recorder, blocked: blocked)
    try await page.wait("\(root)?.querySelector('button.primary')")
    return BrowserCheck(page: page)
  }

  /// Runs `body` on that page in a browser and against a server of its own.
  static func onPage<Result: Sendable>(
    _ devices: [String] = Chromium.Devices.fake, before script: String = "",
    _ body: @escaping @Sendable (BrowserCheck) async throws -> Result
  ) async throws -> Result {
    try await Chromium.with(devices) { browser in
      try await withServer { try await body(open(browser, $0, before: script)) }
    }
  }

  /// The whole check in a Firefox: opened, begun by a press, and waited for.
  static func run(_ browser: Firefox, _ server: String, path: String = "/check?lang=en") async throws
    -> Outcome
  {
    let page = try await browser.page(server + path, before: Self.recorder)
    try await page.wait("\(root)?.querySelector('button.primary')")
    try await page.click("\(root).querySelector('button.primary')")
    return try await outcome(on: page)
  }

  /// Keeps what the element says, from before the page's own scripts.
  private static let recorder = """
    ;window.told = []
    for (const name of ['start', 'progress', 'complete', 'error']) {
      addEventListener('precall-' + name, event => told.push({name, ...event.detail}))
    }
    """

  /// Presses Start and waits for the end.
  func run() async throws -> Outcome {
    try await page.click("\(Self.root).querySelector('button.primary')")
    return try await outcome()
  }

  func outcome() async throws -> Outcome { try await Self.outcome(on: page) }

  /// What a check on `page` came to, once it is over.
  static func outcome(on page: some BrowserPage) async throws -> Outcome {
    try await page.wait(
      "told.some(one => one.name === 'complete' || one.name === 'error')", within: .seconds(45))
    return try await page.value(
      """
      (() => { const {name, codes, verdict, measurements, code, report} = told.findLast(one => one.name !== 'progress')
      return {name, codes: codes ?? [code], outcome: verdict?.outcome, measurements: JSON.stringify(measurements),
        report: JSON.stringify(report), json: \(element).reportJSON ?? '',
        request: JSON.stringify(\(element).toSend ?? null), text: \(root).querySelector('.card').innerText} })()
      """)
  }

  struct Outcome: Decodable {
    var name: String
    var codes: [String]
    var outcome: String?
    /// What the page measured, as it would go to the helpdesk.
    var measurements: String?
    var report: String?
    /// The engine's report in the page, byte for byte, and what it was asked.
    var json: String
    var request: String
    /// What stands on the page.
    var text: String

    /// What was measured, as the engine reads it.
    func measured() throws -> Measurements { try Measurements(json: [UInt8]((measurements ?? "").utf8)) }
  }
}
