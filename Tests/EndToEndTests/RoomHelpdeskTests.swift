import Foundation
import PrecallTestSupport
import Testing

/// The helpdesk's side: from a client's yes to the agent's terminal.
@Suite struct RoomHelpdeskTests {
  @Test func `a report is sent only after a yes, and the agent reads it by its code`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let watched = """
          window.sent = []
          const fetched = window.fetch
          window.fetch = (address, ...more) => { sent.push(String(address)); return fetched(address, ...more) };
          window.told = []; addEventListener('precall-complete', event => told.push(event.detail));
          """
        let page = try await browser.page(visit.server + "/check?lang=en", before: watched)
        let root = "document.getElementById('check').shadowRoot"
        let press = { (words: String) in
          "[...\(root).querySelectorAll('button')].find(one => one.textContent === '\(words)')"
        }
        try await page.wait("\(root)?.querySelector('button.primary')")
        try await page.click(press("Start the test"))
        try await page.wait("told.length", within: .seconds(60))
        try await page.click(press("Send to the helpdesk"))
        try await page.click(press("No"))
        try await page.click(press("Send to the helpdesk"))
        #expect(try await page.value("!sent.some(one => one.includes('/helpdesk'))"))
        try await page.click(press("Yes, send it"))
        let words = "\(root).querySelector('[part=consent] p').innerText"
        try await page.wait("/code: \\w{4}-\\w{4}$/.test(\(words))")
        let code: String = try await page.value("\(words).slice(-9)")
        let outcome: String = try await page.value("told[0].report.verdict.outcome")
        let fetched = try await visit.report(code)
        #expect(fetched.code == 0, "\(fetched.error)")
        let shown = try await Fixtures.withTemporaryFolder { folder in
          let file = "\(folder)/report.json"
          try fetched.output.write(toFile: file, atomically: true, encoding: .utf8)
          return try await Program("precall-test").run(["report", "show", file, "--format", "plain"])
        }
        #expect(shown.output.contains("microphone.none"), "\(shown.output)\(shown.error)")
        #expect(fetched.output.contains("\"outcome\": \"\(outcome)\""))
        #expect(try await visit.report("AAAA-2222").code == 65)
      }
    }
  }
}
