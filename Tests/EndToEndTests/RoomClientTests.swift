import Foundation
import PrecallTestSupport
import Testing

/// What a client shares, and what a link says that has been used.
@Suite struct RoomClientTests {
  private static let completed = """
    document.getElementById('check').dispatchEvent(
      new CustomEvent('precall-complete', {detail: {measurements: {format_version: 1}}}))
    """
  private static let share = "document.getElementById('share')"

  @Test func `a quick yes and no are told in their order, and a reload shows which it was`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        // The yes takes long on its way.
        let slow = """
          window.sent = 0
          const fetched = window.fetch
          window.fetch = async (address, init) => {
            if (/"share":true/.test(init?.body)) await new Promise(done => setTimeout(done, 700))
            const answer = await fetched(address, init)
            if (/"share"/.test(init?.body)) sent += 1
            return answer
          };
          """
        let client = try await browser.page(visit.clients[0] + "?lang=en", before: slow)
        try await client.stayInFront()
        try await client.say(name: "Ana")
        let provider = try await browser.page(visit.provider + "?lang=en")
        try await provider.stayInFront()
        try await provider.wait("document.querySelector('.client')")
        let details = "document.querySelector('[data-act=details]')?.checkVisibility()"
        try await client.wait("document.getElementById('check')")
        try await client.run(Self.completed)
        try await client.wait("sent === 1")
        try await client.run("\(Self.share).click(); setTimeout(() => \(Self.share).click(), 100)")
        try await client.wait("sent === 3")
        try await provider.send(message: "After it")
        try await provider.wait("document.querySelector('.said')")
        #expect(try await provider.value("!\(details)"), "the yes came after the no")
        try await client.click(Self.share)
        try await provider.wait(details)
        try await client.open(visit.clients[0] + "?lang=en")
        try await client.reaches("step-check")
        #expect(try await client.value("\(Self.share).checked && \(Self.share).checkVisibility()"))
        try await client.click(Self.share)
        try await provider.wait("!\(details)")
        try await client.open(visit.clients[0] + "?lang=en")
        try await client.reaches("step-check")
        #expect(try await client.value("!\(Self.share).checked"))
      }
    }
  }

  @Test func `I'm Ready stays where it is when the test comes late, and comes without it`() async throws {
    let late = #"""
      window.places = new Set()
      const look = () => {
        const ready = document.getElementById('ready')
        if (ready?.checkVisibility()) places.add(Math.round(ready.getBoundingClientRect().top + scrollY))
        requestAnimationFrame(look)
      }
      look()
      const fetched = window.fetch
      window.fetch = async (address, init) => {
        if (/assets\/locales/.test(address)) await new Promise(done => setTimeout(done, window.latest ?? 700))
        return fetched(address, init)
      };
      """#
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(visit.clients[0] + "?lang=en", before: late)
        try await client.stayInFront()
        try await client.say(name: "Ana")
        try await client.wait("document.getElementById('check')?.shadowRoot?.querySelector('button')")
        try await client.wait("places.size > 0")
        try await client.run("requestAnimationFrame(() => requestAnimationFrame(() => { window.seen = 1 }))")
        try await client.wait("window.seen")
        #expect(try await client.value("places.size") == 1)
        let never = "window.latest = 1e9;" + late
        let other = try await browser.page(visit.clients[0] + "?lang=en", before: never)
        try await other.stayInFront()
        try await other.be()
      }
    }
  }

  @Test func `a link whose visit was entered says so and leads back, and once declined it says whom to call`()
    async throws
  {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        try await visit.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
        try await visit.act(visit.provider, #"{"do":"admit","clients":[1]}"#)
        let client = try await browser.page(visit.clients[0] + "?lang=en")
        try await client.stayInFront()
        try await client.wait("document.getElementById('admitted-link')?.href.includes('#token=')")
        #expect(try await client.value("document.title") == "You are admitted")
        let token: String = try await client.value(
          "document.getElementById('admitted-link').href.split('=')[1]")
        #expect(try await visit.redeem(token) == 200)
        #expect(try await visit.redeem(token) == 409)
        try await client.reaches("step-joined")
        #expect(try await client.value("document.title") == "Your video visit")
        // Some programs add a slash to a link.
        let again = try await browser.page(visit.clients[0] + "/?lang=en", width: 390, height: 844)
        try await again.stayInFront()
        try await again.reaches("step-joined")
        let words = try await again.text("step-joined")
        #expect(words.contains("This link has been used"), "\(words)")
        try await again.click("document.getElementById('back')")
        try await again.reaches("step-wait")
        try await visit.act(visit.provider, #"{"do":"decline","clients":[1]}"#)
        try await again.reaches("step-declined")
        try await again.open(visit.clients[0] + "?lang=es")
        try await again.reaches("step-declined")
      }
    }
  }

  @Test func `what the line swallows is told later, and both sides agree`() async throws {
    let down = """
      window.down = null
      const fetched = window.fetch
      window.fetch = async (address, init) => {
        if (down?.test(init?.body)) throw new TypeError('no line')
        return fetched(address, init)
      }
      const every = window.setInterval
      window.setInterval = (call, time, ...more) => every(call, Math.min(time, 500), ...more)
      """
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(
          visit.clients[0] + "?lang=en", before: down + RoomVisit.shortWaits)
        let provider = try await browser.page(visit.provider + "?lang=en")
        for page in [client, provider] { try await page.stayInFront() }
        try await client.say(name: "Ana")
        try await client.run("window.down = /\"check\"/")
        try await client.run(Self.completed)
        let untold = "innerText.includes('has not reached your provider')"
        try await client.wait("document.getElementById('check-problem').\(untold)")
        try await client.be()
        try await client.wait("document.getElementById('wait-problem').\(untold)")
        #expect(try await client.text("wait-verdict").isEmpty, "it was tested")
        try await client.run("window.down = null")
        try await client.wait("document.getElementById('wait-verdict').innerText.startsWith('Your test:')")
        try await client.wait("document.getElementById('wait-problem').innerText === ''")
        try await provider.wait("document.querySelector('.client').innerText.includes('incomplete')")

        try await client.run("window.down = /\"ready\"/")
        try await client.click("document.getElementById('again')")
        try await client.wait("document.getElementById('wait-problem').checkVisibility()")
        try await client.wait("document.getElementById('wait-problem').innerText.includes('did not work')")
        #expect(try await provider.text("clients").contains("Ready"))
        try await client.run("window.down = null")
        try await client.click("document.getElementById('again')")
        try await client.reaches("step-check")
        try await provider.wait("document.querySelector('.client').innerText.includes('not ready yet')")
      }
    }
  }

  @Test func `a no that crosses with the admission holds`() async throws {
    let holding = """
      window.isHeld = false
      const fetched = window.fetch
      window.fetch = async (address, init) => {
        while (isHeld && init?.body) await new Promise(done => setTimeout(done, 20))
        return fetched(address, init)
      };
      """
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(visit.clients[0] + "?lang=en", before: holding)
        let provider = try await browser.page(visit.provider + "?lang=en")
        for page in [client, provider] { try await page.stayInFront() }
        try await client.say(name: "Ana")
        try await client.run(Self.completed)
        try await client.click(Self.share)
        let details = "document.querySelector('[data-act=details]')?.checkVisibility()"
        try await provider.wait(details)
        try await client.run("window.isHeld = true")
        try await client.click(Self.share)
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.reaches("step-admitted")
        #expect(try await provider.value(details))
        try await client.run("window.isHeld = false")
        try await provider.wait("!\(details)")
        #expect(try await provider.text("clients").contains("Admitted"))
      }
    }
  }

  @Test func `words and a test that don't come are asked for again`() async throws {
    // The server takes the first request for the words, and never answers.
    let silent = """
      let isFirst = true
      const fetched = window.fetch
      window.fetch = (address, init) => {
        if (!isFirst || !String(address).includes('/room/locales/')) return fetched(address, init)
        isFirst = false
        return new Promise((_, fail) => {
          init?.signal?.addEventListener('abort', () => fail(init.signal.reason))
        })
      };
      """
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(
          visit.clients[0] + "?lang=en", before: silent, blocked: ["*precall-check.js*"])
        try await client.stayInFront()
        try await client.wait("!document.getElementById('line').hidden")
        try await client.say(name: "Ana")
        try await client.wait("document.getElementById('check-missing').checkVisibility()")
        #expect(try await client.text("check-missing").contains("We keep trying"))
        try await client.command("Network.setBlockedURLs", ["urls": [String]()])
        try await client.wait("document.getElementById('check')?.shadowRoot?.querySelector('button.primary')")
        try await client.wait("document.getElementById('check').checkVisibility()")
        try await client.be()
      }
    }
  }
}
