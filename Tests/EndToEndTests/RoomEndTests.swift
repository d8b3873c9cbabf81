import PrecallTestSupport
import Testing

/// A waiting client whose link ends, or who goes on elsewhere.
@Suite struct RoomEndTests {
  @Test func `where the link ended while the line was away, nobody is told to keep waiting`() async throws {
    try await RoomVisit.withWaitingClient { visit, _, client in
      try await client.setOffline(true)
      try await client.wait("!document.getElementById('line').hidden")
      #expect(try await visit.revoke().code == 0)
      try await client.setOffline(false)
      try await client.reaches("step-ended")
      #expect(try await client.value("document.getElementById('line').hidden"))
      #expect(try await client.text("ended-title") == "This link has been withdrawn")
    }
  }

  @Test func `a link that the server has forgotten is not called wrong`() async throws {
    try await RoomVisit.withWaitingClient { _, _, client in
      try await client.run(
        """
        window.fetch = async () => new Response('{"code": "link-unknown"}', {status: 404})
        dispatchEvent(new Event('online'))
        """)
      try await client.reaches("step-ended")
      #expect(try await client.text("ended-title") == "The waiting room was closed")
    }
  }

  @Test func `a window that was left for another does not take the visit back by itself`() async throws {
    try await RoomVisit.withWaitingClient { visit, browser, client in
      let second = try await browser.page(visit.clients[0] + "?lang=en")
      try await second.reaches("step-wait")
      try await client.reaches("step-elsewhere")
      try await client.run(
        """
        window.asked = 0
        const fetched = window.fetch
        window.fetch = (...all) => { asked += 1; return fetched(...all) }
        const turn = name => dispatchEvent(new PageTransitionEvent(name, {persisted: true}))
        turn('pagehide'); turn('pageshow')
        """)
      #expect(try await client.value("asked === 0"))
      // The one that has the visit comes back, and once only, however fast.
      try await second.run(
        """
        window.streams = 0
        const fetched = window.fetch
        window.fetch = (...all) => { streams += /events/.test(all[0]); return fetched(...all) }
        const turn = name => dispatchEvent(new PageTransitionEvent(name, {persisted: true}))
        turn('pagehide'); turn('pageshow')
        """)
      try await visit.act(visit.provider, #"{"do":"say","text":"Are you there?"}"#)
      try await second.wait("document.querySelectorAll('.said').length === 1")
      #expect(try await second.value("streams === 1"))
    }
  }
}
