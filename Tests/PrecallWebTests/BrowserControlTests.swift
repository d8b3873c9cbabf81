import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// What a person, or the page around it, can do with the check beside starting it.
@Suite struct BrowserControlTests {
  private static let status = "\(BrowserCheck.root).querySelector('[role=status]').textContent"

  @Test func `the first line comes within a second of the press, whatever else is not there yet`()
    async throws
  {
    // Neither engine nor policy nor an answer of the person, until the end.
    let held = """
      const fetched = window.fetch
      window.fetch = (address, ...more) =>
        /wasm|policy|catalogue/.test(String(address)) ? new Promise(() => {}) : fetched(address, ...more)
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {})
      addEventListener('click', () => { window.pressed ??= performance.now() }, {capture: true})
      addEventListener('precall-progress', () => requestAnimationFrame(() => { window.seen ??= performance.now() }));
      """
    try await BrowserCheck.onPage(Chromium.Devices.none, before: held) { check in
      try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
      try await check.page.wait("window.seen")
      let waited: Double = try await check.page.value("seen - pressed")
      #expect(waited > 0 && waited < 1_000, "\(waited) ms")
      let lines: [String] = try await check.page.value(
        "[...\(BrowserCheck.root).querySelectorAll('.steps .words')].map(one => one.textContent)")
      #expect(lines[0] != "waiting" && lines[1].contains("press Allow"), "\(lines)")
    }
  }

  @Test func `the own picture can be hidden and shown while the camera is tested`() async throws {
    try await BrowserCheck.onPage { check in
      try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
      let video = "\(BrowserCheck.root).querySelector('video')"
      try await check.page.wait("\(video)?.checkVisibility()")
      // In one go, since the picture is there for three seconds only.
      let looks: [Look] = try await check.page.value(
        """
        (() => {
          const video = \(video), control = video.parentElement.querySelector('button')
          const look = () => ({opacity: getComputedStyle(video).opacity, height: video.offsetHeight, words: control.textContent})
          const before = look(); control.click(); const hidden = look(); control.click()
          const again = look(); control.click(); return [before, hidden, again]
        })()
        """)
      let (before, hidden) = (looks[0], looks[1])
      #expect(before.opacity == "1" && before.height > 100 && before.words == "Hide my picture", "\(before)")
      #expect(hidden.opacity == "0" && hidden.height <= 1 && hidden.words == "Show my picture", "\(hidden)")
      #expect(looks[2] == before)
      let outcome = try await check.outcome()
      #expect(
        try outcome.measured().results(by: .standard)[2].state == .measured, "hidden, it is still tested")
    }
  }

  private struct Look: Decodable, Equatable { var opacity, words: String, height: Int }

  @Test func `the test sound plays at a press only, and each answer has its advice`() async throws {
    // What would come out of the speakers, also heard here.
    let heard = """
      const connect = AudioNode.prototype.connect
      AudioNode.prototype.connect = function (to, ...more) {
        if (to instanceof AudioDestinationNode) {
          const analyser = new AnalyserNode(this.context)
          const samples = new Float32Array(analyser.fftSize)
          connect.call(this, analyser)
          setInterval(() => {
            analyser.getFloatTimeDomainData(samples)
            window.loudest = Math.max(window.loudest ?? 0, ...samples)
          }, 20)
        }
        return connect.call(this, to, ...more)
      };
      """
    try await BrowserCheck.onPage(Chromium.Devices.none, before: heard) { check in
      _ = try await check.run()
      try await check.page.run("\(BrowserCheck.root).querySelector('[part=devices]').open = true")
      #expect(try await check.page.value("(window.loudest ?? 0) === 0"), "it sounded before the press")
      #expect(try await check.page.value("!\(Self.button("Yes")).checkVisibility()"))
      try await check.page.click(Self.button("Play a test sound"))
      try await check.page.wait("window.loudest > 0.1", within: .seconds(5))
      #expect(
        try await check.page.value("\(BrowserCheck.focused).textContent") == "Did you hear two notes?")
      for (answer, advice) in [
        ("No", "Turn the volume up"), ("Yes", "your speaker works"), ("I can’t hear", "Sound is not needed"),
      ] {
        try await check.page.click(Self.button("Play a test sound"))
        try await check.page.click(Self.button(answer))
        #expect(try await check.page.value(Self.status, as: String.self).contains(advice), "\(answer)")
      }
    }
  }

  @Test func `the copied report has the findings and nothing that tells who it is`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        for name in ["clipboard-read", "clipboard-write"] {
          try await browser.setPermission(name, "granted", at: server)
        }
        for name in ["microphone", "camera"] { try await browser.setPermission(name, "granted", at: server) }
        let check = try await BrowserCheck.open(browser, server)
        try await check.page.command("Emulation.setFocusEmulationEnabled", ["enabled": true])
        let outcome = try await check.run()
        try await check.page.click(Self.button("Copy the report"))
        try await check.page.wait("\(Self.status) === 'The report is copied.'")
        let copied: String = try await check.page.value("navigator.clipboard.readText()")
        #expect(outcome.codes.allSatisfy { copied.contains("[\($0)] ") }, "\(copied)")
        // Each figure that there is: on a busy computer a page may have none of the download.
        let figures: Int = try await check.page.value(
          "Object.values(told.at(-1).report.checks).flatMap(one => Object.keys(one.metrics)).length")
        #expect(
          copied.split(separator: "\n").count { $0.hasPrefix("  ") } == figures && figures > 9, "\(copied)")
        #expect(copied.contains("First answer: ") && copied.contains("Microphone: tested"), "\(copied)")
        let telling: [String] = try await check.page.value(
          """
          (async () => {
            const devices = await navigator.mediaDevices.enumerateDevices()
            return [...devices.flatMap(one => [one.label, one.deviceId, one.groupId]), navigator.userAgent,
              location.host, location.hostname, Intl.DateTimeFormat().resolvedOptions().timeZone].filter(Boolean)
          })()
          """)
        #expect(telling.contains { $0.hasPrefix("Fake") || $0.hasPrefix("fake") }, "\(telling)")
        #expect(telling.filter { copied.contains($0) } == [])
      }
    }
  }

  @Test func `with less motion asked for nothing moves by itself`() async throws {
    let asking = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
    try await BrowserCheck.onPage(Chromium.Devices.none, before: asking) { check in
      try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
      try await check.page.wait("\(BrowserCheck.root).querySelector('.meter span')")
      var moving: [[String]] = []
      for wish in ["no-preference", "reduce"] {
        try await check.page.command(
          "Emulation.setEmulatedMedia", ["features": [["name": "prefers-reduced-motion", "value": wish]]])
        moving.append(
          try await check.page.value(
            """
            [...\(BrowserCheck.root).querySelectorAll('*')].filter(one => {
              const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one)
              return parseFloat(transitionDuration) > 0 || animationName !== 'none' || scrollBehavior === 'smooth'
            }).map(one => one.parentElement.className)
            """))
      }
      #expect(moving == [["meter"], []])
    }
  }

  @Test func `autostart begins without a press`() async throws {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.run(
        """
        \(BrowserCheck.element).remove()
        document.body.append(Object.assign(document.createElement('precall-check'), {autostart: true, locale: 'en'}))
        """)
      let outcome = try await check.outcome()
      #expect(outcome.name == "complete", "\(outcome.text)")
      #expect(outcome.codes.contains("microphone.none"), "\(outcome.codes)")
    }
  }

  @Test func `the page around it changes its looks and its words by what is promised for that`() async throws
  {
    try await BrowserCheck.onPage(Chromium.Devices.none) { check in
      try await check.page.run(
        """
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(`precall-check { --precall-accent: rgb(1, 2, 3); --precall-on-accent: rgb(4, 5, 6);
          --precall-ink: rgb(7, 8, 9); --precall-surface: rgb(250, 251, 252); --precall-radius: 0px;
          --precall-font: 20px/1.5 monospace }
          precall-check::part(stage) { padding-top: 7px } precall-check::part(button) { letter-spacing: 3px }`)
        document.adoptedStyleSheets.push(sheet)
        const intro = Object.assign(document.createElement('p'), {slot: 'intro', textContent: 'Welcome to our clinic'})
        \(BrowserCheck.element).append(intro)
        """)
      let button = "\(BrowserCheck.root).querySelector('button.primary')"
      let looks: [String] = try await check.page.value(
        """
        (() => {
          const [button, card, stage] = [\(button), '[part=card]', '[part=stage]'].map(one =>
            getComputedStyle(typeof one === 'string' ? \(BrowserCheck.root).querySelector(one) : one))
          return [button.backgroundColor, button.color, button.letterSpacing, card.color, card.backgroundColor,
            card.borderRadius, card.fontSize, stage.paddingTop]
        })()
        """)
      #expect(
        looks == [
          "rgb(1, 2, 3)", "rgb(4, 5, 6)", "3px", "rgb(7, 8, 9)", "rgb(250, 251, 252)", "0px", "20px", "7px",
        ])
      let slots: [String] = try await check.page.value(
        "[...\(BrowserCheck.root).querySelectorAll('slot')].map(one => one.name + ': ' + one.assignedElements().length)"
      )
      #expect(slots == ["title: 1", "intro: 1", "help: 1"])
      #expect(
        try await check.page.value(
          "[...\(BrowserCheck.root).querySelectorAll('slot[name=intro] p')].every(one => !one.checkVisibility())"
        ),
        "the words that were replaced are still seen")
      _ = try await check.run()
      let parts: [String] = try await check.page.value(
        "[...\(BrowserCheck.root).querySelectorAll('[part]')].flatMap(one => [...one.part])")
      for part in ["verdict", "not-ready", "first", "devices", "details", "table", "button", "status"] {
        #expect(parts.contains(part), "\(part) is not in \(Set(parts))")
      }
    }
  }

  private static func button(_ words: String) -> String {
    "[...\(BrowserCheck.root).querySelectorAll('button')].find(one => one.textContent === '\(words)')"
  }
}
