import Foundation
import PrecallCore
import PrecallServer
import PrecallTestSupport
import Testing

/// The check in a real Firefox, whose devices, errors and statistics differ from Chromium's.
@Suite struct BrowserFirefoxTests {
  @Test func `the whole check through the relay, judged as natively`() async throws {
    let sound = try PrivatePulseAudio(modules: ["module-null-sink sink_name=speaker"])
    defer { sound.shutDown() }
    try await Coturn.with { relay in
      let outcome = try await Firefox.with(.fake, sound: sound) { browser in
        try await BrowserCheck.withServer(turn: BrowserCheck.turn(relay, [.udp])) { server in
          try await BrowserCheck.run(browser, server)
        }
      }
      #expect(outcome.name == "complete", "\(outcome.codes)")
      #expect(
        outcome.json.utf8.elementsEqual(Judge.answer(to: [UInt8](outcome.request.utf8), words: Texts())))
      let measured = try outcome.measured()
      let states = measured.results(by: .standard).map { $0.state }
      #expect(states == [.measured, .measured, .measured], "\(states)")
      guard case .measured(let network) = measured.network else { return }
      #expect(network.transfers.count == 2)
      #expect(network.call?.transport == .udp)
      #expect((network.call?.audio?.received ?? 0) > 50)
    }
  }

  @Test func `a browser without speakers, where sound never starts, still comes to its end`() async throws {
    let outcome = try await Firefox.with(.fake) { browser in
      try await BrowserCheck.withServer { try await BrowserCheck.run(browser, $0) }
    }
    #expect(outcome.name == "complete", "\(outcome.codes)")
    #expect(try outcome.measured().results(by: .standard)[2].state == .measured)
  }

  @Test func `a no of before is told with Firefox's own steps`() async throws {
    let outcome = try await Firefox.with(.denied) { browser in
      try await BrowserCheck.withServer { try await BrowserCheck.run(browser, $0) }
    }
    #expect(
      outcome.codes.starts(with: ["microphone.permission-denied", "camera.permission-denied"]),
      "\(outcome.codes)")
    #expect(outcome.text.contains("Click the crossed-out camera or microphone"), "\(outcome.text)")
  }

  @Test func `no devices are named as none`() async throws {
    let outcome = try await Firefox.with(.none) { browser in
      try await BrowserCheck.withServer { try await BrowserCheck.run(browser, $0) }
    }
    #expect(outcome.codes.starts(with: ["microphone.none", "camera.no-camera"]), "\(outcome.codes)")
  }
}
