import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The check in a real Chromium, with made-up devices of known sound and picture.
@Suite struct BrowserCheckTests {
  @Test func `a good line, a voice and a lit face are ready, by the native engine's own report`() async throws
  {
    try await Fixtures.withTemporaryFolder { folder in
      try BrowserMedia.writeSound(try Speech.samples.get(), to: "\(folder)/voice.wav")
      try BrowserMedia.writeLitPicture(to: "\(folder)/face.y4m")
      let devices = Chromium.Devices.playing(sound: "\(folder)/voice.wav", picture: "\(folder)/face.y4m")
      try await Coturn.with { relay in
        let turn = BrowserCheck.turn(relay, [.udp])
        let outcome = try await Chromium.with(devices) { browser in
          try await BrowserCheck.withServer(turn: turn) { server in
            try await BrowserCheck.open(browser, server).run()
          }
        }
        #expect(outcome.name == "complete")
        #expect(outcome.outcome == "ready" || outcome.outcome == "usable", "\(outcome.codes)")
        #expect(!outcome.codes.contains { $0.hasPrefix("microphone.no-voice") }, "\(outcome.codes)")
        #expect(outcome.json == text(Judge.answer(to: [UInt8](outcome.request.utf8), words: Texts())))
        try Self.isWhole(try outcome.measured())
      }
    }
  }

  /// Each part was truly measured.
  private static func isWhole(_ measurements: Measurements) throws {
    guard case .measured(let network) = measurements.network,
      case .measured(let microphone) = measurements.microphone,
      case .measured(let camera) = measurements.camera
    else {
      Issue.record("\(measurements)")
      return
    }
    #expect(network.failure == nil)
    #expect(network.transfers.count == 2)
    #expect((network.pings?.idle.count ?? 0) >= 10)
    #expect(network.call?.transport == .udp)
    #expect((network.call?.audio?.received ?? 0) > 100)
    #expect((network.call?.video?.frames ?? 0) > 10)
    #expect(try #require(microphone.sound).hasVoice)
    #expect(camera.frames.count > 20)
    #expect(camera.failure == nil && camera.facts != nil)
  }

  @Test func `a tone of -23 dBFS reads -23 dBFS`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      let tone = Waveform.sine(440, amplitude: 0.1, seconds: 4)
      try BrowserMedia.writeSound(tone, to: "\(folder)/tone.wav")
      let outcome = try await Self.run(Chromium.Devices.playing(sound: "\(folder)/tone.wav"))
      guard case .measured(let microphone) = try outcome.measured().microphone else {
        Issue.record("\(outcome.text)")
        return
      }
      let levels = try #require(microphone.sound).windows.map { $0.level.base }.sorted()
      #expect(levels.count >= 200)
      #expect(abs(levels[levels.count / 2] - -23_010) < 100, "\(levels[levels.count / 2])")
    }
  }

  @Test func `a headset of telephone quality is heard, though the browser does not tell it`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try BrowserMedia.writeSound(try Speech.through(rate: 8_000), to: "\(folder)/voice.wav")
      let outcome = try await Self.run(Chromium.Devices.playing(sound: "\(folder)/voice.wav"))
      #expect(outcome.codes.contains("microphone.narrow-band"), "\(outcome.codes)")
    }
  }

  @Test func `a dark room and a still picture are told`() async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try BrowserMedia.writePicture(to: "\(folder)/dark.y4m") { frame, point in
        UInt8(20 + (point / 5 + frame * 11) % 16)
      }
      let dark = try await Self.run(Chromium.Devices.playing(picture: "\(folder)/dark.y4m"))
      #expect(dark.codes.contains("camera.too-dark") || dark.codes.contains("camera.black"), "\(dark.codes)")
      try BrowserMedia.writePicture(to: "\(folder)/still.y4m", frames: 1) { _, point in
        UInt8(60 + (point / 8) % 120)
      }
      let still = try await Self.run(Chromium.Devices.playing(picture: "\(folder)/still.y4m"))
      #expect(still.codes.contains("camera.frozen"), "\(still.codes)")
    }
  }

  @Test func `no device at all is two findings and the line is still tested`() async throws {
    let outcome = try await Self.run(Chromium.Devices.none)
    #expect(outcome.codes.starts(with: ["microphone.none"]), "\(outcome.codes)")
    #expect(outcome.codes.contains("camera.no-camera"))
    #expect(outcome.outcome == "not-ready")
    guard case .measured = try outcome.measured().network else {
      Issue.record("\(outcome.text)")
      return
    }
  }

  @Test func `a server that is gone is a finding, not a page without an end`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      let check = try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        let needed = "/wasm|catalogue|policy$/.test(one.name) && one.responseEnd > 0"
        try await check.page.wait(
          "performance.getEntriesByType('resource').filter(one => \(needed)).length === 3")
        return check
      }
      // The engine came before it was needed, and judges what the server no longer can.
      let outcome = try await check.run()
      #expect(outcome.name == "complete", "\(outcome.text)")
      #expect(outcome.codes.contains { $0.hasPrefix("network.") }, "\(outcome.codes)")
      #expect(outcome.codes.contains("microphone.none"), "\(outcome.codes)")
      #expect(outcome.outcome == "not-ready")
      #expect(outcome.text.contains("could not be tested") == false, "that is said while it runs")
    }
  }

  private static func run(_ devices: [String]) async throws -> BrowserCheck.Outcome {
    try await Chromium.with(devices) { browser in
      try await BrowserCheck.withServer { try await BrowserCheck.open(browser, $0).run() }
    }
  }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
