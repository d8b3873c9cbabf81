import Foundation
import PrecallTestSupport
import Testing

/// Client and provider in real browsers, from the links to the admission.
@Suite struct RoomFlowTests {
  @Test func `a client joins, tests, is ready, and the provider lets them in`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with { browser in
        let provider = try await browser.page(visit.provider + "?lang=en")
        try await provider.stayInFront()
        try await provider.reaches("step-room")
        let client = try await browser.page(visit.clients[0] + "?lang=en", width: 390, height: 844)
        try await client.stayInFront()
        try await client.reaches("step-arrive")
        try await client.say(name: "<b>Ana</b> & Co")
        try await client.run(
          "window.told = []; addEventListener('precall-complete', event => told.push(event.detail))")
        try await client.wait("document.getElementById('check')?.shadowRoot?.querySelector('button.primary')")
        try await client.click("document.getElementById('check').shadowRoot.querySelector('button.primary')")
        try await client.wait("told.length", within: .seconds(60))
        let outcome: String = try await client.value("told[0].report.verdict.outcome")
        try await client.click("document.getElementById('share')")
        try await client.be()
        try await provider.wait("document.querySelector('.client')?.innerText.includes('Ready')")
        let row = try await provider.text("clients")
        #expect(row.contains("<b>Ana</b> & Co"), "markup is letters")
        let words = ["ready": "good", "usable": "limited", "not-ready": "poor", "not-measured": "incomplete"]
        #expect(row.contains(try #require(words[outcome])), "the server's verdict is the page's")
        try await client.wait(
          "document.getElementById('wait-known').innerText === 'Dr. Rivera knows that you are here.'")
        try await client.send(message: "Hello, I am here <script>")
        try await provider.wait("document.querySelector('.said')?.innerText === 'Hello, I am here <script>'")
        try await provider.send(message: "One moment please")
        try await client.wait("document.querySelectorAll('.said').length === 2")
        try await provider.click("document.querySelector('[data-act=details]')")
        try await provider.wait("document.querySelector('.client table, .client .box ul, .client .box p')")
        // Who is writing keeps the focus; the others find it at the news.
        try await client.run("document.activeElement.blur()")
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.reaches("step-admitted")
        try await client.wait("document.activeElement.textContent === 'You are admitted'")
        #expect(try await client.text("alert").contains("has let you in"))
        try await client.wait("!document.getElementById('admitted-go').hidden")
        let link: String = try await client.value("document.getElementById('admitted-link').href")
        #expect(link.wholeMatch(of: /http:\/\/127\.0\.0\.1:9\/visit#token=[A-Za-z0-9_-]{24}/) != nil)
        try await provider.wait("document.querySelector('.client').innerText.includes('Admitted')")
      }
    }
  }

  @Test func `reload, a lost network and a second window: nobody is lost and nothing is said twice`()
    async throws
  {
    try await RoomVisit.with { visit in
      try await Chromium.with { browser in
        let provider = try await browser.page(visit.provider + "?lang=en")
        let client = try await browser.page(visit.clients[0] + "?lang=en")
        for page in [provider, client] { try await page.stayInFront() }
        try await client.say(name: "Ana")
        try await client.be()
        try await provider.wait("document.querySelector('.client')?.innerText.includes('Ready')")

        try await client.open(visit.clients[0] + "?lang=en")
        try await client.reaches("step-wait")
        #expect(try await provider.value("document.querySelectorAll('.client').length") == 1)

        try await client.setOffline(true)
        try await client.wait("!document.getElementById('line').hidden")
        try await provider.send(message: "Are you there?")
        try await provider.wait("document.querySelectorAll('.said').length === 1")
        try await client.setOffline(false)
        try await client.wait("document.getElementById('line').hidden")
        try await client.wait("document.querySelectorAll('.said').length === 1")

        // What is pressed while the line is down is done once, when it is up.
        try await provider.setOffline(true)
        try await provider.send(message: "Still there?")
        try await Task.sleep(for: .seconds(1))
        try await provider.setOffline(false)
        try await client.wait("document.querySelectorAll('.said').length === 2")
        #expect(try await client.messages() == ["Are you there?", "Still there?"])

        let second = try await browser.page(visit.clients[0] + "?lang=es")
        try await second.stayInFront()
        try await second.reaches("step-wait")
        try await client.reaches("step-elsewhere")
        #expect(try await second.text("wait-known").contains("sabe que usted está aquí"))
        try await client.click("document.getElementById('here')")
        try await client.reaches("step-wait")
        try await second.reaches("step-elsewhere")

        try await provider.open(visit.provider + "?lang=en")
        try await provider.wait("document.querySelector('[data-act=admit]')")
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.reaches("step-admitted")
        try await client.open(visit.clients[0] + "?lang=en")
        try await client.reaches("step-admitted")
        try await client.wait("!document.getElementById('admitted-go').hidden")
      }
    }
  }

  @Test func `a group is let in together, one is declined, and the end reaches open pages`() async throws {
    try await RoomVisit.with(clients: 3) { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let provider = try await browser.page(visit.provider + "?lang=en")
        var clients: [ChromiumPage] = []
        for (index, link) in visit.clients.enumerated() {
          let client = try await browser.page(link + "?lang=en", width: 390, height: 844)
          try await client.stayInFront()
          try await client.say(name: "Client \(index + 1)")
          // Without camera and microphone, and without the test, a person can still be ready.
          try await client.be()
          clients.append(client)
        }
        try await provider.stayInFront()
        try await provider.wait("document.getElementById('admit-all').innerText.includes('(3)')")
        try await provider.click("document.querySelector('#client-3 [data-act=decline]')")
        try await provider.click("[...document.querySelectorAll('#client-3 .box button')][0]")
        try await clients[2].reaches("step-declined")
        try await provider.click("document.getElementById('admit-all')")
        for client in clients.prefix(2) { try await client.reaches("step-admitted") }
        #expect(try await visit.revoke().code == 0)
        for client in clients { try await client.reaches("step-ended") }
        try await provider.reaches("step-ended")
        #expect(try await provider.text("ended-title") == "This link has been withdrawn")
        let late = try await browser.page(visit.clients[0] + "?lang=es")
        #expect(
          try await late.value("document.querySelector('h1').innerText") == "Este enlace se ha retirado")
      }
    }
  }

  @Test func `a door that does not answer can be asked again, and the sound is off until a press`()
    async throws
  {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        // The words don't come at first either.
        let failing = """
          window.isDoorShut = true; let isFirst = true
          const fetched = window.fetch
          window.fetch = async (address, ...more) => {
            if (isDoorShut && String(address).endsWith('/admission')) throw new TypeError('no line')
            if (isFirst && String(address).includes('/locales/')) { isFirst = false; throw new TypeError('no line') }
            return fetched(address, ...more)
          }
          """
        let client = try await browser.page(
          visit.clients[0] + "?lang=en", before: failing + RoomVisit.shortWaits)
        try await client.stayInFront()
        try await client.say(name: "Ana")
        try await client.be()
        let provider = try await browser.page(visit.provider + "?lang=en")
        try await provider.stayInFront()
        try await provider.wait("document.querySelector('[data-act=admit]')")
        #expect(try await provider.value("!document.getElementById('sound').hidden"))
        try await provider.click("document.querySelector('#sound button')")
        try await provider.wait("document.getElementById('sound').hidden")
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.wait("!document.getElementById('admitted-failed').hidden")
        #expect(try await client.text("step-admitted").contains("You are let in"))
        #expect(try await client.value("document.getElementById('admitted-stay').hidden"))
        try await client.run("isDoorShut = false")
        try await client.click("document.getElementById('admitted-again')")
        try await client.wait("!document.getElementById('admitted-go').hidden")
      }
    }
  }

  @Test func `a state that comes late does not undo what was pressed meanwhile`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let client = try await browser.page(visit.clients[0] + "?lang=en")
        try await client.stayInFront()
        try await client.reaches("step-arrive")
        // The answer with the state waits until the client is ready.
        try await client.run(
          """
          window.late = 0
          const atOnce = window.fetch
          window.fetch = async (address, init) => {
            const answer = await atOnce(address, init)
            if (address !== '/v1/room' || late) return answer
            while (document.getElementById('step-wait').hidden) await new Promise(done => setTimeout(done, 20))
            setTimeout(() => { late += 1 }, 200)
            return answer
          }
          """)
        try await client.say(name: "Ana")
        try await client.be()
        try await client.wait("late > 0")
        #expect(try await client.value("!document.getElementById('step-wait').hidden"))
      }
    }
  }
}
