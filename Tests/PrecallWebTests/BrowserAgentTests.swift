import Foundation
import PrecallTestSupport
import PrecallWeb
import Testing

/// What the page makes of each browser's name: `Fixtures/browser/agents.json`.
@Suite struct BrowserAgentTests {
  struct Case: Decodable, Equatable {
    var agent, browser, system, steps: String
    var insideApp, outdated: Bool
  }

  struct Texts: Decodable { var steps: [String: [String]] }

  private static func read<Value: Decodable>(_ file: URL) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
  }

  @Test func `each browser is known, with its own steps to allow access again`() async throws {
    let cases: [Case] = try Self.read(URL(filePath: Fixtures.path("browser/agents.json")))
    let steps = try ["en", "es"].map {
      try Self.read(assets.appending(path: "locales/\($0).json")) as Texts
    }
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let page = try await browser.page(server + "/check?lang=en")
        for (index, one) in cases.enumerated() {
          try await page.command("Emulation.setUserAgentOverride", ["userAgent": one.agent])
          // Each query is a module of its own, which reads the name anew.
          let seen: Case = try await page.value(
            """
            import('/assets/check/browser.js?\(index)').then(its => ({
              agent: navigator.userAgent, browser: its.browser(), system: its.system(),
              steps: its.permissionSteps(), insideApp: its.isInsideApp(), outdated: its.isOutdated(),
            }))
            """)
          #expect(seen == one)
          #expect(steps.allSatisfy { ($0.steps[one.steps]?.count ?? 0) >= 3 }, "\(one.steps)")
        }
      }
    }
  }

  @Test func `an old browser is told of before the test, and with its result`() async throws {
    let old = """
      Object.defineProperty(navigator, 'userAgent', {value: 'Mozilla/5.0 (iPhone; CPU iPhone OS 15_1 like Mac OS X) \
      AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.1 Mobile/15E148 Safari/604.1'});
      """
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server, before: old)
        let intro: String = try await check.page.value(
          "\(BrowserCheck.root).querySelector('.card').innerText")
        #expect(intro.contains("too old for a video visit"))
        let outcome = try await check.run()
        #expect(outcome.name == "complete")
        #expect(outcome.text.contains("too old for a video visit"))
      }
    }
  }
}
