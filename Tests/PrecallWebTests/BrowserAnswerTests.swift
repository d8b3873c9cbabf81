import PrecallTestSupport
import Testing

/// What comes of a press: where it is said, where the focus goes, and what stays as it was.
@Suite struct BrowserAnswerTests {
  private static let status = "\(BrowserCheck.root).querySelector('[role=status]').textContent"
  private static let asked = "\(BrowserCheck.root).querySelector('[part=consent]')"

  @Test func `a report that is being sent is sent once, and its answer takes the focus from nobody`()
    async throws
  {
    let slow = """
      window.posts = 0
      const fetched = window.fetch
      window.fetch = async (address, ...more) => {
        if (String(address).includes('/helpdesk/')) {
          posts += 1
          await new Promise(done => { window.release = done })
        }
        return fetched(address, ...more)
      };
      """
    try await BrowserCheck.onPage(Chromium.Devices.none, before: slow) { check in
      let page = check.page
      _ = try await check.run()
      try await page.click(Self.button("Send to the helpdesk"))
      try await page.run("window.yes = \(Self.button("Yes, send it"))")
      try await page.click("yes")
      try await page.wait("window.release")
      #expect(try await page.value("\(BrowserCheck.focused).textContent") == "Sending …")
      try await page.run("yes.click()")
      try await page.click(Self.button("Send to the helpdesk"))
      let buttons: Int = try await page.value("\(Self.asked).querySelectorAll('button').length")
      #expect(buttons == 0, "it can be sent or refused while it is sent")
      try await Self.writeElsewhere(on: page)
      try await page.run("release()")
      try await page.wait("\(Self.status).startsWith('The report was sent.')")
      #expect(try await page.value("\(Self.asked).textContent === \(Self.status)"))
      #expect(try await page.value("document.activeElement === field"))
      #expect(try await page.value("posts") == 1)
      try await page.click(Self.button("Send to the helpdesk"))
      try await page.click(Self.button("No"))
      #expect(try await Self.isBeside("Nothing was sent.", on: page))
      #expect(try await page.value("\(BrowserCheck.focused).textContent") == "Send to the helpdesk")
    }
  }

  @Test func `on a telephone an answer stands beside its button, with everything open`() async throws {
    let taking = "navigator.clipboard.writeText = async () => {};"
    try await BrowserCheck.onPage(Chromium.Devices.none, before: taking) { check in
      let page = check.page
      try await page.resize(width: 390, height: 844)
      _ = try await check.run()
      try await page.run(
        "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
      try await page.click(Self.button("Copy the report"))
      try await page.wait("\(Self.status) === 'The report is copied.'")
      #expect(try await Self.isBeside("The report is copied.", on: page))
      try await page.click(Self.button("Play a test sound"))
      try await page.click(Self.button("Yes"))
      #expect(try await Self.isBeside("Good: your speaker works.", on: page))
      #expect(try await page.value("\(BrowserCheck.focused).textContent") == "Play a test sound")
      try await page.click(Self.button("Play a test sound"))
      #expect(try await !Self.isBeside("Good: your speaker works.", on: page), "beside the next question")
    }
  }

  @Test func `the end of a test takes the focus from nobody who writes elsewhere on the page`() async throws {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      let page = check.page
      for end in ["cancelled", "complete"] {
        try await page.run("told.length = 0")
        try await page.click("\(BrowserCheck.root).querySelector('button.primary')")
        try await page.wait("told.some(one => one.name === 'start')")
        try await Self.writeElsewhere(on: page)
        let place: Double = try await page.value("scrollY")
        if end == "cancelled" { try await page.run("\(BrowserCheck.element).cancel()") }
        _ = try await check.outcome()
        #expect(try await page.value("told.some(one => one.name === '\(end)' || one.code === '\(end)')"))
        #expect(try await page.value("document.activeElement === field"), "\(end)")
        #expect(try await page.value("scrollY") == place, "\(end)")
      }
    }
  }

  @Test func `one device is tested alone, and whoever stops that keeps the result`() async throws {
    try await BrowserCheck.onPage(Chromium.Devices.fake) { check in
      let page = check.page
      _ = try await check.run()
      let verdict: String = try await page.value("\(BrowserCheck.root).querySelector('.verdict').innerText")
      try await Self.testMicrophone(on: page)
      let rows: [String] = try await page.value(
        """
        [...\(BrowserCheck.root).querySelectorAll('.steps li')].filter(one => one.checkVisibility())
          .map(one => one.querySelector('b').textContent)
        """)
      #expect(rows == ["Microphone"])
      try await page.click(Self.button("Cancel"))
      try await page.wait("told.some(one => one.code === 'cancelled')")
      #expect(try await page.value("\(BrowserCheck.root).querySelector('.verdict')?.innerText") == verdict)
      #expect(try await page.value("\(BrowserCheck.focused).matches('.verdict h2')"))
      #expect(try await page.value(Self.status) == "The test was stopped.")
      try await Self.testMicrophone(on: page)
      try await page.wait("told.filter(one => one.name === 'complete').length === 2")
    }
  }

  private static func testMicrophone(on page: ChromiumPage) async throws {
    try await page.run("told.forEach(one => { one.step = '' })")
    try await page.run("\(BrowserCheck.root).querySelector('[part=devices]').open = true")
    try await page.click(button("Test this microphone"))
    try await page.wait("told.some(one => one.step === 'listening')")
  }

  /// Puts a field of the page's own beside the check, and the focus into it.
  private static func writeElsewhere(on page: ChromiumPage) async throws {
    try await page.run(
      """
      window.field ??= document.createElement('input')
      document.querySelector('main').prepend(field); field.focus()
      """)
  }

  /// Whether the words can be read without scrolling, once.
  private static func isBeside(_ words: String, on page: ChromiumPage) async throws -> Bool {
    try await page.value(
      """
      [...\(BrowserCheck.root).querySelectorAll('p:not([role])')].filter(one => one.textContent === '\(words)')
        .filter(one => {
          const {height, top, bottom} = one.getBoundingClientRect()
          return height > 10 && top >= 0 && bottom <= innerHeight
        }).length === 1
      """)
  }

  private static func button(_ words: String) -> String {
    "[...\(BrowserCheck.root).querySelectorAll('button')]"
      + ".find(one => one.textContent === '\(words)')"
  }
}
