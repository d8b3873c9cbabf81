import Foundation
import PrecallCore
import PrecallTestSupport

/// The client of one line: a Chromium that passes the check of the server at the line's other end. It runs in
/// the line's namespace, as `precall-bench browser-client FOLDER COUNT`.
enum BrowserClient {
  private static let element = "document.querySelector('precall-check')"

  /// Runs so many checks at once, keeps each report in `folder`, and prints how long the slowest took.
  static func run(_ folder: String, _ count: Int) async throws {
    let environment = ProcessInfo.processInfo.environment
    let host = environment["LINK_SERVER_ADDRESS"] ?? "127.0.0.1"
    let line = [UInt8]((environment["LINK_SERVER_LINE"] ?? "").utf8)
    guard let port = try JSONReader.read(line)["http_port"]?.integer else { throw RigError("no server") }
    let server = "http://\(host):\(port)"
    let flags = Chromium.Devices.fake + ["--unsafely-treat-insecure-origin-as-secure=\(server)"]
    let seconds = try await Chromium.with(flags, hosts: "EXCLUDE \(host), ") { browser in
      try await withThrowingTaskGroup(of: Double.self) { group in
        for number in 0..<count {
          let page = try await browser.page(server + "/check?lang=en")
          try await page.wait("\(element)?.shadowRoot?.querySelector('button.primary')")
          group.addTask { try await check(page, "\(folder)/report-\(number).json") }
        }
        return try await group.reduce(0, max)
      }
    }
    print("seconds: \(seconds)")
  }

  /// From the press to the verdict, by the page's own clock.
  private static func check(_ page: ChromiumPage, _ file: String) async throws -> Double {
    try await page.command("Emulation.setFocusEmulationEnabled", ["enabled": true])
    try await page.run(
      """
      window.start = performance.now()
      for (const name of ['complete', 'error']) {
        addEventListener('precall-' + name, event => { window.end = performance.now(); window.said = event.detail })
      }
      """)
    try await page.click("\(element).shadowRoot.querySelector('button.primary')")
    try await page.wait("window.end", within: .seconds(60))
    let report: String? = try await page.value("\(element).reportJSON ?? null")
    guard let report else { throw RigError(try await page.value("JSON.stringify(said)")) }
    try report.write(toFile: file, atomically: true, encoding: .utf8)
    return try await page.value("(end - start) / 1000")
  }
}
