import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// What the page does where a part of it, or the server, does not come.
@Suite struct BrowserFaultTests {
  @Test func `where a filter keeps the engine back the server judges what was measured`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let outcome = try await BrowserCheck.open(browser, server, blocked: ["*precall-engine.wasm"]).run()
        #expect(outcome.name == "complete", "\(outcome.codes)")
        let measured = try outcome.measured()
        let report = Report(measured, policy: .standard).json()
        #expect(outcome.json.utf8.elementsEqual(report), "not the server's own report")
        let states = measured.results(by: .standard).map { $0.state }
        #expect(states == [.measured, .notMeasured(.failed), .notMeasured(.failed)], "\(states)")
        #expect(outcome.text.contains("Microphone: the test itself failed"), "\(outcome.text)")
      }
    }
  }

  @Test func `the page can be used, and the test runs, before the engine is there`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let held = """
          const fetched = window.fetch; let release; const later = new Promise(done => { release = done })
          window.fetch = async (address, ...more) => {
            if (String(address).endsWith('.wasm')) await later
            return fetched(address, ...more)
          }
          window.releaseEngine = release;
          """
        let check = try await BrowserCheck.open(browser, server, before: held)
        try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
        try await check.page.wait("told.some(one => one.step === 'download')")
        try await check.page.run("releaseEngine()")
        let outcome = try await check.outcome()
        #expect(outcome.name == "complete")
        #expect(
          outcome.json.utf8.elementsEqual(Judge.answer(to: [UInt8](outcome.request.utf8), words: Texts())))
      }
    }
  }

  @Test func `a server that goes silent ends the wait, and is the finding`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        // Requests are held and never let go.
        try await check.page.command("Fetch.enable", ["patterns": [["urlPattern": "*/v1/*"]]])
        let start = ContinuousClock.now
        let outcome = try await check.run()
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(outcome.outcome == "not-ready", "\(outcome.codes)")
        #expect(outcome.codes.contains { $0.hasPrefix("network.") }, "\(outcome.codes)")
      }
    }
  }

  @Test func `the answer comes within 30 s though policy, engine and judgement stall and nobody answers`()
    async throws
  {
    // Each part stalls as long as it can: a head that comes late, and a body that never does.
    let stalling = """
      const fetched = window.fetch
      const never = () => new Promise(() => {})
      window.fetch = async (address, init) => {
        if (!/\\/v1\\/(policy|reports)/.test(String(address))) return fetched(address, init)
        await new Promise(done => setTimeout(done, String(address).includes('policy') ? 4000 : 9000))
        return {ok: true, status: 200, json: never, text: never}
      }
      navigator.mediaDevices.getUserMedia = never
      navigator.mediaDevices.enumerateDevices = never
      for (const name of ['click', 'precall-complete', 'precall-error']) {
        addEventListener(name, ({detail}) => {
          if (detail?.code !== 'policy-unavailable') window[name] ??= performance.now()
        }, {capture: true})
      }
      """
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(
          browser, server, blocked: ["*precall-engine.wasm"], before: stalling)
        try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
        let end = "(window['precall-complete'] ?? window['precall-error'])"
        try await check.page.wait(end, within: .seconds(45))
        let waited: Double = try await check.page.value("(\(end) - window.click) / 1000")
        #expect(waited > 20 && waited < 30.5, "\(waited) s")
        #expect(try await check.page.value("told.some(one => one.code === 'policy-unavailable')"))
        #expect(
          try await check.page.value("\(BrowserCheck.root).querySelector('h2').textContent !== 'Testing …'"))
      }
    }
  }

  @Test func `cancelling at any moment turns the devices off and offers another start`() async throws {
    try await Chromium.with { browser in
      try await BrowserCheck.withServer { server in
        let watched = """
          window.tracks = []
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
          navigator.mediaDevices.getUserMedia = async wish => {
            const stream = await ask(wish); tracks.push(...stream.getTracks()); return stream
          };
          """
        let check = try await BrowserCheck.open(browser, server, before: watched)
        for step in ["reach", "listening", "upload"] {
          try await check.page.run("told.length = 0")
          try await check.page.click("\(BrowserCheck.root).querySelector('button.primary')")
          try await check.page.wait("told.some(one => one.step === '\(step)')")
          try await check.page.click(
            "[...\(BrowserCheck.root).querySelectorAll('button')].find(one => one.textContent === 'Cancel')")
          try await check.page.wait("told.some(one => one.code === 'cancelled')")
          try await check.page.wait("tracks.every(track => track.readyState === 'ended')")
          #expect(try await check.page.value("!told.some(one => one.name === 'complete')"), "\(step)")
        }
      }
    }
  }
}
