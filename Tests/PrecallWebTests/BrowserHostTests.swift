import PrecallTestSupport
import Testing

/// What the page around the element does with it, in time or not.
@Suite struct BrowserHostTests {
  private static let element = BrowserCheck.element
  private static let ends = "told.filter(one => one.name !== 'progress').map(one => one.code ?? one.name)"

  @Test func `moved during a check, it begins anew where it was asked to, and the old one draws nothing`()
    async throws
  {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      let move = "document.body.append(\(Self.element))"
      try await check.page.run("\(Self.element).start()")
      try await check.page.wait("told.some(one => one.name === 'progress')")
      try await check.page.run("\(move); \(Self.element).start()")
      try await check.page.wait("told.some(one => one.name === 'complete')", within: .seconds(45))
      let ends: [String] = try await check.page.value(Self.ends)
      #expect(ends == ["start", "cancelled", "start", "complete"])
      // Without a word it stands as before the first start.
      try await check.page.run(move)
      try await check.page.wait("\(BrowserCheck.root).querySelector('[part=title], .primary')?.isConnected")
      try await check.page.wait("\(BrowserCheck.root).querySelector('[role=status]').textContent === ''")
    }
  }

  @Test func `autostart counts also where it is set later`() async throws {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.run("\(Self.element).autostart = true")
      try await check.page.wait("told.some(one => one.name === 'start')")
    }
  }

  @Test(arguments: [
    "http://", "localhost:8080", "127.0.0.1:8080", "visit.example.org", "ftp://visit.example.org", "::",
  ])
  func `a server that is no whole web address is said at the start, and nobody else is asked`(
    server: String
  ) async throws {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.run("\(Self.element).server = '\(server)'; \(Self.element).start()")
      try await check.page.wait("told.length > 0")
      #expect(try await check.page.value(Self.ends) == ["bad-server"])
      let words: String = try await check.page.value("\(BrowserCheck.root).textContent")
      #expect(words.contains("This page is not set up for it."))
      #expect(
        try await check.page.value(
          "!performance.getEntriesByType('resource').some(one => /ping/.test(one.name))"))
    }
  }

  @Test(arguments: ["http://", "/nonsense"])
  func `a policy that is none is told, and the standard one judges`(policy: String) async throws {
    let nonsense = """
      const fetched = window.fetch
      window.fetch = async (address, ...more) => String(address).endsWith('/nonsense')
        ? new Response('{"foo": 1}') : fetched(address, ...more);
      """
    try await BrowserCheck.onPage(Chromium.Devices.none, before: nonsense) { check in
      try await check.page.run("\(Self.element).policy = '\(policy)'; \(Self.element).start()")
      try await check.page.wait("told.some(one => one.name === 'complete')", within: .seconds(45))
      #expect(try await check.page.value(Self.ends) == ["start", "policy-unavailable", "complete"])
    }
  }

  @Test func `what is asked of the frame before it can hear is done when it can`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer(embedders: [clinic]) { server in
          let page = try await browser.page("\(clinic)/frame?server=\(server)")
          try await page.wait("window.check")
          try await page.run(
            """
            check.remove()
            import('\(server)/assets/precall-embed.js').then(({embedCheck}) => {
              const early = embedCheck(document.body, {onMessage: message => heard.push(message)})
              early.locale('es')
              early.start()
            })
            """)
          try await page.wait("heard.some(one => one.type === 'start')")
          let kinds: [String] = try await page.value("heard.map(one => one.type)")
          #expect(kinds.firstIndex(of: "ready")! < kinds.firstIndex(of: "start")!)
        }
      }
    }
  }
}
