import Foundation
import PrecallCore
import PrecallTestSupport

/// A page of another project that measures lines, from a checkout of it, and how to run and to read it.
struct ForeignPage: Sendable {
  var name: String
  /// What is run of its folder.
  var file: String
  /// A shell command at the far end, run in that folder, and how the lab knows that it is ready.
  var server: String
  var waiting: [String]
  /// What the browser opens, and what it then evaluates with the file's text in `source`, to begin the test.
  var address: String
  var start: String
  /// Gives nothing until the test is over, then its figures by their names in a `Reading`.
  var figures: String

  private static let host = Peer.address

  static let all = [librespeed, cloudflare]

  /// Its own page with its own server; the result is kept nowhere, for there is no database.
  private static let librespeed = ForeignPage(
    name: "librespeed", file: "index-classic.html",
    server: "PHP_CLI_SERVER_WORKERS=16 exec php -d post_max_size=0 -S \(host):8088 >/dev/null 2>&1",
    waiting: ["--wait-port", "8088"], address: "http://\(host):8088/index-classic.html",
    start: "document.getElementById('startStopBtn').click()",
    figures: """
      uiData?.testState !== 4 ? null : {
        download: uiData.dlStatus * 1e6, upload: uiData.ulStatus * 1e6,
        latency: uiData.pingStatus * 1e3, jitter: uiData.jitterStatus * 1e3
      }
      """)

  /// Its engine with its own sequence of measurements, against our server and relay: its own page measures
  /// nothing but its own network. The address is an empty page of that server.
  private static let cloudflare = ForeignPage(
    name: "cloudflare", file: "dist/speedtest.js",
    server: BrowserBenchmark.server + " --compatible --compatible-port 4043 --max-seconds 60",
    waiting: ["--wait-line"], address: "http://\(host):4043/backend/empty.php",
    start: """
      const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}))
      const {default: SpeedTest} = await import(address)
      const answer = await fetch('http://\(host):8080/v1/turn-credentials', {method: 'POST'})
      const {username, credential} = await answer.json()
      const engine = new SpeedTest({
        autoStart: false, logAimApiUrl: null,
        downloadApiUrl: location.origin + '/__down', uploadApiUrl: location.origin + '/__up',
        turnServerUri: '\(host):3478', turnServerUser: username, turnServerPass: credential
      })
      engine.onFinish = results => { window.summary = results.getSummary() }
      engine.play()
      """,
    figures: """
      window.summary && {
        download: summary.download, upload: summary.upload,
        latency: summary.latency * 1e3, jitter: summary.jitter * 1e3
      }
      """)

  /// What it said in the end: bits a second, and microseconds.
  struct Reading: Codable {
    /// From the start to the last figure.
    var seconds: Double?
    var download, upload, latency, jitter: Double?
    /// Whether a rate was said to be "at least" that.
    var isLeastDownload, isLeastUpload: Bool?
  }

  /// In the line's namespace, as `precall-bench page-client NAME PAGES ANSWER`.
  static func measure(_ name: String, pages: String, answer: String) async throws {
    guard let page = all.first(where: { $0.name == name }) else { throw RigError("no page \(name)") }
    let source = try String(contentsOfFile: "\(pages)/\(name)/\(page.file)", encoding: .utf8)
    let reading = try await Chromium.with(hosts: "EXCLUDE \(host), ") { browser in
      try await page.reading(try await browser.page(page.address), source)
    }
    try JSONEncoder().encode(reading).write(to: URL(filePath: answer))
  }

  private func reading(_ page: ChromiumPage, _ source: String) async throws -> Reading {
    try await page.command("Emulation.setFocusEmulationEnabled", ["enabled": true])
    let text = String(decoding: try JSONEncoder().encode(source), as: UTF8.self)
    let begin = ContinuousClock.now
    let _: Bool = try await page.value("(async source => { \(start); return true })(\(text))")
    try await page.wait(figures, within: .seconds(240))
    let elapsed = ContinuousClock.now - begin
    var reading = try await page.value(figures, as: Reading.self)
    reading.seconds = elapsed / .seconds(1)
    return reading
  }
}
