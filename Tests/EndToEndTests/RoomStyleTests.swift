import PrecallTestSupport
import Testing

/// The waiting room for people who set their own spacing of text (WCAG 1.4.12), or their own few colours.
@Suite struct RoomStyleTests {
  private static let bare = """
    [...document.querySelectorAll('button, .button, input, textarea, .sign, .box')]
      .filter(one => one.checkVisibility() && !one.matches(':disabled, [type=checkbox]')).filter(one => {
        const {borderTopWidth, borderTopColor, backgroundColor} = getComputedStyle(one)
        return parseFloat(borderTopWidth) < 1 || borderTopColor === backgroundColor
      }).map(one => one.outerHTML.slice(0, 60))
    """

  /// Words of the tables that are broken in the middle.
  private static let broken = #"""
    (() => {
      const broken = []
      for (const table of document.querySelectorAll('table')) {
        const walker = document.createTreeWalker(table, NodeFilter.SHOW_TEXT)
        for (let node; node = walker.nextNode();) {
          for (const {0: word, index} of node.data.matchAll(/\S+/g)) {
            const range = document.createRange()
            range.setStart(node, index)
            range.setEnd(node, index + word.length)
            const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)))
            if (lines.size > 1) broken.push(word)
          }
        }
      }
      return broken
    })()
    """#

  private static func holds(_ page: ChromiumPage, _ what: String) async throws {
    for width in [320, 390, 820, 1_366] {
      try await page.resize(width: width, height: 800)
      let flaws: [String] = try await page.value(RoomAccessibilityTests.flaws)
      let cut: [String] = try await page.value(WideSpacing.cut(in: "document.body", except: "#chat-log"))
      let broken: [String] = try await page.value(Self.broken)
      #expect(
        flaws.isEmpty && cut.isEmpty && broken.isEmpty, "\(what) at \(width): \(flaws) \(cut) \(broken)")
    }
    let forced = [["name": "forced-colors", "value": "active"]]
    try await page.command("Emulation.setEmulatedMedia", ["features": forced])
    #expect(try await page.value("matchMedia('(forced-colors: active)').matches"))
    let (weak, bare): ([String], [String]) = (
      try await page.value(RoomAccessibilityTests.weak), try await page.value(Self.bare)
    )
    #expect(weak.isEmpty && bare.isEmpty, "\(what), forced colours: \(weak) \(bare)")
    try await page.command(
      "Emulation.setEmulatedMedia", ["features": [["name": "forced-colors", "value": "none"]]])
  }

  @Test(arguments: ["en", "es"]) func `each step bears wide spacing and forced colours`(language: String)
    async throws
  {
    try await RoomVisit.with(clients: 2) { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let provider = try await browser.page("\(visit.provider)?lang=\(language)")
        let client = try await browser.page("\(visit.clients[0])?lang=\(language)")
        for page in [provider, client] {
          try await page.stayInFront()
          try await page.run("\(WideSpacing.sheet) document.adoptedStyleSheets.push(sheet)")
        }
        try await client.reaches("step-arrive")
        try await Self.holds(client, "arrive, \(language)")
        try await client.say(name: "Ana María")
        try await client.be()
        try await client.send(message: "Hello")
        try await Self.holds(client, "wait, \(language)")
        try await visit.act(visit.clients[1], #"{"do":"name","name":"Bo"}"#)
        try await provider.wait("document.querySelectorAll('.client').length === 2")
        try await visit.test(visit.clients[1])
        try await provider.wait("document.querySelector('#client-2 [data-act=details]').checkVisibility()")
        try await provider.click("document.querySelector('#client-2 [data-act=details]')")
        try await provider.wait("document.querySelector('#client-2 table')")
        try await provider.click("document.querySelector('#client-2 [data-act=decline]')")
        try await provider.click("document.getElementById('decline-all')")
        try await Self.holds(provider, "somebody waits, \(language)")
        try await provider.click("document.querySelector('#client-1 [data-act=admit]')")
        try await client.reaches("step-admitted")
        try await client.wait("!document.getElementById('admitted-go').hidden")
        try await Self.holds(client, "admitted, \(language)")
      }
    }
  }
}
