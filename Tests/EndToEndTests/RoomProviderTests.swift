import Foundation
import PrecallTestSupport
import Testing

/// What the provider has open, and where the focus is, while clients come and change.
@Suite struct RoomProviderTests {
  private static let measured = #"{"do":"check","measurements":{"format_version":1},"share":true}"#

  /// Clients who have said their names, without browsers.
  private static func withClients(
    _ names: [String], of count: Int, _ body: (RoomVisit, Chromium, ChromiumPage) async throws -> Void
  ) async throws {
    try await RoomVisit.with(clients: count) { visit in
      for (link, name) in zip(visit.clients, names) {
        try await visit.act(link, #"{"do":"name","name":"\#(name)"}"#)
      }
      try await Chromium.with(Chromium.Devices.none) { browser in
        let provider = try await browser.page(visit.provider + "?lang=en")
        try await provider.stayInFront()
        try await provider.wait("document.querySelectorAll('.client').length === \(names.count)")
        try await body(visit, browser, provider)
      }
    }
  }

  @Test func `what is open stays open, and the focus where it is, whatever the clients do`() async throws {
    try await Self.withClients(["Ana", "Bo"], of: 3) { visit, _, provider in
      try await visit.act(visit.clients[0], Self.measured)
      try await provider.wait("document.querySelector('#client-1 [data-act=details]').checkVisibility()")
      try await provider.click("document.querySelector('#client-1 [data-act=details]')")
      try await provider.wait("document.querySelector('#client-1 .box')")
      try await provider.click("document.querySelector('#client-2 [data-act=decline]')")
      try await provider.wait("document.activeElement.innerText.startsWith('Decline Bo?')")
      try await provider.run("window.kept = [...document.querySelectorAll('.box'), document.activeElement]")
      let isKept = "kept.every(one => one.isConnected) && document.activeElement === kept.at(-1)"
      for (client, action, sign) in [
        (0, #"{"do":"ready"}"#, "#client-1 .good"), (1, #"{"do":"ready"}"#, "#client-2 .good"),
        (2, #"{"do":"name","name":"Cy"}"#, "#client-3"), (2, #"{"do":"ready"}"#, "#client-3 .good"),
        (0, #"{"do":"say","text":"Hello"}"#, ".said"),
      ] {
        try await visit.act(visit.clients[client], action)
        try await provider.wait("document.querySelector('\(sign)')")
        #expect(try await provider.value(isKept), "client \(client + 1): \(action)")
      }
      try await visit.act(visit.clients[0], #"{"do":"withhold"}"#)
      try await provider.wait("!document.querySelector('#client-1 .box')")
      #expect(
        try await provider.value("!document.querySelector('#client-1 [data-act=details]').checkVisibility()"))
      try await provider.click("document.querySelector('#client-2 .box button')")
      try await provider.wait("document.querySelector('#client-2').innerText.includes('Declined')")
      #expect(try await provider.value("document.activeElement.innerText") == "Bo")
    }
  }

  @Test func `details that are open show the newest test`() async throws {
    try await Self.withClients(["Ana"], of: 1) { visit, _, provider in
      try await visit.act(visit.clients[0], Self.measured)
      try await provider.wait("document.querySelector('[data-act=details]').checkVisibility()")
      try await provider.click("document.querySelector('[data-act=details]')")
      try await provider.wait("document.querySelector('.box')")
      let muted = #""microphone":{"failure":"none","facts":{}}"#
      try await visit.act(
        visit.clients[0],
        Self.measured.replacing(#""format_version":1"#, with: #""format_version":1,\#(muted)"#))
      try await provider.wait("document.querySelector('.box li')?.innerText.includes('microphone')")
    }
  }

  @Test func `all who wait are declined after one more question`() async throws {
    try await Self.withClients(["Ana", "Bo"], of: 2) { visit, browser, provider in
      let client = try await browser.page(visit.clients[0] + "?lang=en")
      try await client.stayInFront()
      try await client.reaches("step-check")
      try await provider.click("document.getElementById('decline-all')")
      try await provider.wait("document.activeElement.innerText.startsWith('Decline everybody')")
      try await provider.click("[...document.querySelectorAll('#all-ask button')][1]")
      #expect(try await provider.value("document.activeElement.id") == "decline-all")
      #expect(try await provider.value("!document.querySelector('#all-ask button')"))
      try await provider.click("document.getElementById('decline-all')")
      try await provider.click("[...document.querySelectorAll('#all-ask button')][0]")
      #expect(try await provider.value("document.activeElement.innerText") == "Waiting room")
      try await client.reaches("step-declined")
      try await provider.wait(
        "[...document.querySelectorAll('.client')].every(one => one.innerText.includes('Declined'))")
      #expect(try await provider.value("document.getElementById('all').hidden"))
      let late = try await browser.page(visit.clients[1] + "?lang=en")
      try await late.reaches("step-declined")
      #expect(try await late.text("step-declined").contains("call your provider’s office"))
    }
  }

  @Test func `the whole room by keyboard`() async throws {
    try await Self.withClients(["Ana", "Bo"], of: 2) { visit, _, provider in
      try await visit.act(visit.clients[0], Self.measured)
      try await visit.act(visit.clients[0], #"{"do":"ready"}"#)
      try await provider.wait("document.querySelector('#client-1 .good')")
      func tab(to element: String) async throws {
        for _ in 0..<40 {
          try await provider.press("Tab")
          if try await provider.value("document.activeElement?.matches('\(element)') ?? false") { return }
        }
        Issue.record("\(element) can't be reached")
      }
      // What goes away hands the focus on.
      try await provider.run("document.querySelector('#sound button').focus()")
      try await provider.press("Enter")
      try await provider.wait("document.getElementById('sound').hidden")
      try await provider.wait("document.activeElement.innerText === 'Waiting room'")
      try await tab(to: "#client-1 [data-act=details]")
      try await provider.press("Enter")
      try await provider.wait("document.querySelector('#client-1 .box')")
      #expect(try await provider.value("document.activeElement.ariaExpanded") == "true")
      try await tab(to: "#client-2 [data-act=decline]")
      try await provider.press(" ")
      try await provider.wait("document.activeElement.innerText.startsWith('Decline Bo?')")
      try await tab(to: "#client-2 .box button:last-child")
      try await provider.press("Enter")
      #expect(try await provider.value("document.activeElement.matches('#client-2 [data-act=decline]')"))
      // A key pressed twice turns nobody away.
      try await provider.press("Enter")
      try await provider.press("Enter")
      #expect(try await provider.value("document.activeElement.innerText.startsWith('Decline Bo?')"))
      try await tab(to: "#client-2 .box button")
      try await provider.press("Enter")
      try await provider.wait("document.querySelector('#client-2').innerText.includes('Declined')")
      #expect(try await provider.value("document.activeElement.innerText") == "Bo")
      try await tab(to: "#chat-text")
      try await provider.command("Input.insertText", ["text": "Welcome"])
      try await tab(to: "#chat-form button")
      try await provider.press("Enter")
      try await provider.wait("document.querySelector('.said')?.innerText === 'Welcome'")
      try await tab(to: "#client-1 [data-act=admit]")
      try await provider.press("Enter")
      try await provider.wait("document.querySelector('#client-1').innerText.includes('Admitted')")
      #expect(try await provider.value("document.activeElement.innerText") == "Ana")
    }
  }

  @Test func `the title counts who waits only where they are shown, and letting all in keeps the focus`()
    async throws
  {
    try await Self.withClients(["Ana", "Bo", "Cy"], of: 3) { visit, browser, provider in
      for link in visit.clients.prefix(2) { try await visit.act(link, #"{"do":"ready"}"#) }
      try await provider.wait("document.getElementById('admit-all').innerText.includes('(2)')")
      #expect(try await provider.value("document.title") == "(3) Waiting room")
      try await provider.run("document.getElementById('admit-all').focus()")
      try await provider.press("Enter")
      try await provider.wait("document.activeElement.innerText === 'Waiting room'")
      #expect(try await provider.value("document.title") == "(1) Waiting room")
      let second = try await browser.page(visit.provider + "/?lang=en")
      try await second.stayInFront()
      try await second.reaches("step-room")
      try await provider.reaches("step-elsewhere")
      #expect(try await provider.value("document.title") == "Waiting room")
      #expect(try await second.value("document.title") == "(1) Waiting room")
      #expect(try await visit.revoke().code == 0)
      try await second.reaches("step-ended")
      #expect(try await second.value("document.title") == "Waiting room")
    }
  }

  @Test func `the newest message is in view after a reload, and one pressed twice is sent once`()
    async throws
  {
    let newest = """
      (() => {
        const [log, last] = ['chat-log', 'chat-list'].map(id => document.getElementById(id))
          .map((one, index) => (index ? one.lastElementChild : one).getBoundingClientRect())
        return last.top >= log.top - 1 && last.bottom <= log.bottom + 1
      })()
      """
    try await Self.withClients(["Ana"], of: 1) { visit, browser, provider in
      for number in 1...8 {
        try await visit.act(visit.clients[0], #"{"do":"say","text":"Message \#(number)"}"#)
      }
      try await provider.wait("document.querySelectorAll('.said').length === 8")
      try await provider.open(visit.provider + "?lang=en")
      let client = try await browser.page(visit.clients[0] + "?lang=en", width: 390, height: 844)
      try await client.stayInFront()
      for page in [provider, client] {
        try await page.wait("document.querySelectorAll('.said').length === 8")
        #expect(try await page.value(newest))
      }
      try await provider.run(
        """
        const send = document.querySelector('#chat-form button')
        document.getElementById('chat-text').value = 'Twice'
        send.click(); send.click()
        """)
      try await provider.wait("document.getElementById('chat-text').value === ''")
      try await provider.send(message: "After it")
      for page in [provider, client] {
        try await page.wait("[...document.querySelectorAll('.said')].at(-1).innerText === 'After it'")
        #expect(try await page.value(newest))
        #expect(try await page.messages().suffix(2) == ["Twice", "After it"])
        #expect(try await page.messages().count == 10)
      }
    }
  }
}
