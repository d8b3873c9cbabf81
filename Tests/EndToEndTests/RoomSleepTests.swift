import Foundation
import PrecallTestSupport
import Testing

/// A client whose computer sleeps: its browser stands still, and the visit goes on without it.
@Suite struct RoomSleepTests {
  @Test func `who sleeps while being let in is let in at waking, once`() async throws {
    try await RoomVisit.withWaitingClient { visit, browser, client in
      try await client.run(
        """
        window.admissions = 0
        const step = document.getElementById('step-admitted')
        new MutationObserver(() => { if (!step.hidden) admissions += 1 }).observe(step, {attributeFilter: ['hidden']})
        """)
      try await browser.whileAsleep {
        try await visit.act(visit.provider, #"{"do":"say","text":"Are you there?"}"#)
        try await visit.act(visit.provider, #"{"do":"admit","clients":[1]}"#)
      }
      try await client.wait("!document.getElementById('step-admitted').hidden", within: .seconds(10))
      try await client.wait("!document.getElementById('admitted-go').hidden")
      #expect(try await client.messages() == ["Are you there?"])
      #expect(try await client.value("admissions") == 1)
      // A second admission of who is in already is none.
      try await visit.act(visit.provider, #"{"do":"admit","clients":[1]}"#, mayBeRefused: true)
      #expect(try await client.value("admissions") == 1)
    }
  }

  @Test func `who wakes on another network is back with all that was said, and has lost no place`()
    async throws
  {
    try await RoomVisit.withWaitingClient { visit, browser, client in
      try await client.setOffline(true)
      try await client.wait("!document.getElementById('line').hidden")
      try await browser.whileAsleep {
        for text in ["one", "two"] {
          try await visit.act(visit.provider, #"{"do":"say","text":"\#(text)"}"#)
        }
      }
      // The browser tells that it is back, and the page opens its stream anew after what it heard last.
      try await client.setOffline(false)
      try await client.wait("document.querySelectorAll('.said').length === 2", within: .seconds(20))
      #expect(try await client.messages() == ["one", "two"])
      #expect(try await client.value("!document.getElementById('step-wait').hidden"))
    }
  }
}
