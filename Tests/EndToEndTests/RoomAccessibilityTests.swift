import Foundation
import PrecallTestSupport
import Testing

/// The pages of the waiting room without mouse, without sight, with large fingers and small windows (WCAG 2.2).
@Suite struct RoomAccessibilityTests {
  /// What is too small to press (2.5.8 asks for 24 pixels; links in a sentence are exempt, we ask for 44 in
  /// height), and what makes the page wider than the window (1.4.10).
  static let flaws = """
    (() => {
      const seen = [...document.querySelectorAll('button, input, textarea, a')]
        .filter(one => one.getClientRects().length)
      const small = seen.filter(one => one.getBoundingClientRect().height < (one.matches('[type=checkbox]') ? 24 : 44))
      const wide = document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []
      const unnamed = seen.filter(one => one.matches('input, textarea') && !one.labels.length)
      return [...wide, ...[...small, ...unnamed].map(one => one.outerHTML.slice(0, 80))]
    })()
    """

  /// Texts whose colour stands out by less than 4.5 to 1 from what is behind them (1.4.3).
  static let weak = """
    (() => {
      const numbers = colour => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
        return [...canvas.getImageData(0, 0, 1, 1).data]
      }
      const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
      const behind = element => {
        for (let one = element; one; one = one.parentElement) {
          const colour = getComputedStyle(one).backgroundColor
          if (numbers(colour)[3] === 255) return colour
        }
        return 'white'
      }
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const weak = []
      for (let node; node = walker.nextNode();) {
        const element = node.parentElement
        if (!node.data.trim() || !element.getClientRects().length || element.matches(':disabled, script, noscript')) continue
        const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a)
        if ((one + 0.05) / (other + 0.05) < 4.5) weak.push(node.data.trim().slice(0, 40))
      }
      return weak
    })()
    """

  private static func holds(_ page: ChromiumPage, _ what: String) async throws {
    // In a language that runs from right to left nothing leaves the window at the other side.
    try await page.resize(width: 320, height: 800)
    try await page.run("document.documentElement.dir = 'rtl'")
    let cutOff: [String] = try await page.value(Self.flaws)
    #expect(cutOff.isEmpty, "\(what), right to left: \(cutOff)")
    try await page.run("document.documentElement.removeAttribute('dir')")
    for width in [320, 390, 820, 1_366] {
      try await page.resize(width: width, height: 800)
      let flaws: [String] = try await page.value(Self.flaws)
      #expect(flaws.isEmpty, "\(what) at \(width): \(flaws)")
    }
    for scheme in ["dark", "light"] {
      try await page.command(
        "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
      let weak: [String] = try await page.value(Self.weak)
      #expect(weak.isEmpty, "\(what), \(scheme): \(weak)")
    }
    let broken = try await Axe.violations(on: page)
    #expect(broken.isEmpty, "\(what): \(broken)")
    let unnamed = try await page.accessibilityTree().filter {
      ["button", "link", "textbox", "checkbox", "heading"].contains($0.role) && $0.name.isEmpty
    }
    #expect(unnamed.isEmpty, "\(what)")
    #expect(try await page.value("document.querySelectorAll('h1:not([hidden] *)').length") == 1, "\(what)")
  }

  @Test(arguments: ["en", "es"]) func `each step holds at every size, in the dark and in the light`(
    language: String
  )
    async throws
  {
    try await RoomVisit.with(clients: 2) { visit in
      try await Chromium.with { browser in
        let provider = try await browser.page("\(visit.provider)?lang=\(language)")
        let client = try await browser.page("\(visit.clients[0])?lang=\(language)")
        for page in [provider, client] { try await page.stayInFront() }
        try await provider.reaches("step-room")
        try await Self.holds(provider, "nobody waits, \(language)")
        try await client.reaches("step-arrive")
        try await Self.holds(client, "arrive, \(language)")
        try await client.say(name: String(repeating: "Maximiliana", count: 5))
        try await Self.holds(client, "check, \(language)")
        try await client.be()
        try await client.send(message: String(repeating: "long", count: 200))
        try await provider.wait("document.querySelector('.said')")
        try await Self.holds(client, "wait, \(language)")
        try await Self.holds(provider, "somebody waits, \(language)")
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.reaches("step-admitted")
        try await Self.holds(client, "admitted, \(language)")
        let dead = try await browser.page("\(visit.server)/s/nothing?lang=\(language)")
        try await Self.holds(dead, "dead link, \(language)")
      }
    }
  }

  @Test func `from the link to the waiting room by keyboard, without a camera`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(visit.clients[0] + "?lang=en")
        try await client.stayInFront()
        try await client.reaches("step-arrive")
        func tab(to element: String) async throws {
          for _ in 0..<40 {
            try await client.press("Tab")
            if try await client.value("document.activeElement?.matches('\(element)') ?? false") { return }
          }
          Issue.record("\(element) can't be reached")
        }
        try await tab(to: "#name")
        try await client.press("Enter")
        try await client.wait(
          "document.getElementById('name-problem').innerText.includes('Please write a name')")
        #expect(try await client.value("document.activeElement.id") == "name")
        try await client.command("Input.insertText", ["text": "Ana"])
        try await client.press("Enter")
        try await client.reaches("step-check")
        #expect(try await client.value("document.activeElement.innerText") == "Get ready for your visit")
        try await tab(to: "#ready")
        try await client.press(" ")
        try await client.reaches("step-wait")
        try await tab(to: "#again")
        try await tab(to: "#chat-text")
        try await client.command("Input.insertText", ["text": "hello"])
        try await tab(to: "#chat-form button")
        try await client.press("Enter")
        try await client.wait("document.querySelector('.said')?.innerText === 'hello'")
        #expect(try await client.value("document.activeElement.id") == "chat-text")
      }
    }
  }
}
