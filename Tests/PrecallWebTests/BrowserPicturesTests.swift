import Foundation
import PrecallTestSupport
import Testing

/// The check's page as people see it, for one who looks: `PRECALL_PICTURES=FOLDER swift test --filter Pictures`.
@Suite(.enabled(if: Pictures.folder != nil, "no folder for pictures is named"))
struct BrowserPicturesTests {
  @Test(arguments: ["en", "es"]) func `good devices on a good line`(language: String) async throws {
    try await Fixtures.withTemporaryFolder { folder in
      try BrowserMedia.writeSound(try Speech.samples.get(), to: "\(folder)/voice.wav")
      try BrowserMedia.writeLitPicture(to: "\(folder)/face.y4m")
      let devices = Chromium.Devices.playing(sound: "\(folder)/voice.wav", picture: "\(folder)/face.y4m")
      try await Coturn.with { relay in
        let turn = BrowserCheck.turn(relay, [.udp])
        try await Chromium.with(devices) { browser in
          try await BrowserCheck.withServer(turn: turn) { server in
            let check = try await BrowserCheck.open(browser, server, path: "/check?lang=\(language)")
            _ = try await check.run()
            try await check.page.picture("\(language)-good")
            try await check.page.run(
              "\(BrowserCheck.root).querySelectorAll('details').forEach(one => { one.open = true })")
            try await check.page.picture("\(language)-details")
          }
        }
      }
    }
  }

  @Test(arguments: ["en", "es"]) func `nothing allowed, and no device`(language: String) async throws {
    for (name, devices) in [
      ("denied", Chromium.Devices.asking + ["--deny-permission-prompts"]), ("bad", Chromium.Devices.none),
    ] {
      try await Chromium.with(devices) { browser in
        try await BrowserCheck.withServer { server in
          let check = try await BrowserCheck.open(browser, server, path: "/check?lang=\(language)")
          _ = try await check.run()
          try await check.page.picture("\(language)-\(name)")
        }
      }
    }
  }
}
