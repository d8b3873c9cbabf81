import Foundation
import PrecallTestSupport
import Testing

/// The waiting room as people see it, for one who looks: `PRECALL_PICTURES=FOLDER swift test --filter Pictures`.
@Suite(.enabled(if: Pictures.folder != nil, "no folder for pictures is named"))
struct RoomPicturesTests {
  @Test(arguments: ["en", "es"]) func `each step of client and provider`(language: String) async throws {
    try await RoomVisit.with(clients: 3) { visit in
      try await Chromium.with { browser in
        let provider = try await browser.page(visit.provider + "?lang=\(language)")
        try await provider.stayInFront()
        try await provider.reaches("step-room")
        try await provider.picture("\(language)-provider-empty")
        let client = try await browser.page(visit.clients[0] + "?lang=\(language)")
        try await client.stayInFront()
        try await client.reaches("step-arrive")
        try await client.picture("\(language)-arrive")
        try await client.say(name: "Ana María Fernández")
        try await Self.check(client, language)
        try await client.click("document.getElementById('share')")
        try await client.be()
        try await Self.others(browser, visit, language)
        try await provider.wait("document.querySelectorAll('.client').length === 3")
        try await client.send(message: "Hello, I am here")
        try await provider.wait("document.querySelector('.said')")
        try await client.picture("\(language)-wait")
        try await provider.click("document.querySelector('[data-act=details]')")
        try await provider.wait("document.querySelector('.client .box ul, .client .box p')")
        try await provider.picture("\(language)-provider")
        try await provider.click("document.querySelector('[data-act=admit]')")
        try await client.reaches("step-admitted")
        try await client.wait("!document.getElementById('admitted-go').hidden")
        try await client.picture("\(language)-admitted")
      }
    }
  }

  private static func check(_ client: ChromiumPage, _ language: String) async throws {
    let root = "document.getElementById('check').shadowRoot"
    try await client.run("window.told = []; addEventListener('precall-complete', event => told.push(1))")
    try await client.wait("\(root)?.querySelector('button.primary')")
    try await client.picture("\(language)-check")
    try await client.click("\(root).querySelector('button.primary')")
    try await Task.sleep(for: .seconds(2))
    try await client.picture("\(language)-running")
    try await client.wait("told.length", within: .seconds(60))
    try await client.picture("\(language)-verdict")
  }

  /// One who did not test, and one who is not ready yet.
  private static func others(_ browser: Chromium, _ visit: RoomVisit, _ language: String) async throws {
    for (link, name) in zip(
      visit.clients.dropFirst(), ["Bo", "Maximiliana Hohenlohe-Langenburg-Schillingsfürst"])
    {
      let other = try await browser.page(link + "?lang=\(language)")
      try await other.stayInFront()
      try await other.say(name: name)
      if name == "Bo" { try await other.be() }
    }
  }

  @Test(arguments: ["en", "es"]) func `a link that is none`(language: String) async throws {
    try await RoomVisit.with { visit in
      try await Chromium.with(Chromium.Devices.none) { browser in
        let wrong = try await browser.page(
          visit.clients[0].dropLast(3) + "aaa?lang=\(language)")
        try await wrong.wait("document.querySelector('h1')")
        try await wrong.picture("\(language)-wrong-link")
      }
    }
  }
}
