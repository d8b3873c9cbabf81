import PrecallTestSupport
import Testing

/// Another language asked for while the check stands on the page, by its attribute.
@Suite struct BrowserLanguageTests {
  private static let heading = "\(BrowserCheck.root).querySelector('h2').textContent"

  @Test func `a check that runs goes on in the new language, and so does its result`() async throws {
    try await Self.onPage { check in
      let page = check.page
      try await page.click("\(BrowserCheck.root).querySelector('button.primary')")
      let video = "\(BrowserCheck.root).querySelector('video')"
      try await page.wait("\(video)?.checkVisibility()")
      try await page.run("window.film = \(video); \(BrowserCheck.element).locale = 'es'")
      try await page.wait("\(Self.heading) === words.es.page.testing")
      let steps: [String] = try await page.value(
        "[...\(BrowserCheck.root).querySelectorAll('.steps b')].map(one => one.textContent)")
      #expect(try await page.value("words.es.page.camera") == steps[2])
      #expect(try await page.value("film === \(video) && !film.paused"), "the picture was taken away")
      let outcome = try await check.outcome()
      #expect(outcome.name == "complete")
      let verdict = "'outcome-' + told.find(one => one.name === 'complete').verdict.outcome"
      #expect(try await page.value("\(Self.heading) === words.es.page[\(verdict)]"), "\(outcome.text)")
      #expect(try await page.value("\(BrowserCheck.root).querySelector('.card').lang") == "es")
    }
  }

  @Test func `a result is said again in the new language, with what is open in it`() async throws {
    try await Self.onPage(Chromium.Devices.none) { check in
      let page = check.page
      _ = try await check.run()
      let verdict = "words.es.page['outcome-' + \(BrowserCheck.element).report.verdict.outcome]"
      try await page.run("\(BrowserCheck.root).querySelector('[part=details]').open = true")
      try await page.click(Self.button("send-report", "en"))
      try await page.click(Self.button("send-yes", "en"))
      let answer = "\(BrowserCheck.root).querySelector('[part=consent] p').textContent"
      try await page.wait("/: \\w{4}-\\w{4}$/.test(\(answer))")
      let code: String = try await page.value("\(answer).slice(-9)")
      try await page.run("\(BrowserCheck.element).locale = 'es'")
      try await page.wait("\(Self.heading) === \(verdict)")
      #expect(try await page.value("\(BrowserCheck.root).querySelector('[part=details]').open"))
      #expect(
        try await page.value("\(answer) === words.es.page['sent-with-code'].replace('{code}', '\(code)')"))
      #expect(try await page.value("\(BrowserCheck.element).report !== undefined"))
    }
  }

  @Test func `words to copy by hand are shown on whatever page they are asked for`() async throws {
    let kept = """
      Object.defineProperty(navigator, 'userAgent', {value: navigator.userAgent + ' Instagram 300.0'})
      navigator.clipboard.writeText = async () => { throw new Error('kept') };
      """
    try await Self.onPage(Chromium.Devices.none, before: kept) { check in
      let page = check.page
      let field = "\(BrowserCheck.root).querySelector('textarea')"
      try await page.click(Self.button("copy-link", "en"))
      try await page.wait("\(field)?.value === location.href")
      try await page.run("\(BrowserCheck.element).locale = 'es'")
      try await page.wait("\(Self.button("copy-link", "es"))")
      #expect(try await page.value("\(field)?.value === location.href"), "it was taken away")
      let label = "\(field).labels[0].firstChild.data"
      #expect(try await page.value("\(label) === words.es.page['link-by-hand']"))
      _ = try await check.run()
      try await page.click(Self.button("copy-report", "es"))
      try await page.wait("\(field)?.value.includes('microphone.none')")
      #expect(try await page.value("\(label) === words.es.page['report-by-hand']"))
    }
  }

  private static func button(_ key: String, _ language: String) -> String {
    "[...\(BrowserCheck.root).querySelectorAll('button')]"
      + ".find(one => one.textContent === words.\(language).page['\(key)'])"
  }

  /// With the words of both languages at hand.
  private static func onPage(
    _ devices: [String] = Chromium.Devices.fake, before script: String = "",
    _ body: @escaping @Sendable (BrowserCheck) async throws -> Void
  ) async throws {
    try await BrowserCheck.onPage(devices, before: script) { check in
      try await check.page.run(
        """
        window.words = {}
        for (const one of ['en', 'es']) {
          fetch(`/assets/locales/${one}.json`).then(answer => answer.json()).then(json => { words[one] = json })
        }
        """)
      try await check.page.wait("words.en && words.es")
      try await body(check)
    }
  }
}
