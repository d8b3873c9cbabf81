import PrecallTestSupport
import Testing

/// People who set their own spacing of text, or their own few colours.
@Suite struct BrowserStyleTests {
  @Test func `wide spacing of text cuts nothing off`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        for language in ["en", "es"] {
          let check = try await BrowserCheck.open(browser, server, path: "/check?lang=\(language)")
          try await check.page.run(
            "\(WideSpacing.sheet) \(BrowserCheck.root).adoptedStyleSheets.push(sheet); document.adoptedStyleSheets.push(sheet)"
          )
          try await check.isWhole("intro, \(language)")
          _ = try await check.run()
          try await check.page.run(
            "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
          try await check.isWhole("result, \(language)")
        }
      }
    }
  }

  @Test func `words stay whole in a page that splits its own`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        for language in ["en", "es"] {
          let check = try await BrowserCheck.open(browser, server, path: "/check?lang=\(language)")
          try await check.page.run("document.body.style.overflowWrap = 'anywhere'")
          _ = try await check.run()
          try await check.page.run(
            "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
          for width in [320, 390, 400, 600, 820, 1_366] {
            try await check.page.resize(width: width, height: 844)
            let split: [String] = try await check.page.value(Self.splitWords)
            #expect(split.isEmpty, "\(language), \(width) px: \(split)")
          }
        }
      }
    }
  }

  /// Words that stand on more than one line, but for codes.
  private static let splitWords = #"""
    (() => {
      const split = []
      const root = document.querySelector('precall-check').shadowRoot
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      for (let node; (node = texts.nextNode());) {
        const {parentElement} = node
        if (!parentElement.checkVisibility() || parentElement.closest('select, .code, .unseen')) continue
        for (const {0: word, index} of node.data.matchAll(/\p{L}+/gu)) {
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + word.length)
          if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) split.push(word)
        }
      }
      return split
    })()
    """#

  @Test func `in forced colours everything is still told apart`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        try await check.page.command(
          "Emulation.setEmulatedMedia", ["features": [["name": "forced-colors", "value": "active"]]])
        #expect(try await check.page.value("matchMedia('(forced-colors: active)').matches"))
        try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
        try await check.page.wait("told.some(one => one.step === 'listening')")
        let colours: [String] = try await check.page.value(
          "['.meter', '.meter span'].map(one => getComputedStyle(\(BrowserCheck.root).querySelector(one)).backgroundColor)"
        )
        #expect(colours[0] != colours[1], "the meter's fill can't be seen")
        _ = try await check.outcome()
        try await check.page.run(
          "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
        let weak: [String] = try await check.page.value(BrowserAccessibilityTests.weakContrast)
        #expect(weak.isEmpty, "\(weak)")
        let bare: [String] = try await check.page.value(
          """
          [...\(BrowserCheck.root).querySelectorAll('button, select, .box, .sign')].filter(one => one.checkVisibility())
            .filter(one => {
              const {borderTopWidth, borderTopStyle, borderTopColor, backgroundColor} = getComputedStyle(one)
              return parseFloat(borderTopWidth) < 1 || borderTopStyle !== 'solid' || borderTopColor === backgroundColor
            }).map(one => one.outerHTML.slice(0, 60))
          """)
        #expect(bare.isEmpty, "\(bare)")
      }
    }
  }
}

extension BrowserCheck {
  fileprivate func isWhole(_ place: String) async throws {
    try await holds(place)
    for (width, height) in BrowserAccessibilityTests.sizes {
      try await page.resize(width: width, height: height)
      let cut: [String] = try await page.value(WideSpacing.cut(in: Self.root, except: ".meter, svg"))
      #expect(cut.isEmpty, "\(place), \(width) px: \(cut)")
    }
  }
}
