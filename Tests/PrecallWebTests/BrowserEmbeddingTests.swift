import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The check in a page of another origin.
@Suite struct BrowserEmbeddingTests {
  @Test func `the element works in a foreign page and tells it what it found`() async throws {
    try await Chromium.with { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer { server in
          let check = try await BrowserCheck.open(browser, clinic, path: "/element?server=\(server)")
          let outcome = try await check.run()
          #expect(outcome.name == "complete", "\(outcome.codes)")
          let results = try outcome.measured().results(by: .standard)
          #expect(results.allSatisfy { $0.state == .measured }, "\(results)")
          #expect(outcome.text.contains("Su visita"), "not in the language of its attribute")
          #expect(outcome.json.contains("\"name\": \"Clinic\""), "not by the policy of its attribute")
          #expect(try await check.page.value("told.some(one => one.name === 'start')"))
          #expect(try await check.page.value("told.filter(one => one.name === 'progress').length > 6"))
        }
      }
    }
  }

  @Test func `the frame works in a foreign page that may, by messages of a version and checked origins`()
    async throws
  {
    try await Chromium.with { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer(embedders: [clinic]) { server in
          let page = try await browser.page("\(clinic)/frame?server=\(server)")
          try await page.wait("window.heard?.some(one => one.type === 'ready')")
          let frame = "document.querySelector('iframe')"
          let post = "\(frame).contentWindow.postMessage"
          // Another version is answered, not obeyed; so is nothing that is no message of ours.
          try await page.run(
            "\(post)({precall: 2, type: 'start'}, '*'); \(post)('start', '*'); \(post)(null, '*')")
          try await page.wait("heard.some(one => one.type === 'unknown-version' && one.versions[0] === 1)")
          #expect(try await page.value("!heard.some(one => one.type === 'start')"))
          // Neither may another window of the same origin speak for the page.
          try await page.run(
            """
            const other = document.body.appendChild(document.createElement('iframe'))
            other.contentWindow.eval("parent.frames[0].postMessage({precall: 1, type: 'start'}, '*')")
            """)
          try await page.run("\(post)({precall: 3}, '*')")
          try await page.wait("heard.filter(one => one.type === 'unknown-version').length === 2")
          #expect(try await page.value("!heard.some(one => one.type === 'start')"))
          try await page.run("check.start()")
          try await page.wait("heard.some(one => one.type === 'complete')", within: .seconds(40))
          let states: [String] = try await page.value(
            "Object.values(heard.find(one => one.type === 'complete').detail.report.checks).map(one => one.state)"
          )
          #expect(states == ["measured", "measured", "measured"])
          #expect(try await page.value("parseInt(\(frame).style.height) > 300"))
          // Plain words and numbers in lists as long as a check makes them: no place for sound or picture.
          let kinds: [String] = try await page.value("[...new Set(heard.map(one => one.type))].sort()")
          #expect(
            Set(kinds) == ["ready", "start", "progress", "complete", "unknown-version"], "\(kinds)")
          #expect(
            try await page.value(
              """
              (() => {
                const plain = one => one === null || typeof one !== 'object'
                  || ([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(one))
                    && Object.keys(one).length <= 500 && Object.values(one).every(plain))
                return heard.every(plain) && !plain({sound: new Float32Array(3)})
              })()
              """))
        }
      }
    }
  }

  @Test func `a frame made for another origin does not obey this one`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer(embedders: [clinic]) { server in
          let page = try await browser.page("\(clinic)/frame?server=\(server)")
          try await page.wait("window.heard?.some(one => one.type === 'ready')")
          let frame = "document.querySelector('iframe')"
          try await page.run(
            """
            heard.length = 0
            \(frame).src = '\(server)/embed?parent=https://other.example'
            \(frame).addEventListener('load', () => {
              \(frame).contentWindow.postMessage({precall: 2, type: 'start'}, '*')
              \(frame).contentWindow.postMessage({precall: 1, type: 'start'}, '*')
              setTimeout(() => { window.isOver = true }, 1500)
            })
            """)
          try await page.wait("window.isOver")
          #expect(try await page.value("heard.length === 0"), "it told a stranger")
        }
      }
    }
  }

  @Test func `a page that is not named may not frame the check`() async throws {
    try await Chromium.with { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer { server in
          let page = try await browser.page("\(clinic)/frame?server=\(server)")
          try await Task.sleep(for: .seconds(1))
          #expect(try await page.value("window.heard.length === 0"), "it was framed by a stranger")
        }
      }
    }
  }

  @Test func `a frame to which the page gives no devices says so, by the browser's own refusal`() async throws
  {
    try await Chromium.with { browser in
      try await ClinicSite.with { clinic in
        try await BrowserCheck.withServer(embedders: [clinic]) { server in
          let page = try await browser.page("\(clinic)/bare?server=\(server)")
          try await page.wait("window.heard?.some(one => one.type === 'ready')")
          try await page.run("frames[0].postMessage({precall: 1, type: 'start'}, '*')")
          try await page.wait("heard.some(one => one.type === 'complete')", within: .seconds(40))
          let codes: [String] = try await page.value(
            "heard.find(one => one.type === 'complete').detail.codes")
          #expect(
            codes.starts(
              with: ["microphone.permission-blocked-by-page", "camera.permission-blocked-by-page"]),
            "\(codes)")
        }
      }
    }
  }

  @Test func `devices that the framing page keeps back are the page's fault, not the person's`() async throws
  {
    let kept = """
      Object.defineProperty(document, 'featurePolicy', {value: {allowsFeature: () => false}})
      navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Permission denied', 'NotAllowedError') }
      """
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let outcome = try await BrowserCheck.open(browser, server, before: kept + ";").run()
        #expect(
          outcome.codes.starts(with: ["microphone.permission-blocked-by-page"]), "\(outcome.codes)")
        #expect(outcome.text.contains("Open in a new tab"))
      }
    }
  }
}
