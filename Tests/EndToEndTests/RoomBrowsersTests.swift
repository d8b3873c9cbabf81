import PrecallTestSupport
import Testing

/// A client and a provider who use different browsers.
@Suite struct RoomBrowsersTests {
  @Test func `a client in Firefox is let in by a provider in Chromium`() async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { chromium in
        let provider = try await chromium.page(visit.provider + "?lang=en")
        try await provider.stayInFront()
        try await provider.reaches("step-room")
        try await Firefox.with { firefox in
          let client = try await firefox.page(visit.clients[0] + "?lang=es", width: 390, height: 844)
          try await client.reaches("step-arrive")
          try await client.click("document.getElementById('name')")
          try await client.type("Ana")
          try await client.click("document.querySelector('#name-form button')")
          try await client.reaches("step-check")
          try await client.be()
          try await provider.wait("document.querySelector('.client')?.innerText.includes('Ready')")
          try await client.wait(
            "document.getElementById('wait-known').innerText.includes('sabe que usted está')")
          try await client.click("document.getElementById('chat-text')")
          try await client.type("Hola")
          try await client.click("document.querySelector('#chat-form button')")
          try await provider.wait("document.querySelector('.said')?.innerText === 'Hola'")
          try await client.open(visit.clients[0] + "?lang=es")
          try await client.reaches("step-wait")
          try await provider.click("document.querySelector('[data-act=admit]')")
          try await client.reaches("step-admitted")
          #expect(try await provider.value("document.querySelectorAll('.client').length") == 1)
        }
      }
    }
  }
}
