import Foundation
import PrecallTestSupport
import Testing

/// The page for people without a mouse, without sight, with large fingers and small windows (WCAG 2.2).
@Suite struct BrowserAccessibilityTests {
  static let sizes = [(320, 640), (390, 844), (820, 1_180), (1_366, 768)]

  @Test func `the whole check by keyboard, with the focus where the news is`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        try await check.tab(to: "Start the test")
        try await check.page.press("Enter")
        try await check.page.wait("\(BrowserCheck.focused)?.textContent.startsWith('Testing')")
        let outcome = try await check.outcome()
        #expect(outcome.name == "complete")
        #expect(try await check.page.value("\(BrowserCheck.focused).matches('.verdict h2')"))
        for words in ["Test again", "Copy the report", "Send to the helpdesk", "Details"] {
          try await check.tab(to: words)
        }
        try await check.page.press("Enter")
        #expect(try await check.page.value("\(BrowserCheck.root).querySelector('[part=details]').open"))
        try await check.tab(to: "Send to the helpdesk", shift: true)
        try await check.page.press(" ")
        try await check.page.wait("\(BrowserCheck.focused)?.textContent.includes('to the helpdesk?')")
        try await check.tab(to: "Yes, send it")
        try await check.page.press("Enter")
        try await check.page.wait(
          "\(BrowserCheck.focused)?.textContent.startsWith('The report was sent. Tell the helpdesk this code: ')"
        )
      }
    }
  }

  @Test func `assistive technology is told of every part by role and name`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
        try await check.page.wait("told.some(one => one.step === 'listening')")
        let running = try await check.page.accessibilityTree()
        #expect(running.contains { $0.role == "progressbar" && $0.name == "Progress of the test" })
        #expect(running.contains { $0.role == "meter" && $0.name == "Loudness" })
        #expect(running.contains { $0.role == "status" })
        #expect(running.filter { $0.role == "status" }.count == 1)
        _ = try await check.outcome()
        try await check.page.run("\(BrowserCheck.root).querySelector('[part=devices]').open = true")
        let done = try await check.page.accessibilityTree()
        for (role, name) in [
          ("heading", "Do this first"), ("combobox", "Microphone"), ("combobox", "Camera"),
        ] {
          #expect(done.contains { $0.role == role && $0.name == name }, "\(role) \(name)")
        }
        #expect(!done.contains { ["button", "combobox"].contains($0.role) && $0.name.isEmpty })
        #expect(!done.contains { $0.name.contains("✓") || $0.name.contains("✕") && $0.role == "img" })
      }
    }
  }

  @Test func `targets are large, nothing is cut off, and words stand out, in each size and language`()
    async throws
  {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        for language in ["en", "es"] {
          let check = try await BrowserCheck.open(browser, server, path: "/check?lang=\(language)")
          try await check.holds("intro, \(language)")
          _ = try await check.run()
          try await check.page.run(
            "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
          try await check.holds("result, \(language)")
          for scheme in ["dark", "light"] {
            try await check.page.command(
              "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
            let weak: [String] = try await check.page.value(Self.weakContrast)
            #expect(weak.isEmpty, "\(language), \(scheme): \(weak)")
          }
        }
      }
    }
  }

  @Test func `a right-to-left page keeps everything in sight`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        _ = try await check.run()
        try await check.page.run("\(BrowserCheck.root).querySelector('.card').dir = 'rtl'")
        try await check.holds("right to left")
      }
    }
  }

  /// Texts whose colour stands less than 4.5:1 out from what is behind them (WCAG 1.4.3).
  static let weakContrast = """
    (() => {
      const root = \(BrowserCheck.root)
      const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
      const parse = text => {
        canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1)
        return [...canvas.getImageData(0, 0, 1, 1).data]
      }
      const luminance = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        return 0.2126 * x + 0.7152 * y + 0.0722 * z
      }
      const behind = element => {
        for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) {
          const colour = parse(getComputedStyle(one).backgroundColor)
          if (colour[3] === 255) return colour
        }
        return [255, 255, 255]
      }
      return [...root.querySelectorAll('*')].filter(one => one.checkVisibility()
        && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())).map(one => {
        const [a, b] = [luminance(parse(getComputedStyle(one).color)), luminance(behind(one))]
        return {ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), words: one.textContent.slice(0, 30)}
      }).filter(({ratio}) => ratio < 4.5).map(({ratio, words}) => words + ': ' + ratio.toFixed(2))
    })()
    """
}

extension BrowserCheck {
  /// The element that has the focus, inside the check as well.
  static let focused = "(document.activeElement?.shadowRoot?.activeElement ?? document.activeElement)"

  /// Presses Tab until what has the focus says `words`.
  func tab(to words: String, shift: Bool = false) async throws {
    for _ in 0..<30 {
      try await page.press("Tab", shift: shift)
      if try await page.value("\(Self.focused).textContent.trim().startsWith('\(words)')") { return }
    }
    throw RigError("Tab did not lead to \"\(words)\"")
  }

  /// At every size: no sideways scrolling, and every target at least 44 px (WCAG 1.4.10, 2.5.8).
  func holds(_ place: String) async throws {
    for (width, height) in BrowserAccessibilityTests.sizes {
      try await page.resize(width: width, height: height)
      let wide: Int = try await page.value("document.documentElement.scrollWidth - innerWidth")
      #expect(wide <= 0, "\(place), \(width) px: \(wide) px too wide")
      let small: [String] = try await page.value(
        """
        [...\(Self.root).querySelectorAll('button, select, summary, a, input')].filter(one => one.checkVisibility())
          .map(one => [one.getBoundingClientRect(), one]).filter(([box]) => box.height < 44 || box.width < 44)
          .map(([box, one]) => one.textContent.slice(0, 20) + ' ' + box.width + 'x' + box.height)
        """)
      #expect(small.isEmpty, "\(place), \(width) px: \(small)")
    }
    let broken = try await Axe.violations(on: page)
    #expect(broken.isEmpty, "\(place): \(broken)")
  }
}
