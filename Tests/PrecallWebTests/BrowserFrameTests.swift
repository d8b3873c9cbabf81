import Foundation
import PrecallTestSupport
import Testing

/// What a page can ask of the check in its frame, and the way out where the frame may not have the devices.
@Suite struct BrowserFrameTests {
  @Test func `the page around a frame changes its language and cancels it by message`() async throws {
    try await Self.onPage("frame") { page, frame, _ in
      let language = "\(BrowserCheck.root)?.querySelector('.card').lang"
      try await page.run("check.locale('es')")
      try await frame.wait("\(language) === 'es'")
      // What is no language, or no message, changes nothing.
      let post = "document.querySelector('iframe').contentWindow.postMessage"
      for bad in ["type: 'locale', locale: 7", "type: 'locale'", "type: 'locale', locale: {}", "type: 'x'"] {
        try await page.run("\(post)({precall: 1, \(bad)}, '*')")
      }
      try await page.run("check.start()")
      try await page.wait("heard.some(one => one.type === 'progress' && one.detail.step === 'listening')")
      try await page.run("check.cancel()")
      try await page.wait("heard.some(one => one.type === 'error' && one.detail.code === 'cancelled')")
      let heading = "\(BrowserCheck.root).querySelector('h2').textContent"
      let words = "(await (await fetch('/assets/locales/es.json')).json()).page.cancelled"
      #expect(try await frame.value("\(heading) === \(words)"))
      #expect(try await frame.value(language) == "es")
      #expect(try await page.value("!heard.some(one => one.type === 'complete')"))
    }
  }

  @Test func `a frame that is given no devices leads to a tab of its own`() async throws {
    try await Self.onPage("bare") { page, frame, server in
      try await page.run("frames[0].postMessage({precall: 1, type: 'start'}, '*')")
      try await page.wait("heard.some(one => one.type === 'complete')", within: .seconds(40))
      try await frame.run(
        """
        [...\(BrowserCheck.root).querySelectorAll('[part=first] button')]
          .find(one => one.textContent === 'Open in a new tab').click()
        """)
      let end = ContinuousClock.now + .seconds(10)
      var tabs: [String] = []
      while !tabs.contains("\(server)/check"), ContinuousClock.now < end {
        let targets = try await page.command("Target.getTargets").result["targetInfos"] as? [[String: Any]]
        tabs = (targets ?? []).compactMap { $0["url"] as? String }
      }
      #expect(tabs.contains("\(server)/check"), "\(tabs)")
    }
  }

  private static func onPage(
    _ name: String,
    _ body: @escaping @Sendable (ChromiumPage, ChromiumPage, String) async throws -> Void
  ) async throws {
    try await Chromium.with { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer(embedders: [clinic]) { server in
          let page = try await browser.page("\(clinic)/\(name)?server=\(server)")
          try await page.wait("window.heard?.some(one => one.type === 'ready')")
          try await body(page, page.firstFrame(), server)
        }
      }
    }
  }
}
