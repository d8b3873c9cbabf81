import PrecallCore
import PrecallMicrophone
import PrecallTestSupport
import Testing

/// Sound cards with jacks that know what is plugged in, and Bluetooth headsets, which can't be had here: a
/// server replays their replies, Fixtures/sound-servers.
@Suite("Replayed sound servers") struct MicrophoneReplayTests {
  private static let names = (try? Fixtures.names(in: "sound-servers", ending: "json")) ?? []

  @Test("There are replies to replay") func some() { #expect(Self.names.count >= 5) }

  @Test("Each computer has exactly its findings", arguments: names)
  func findings(name: String) async throws {
    let json = try JSONReader.read(Fixtures.bytes("sound-servers/\(name)"))
    let expected = try #require(json["expect"]?.array).map {
      String(decoding: $0.string ?? [], as: UTF8.self)
    }
    let replayed = try ReplayedSoundServer(String(name.dropLast(5)), speaking: Speech.samples.get())
    let probe = MicrophoneProbe(server: replayed.server, speaker: .settings)
    let measurement = await probe.measure { _ in }
    let codes = measurement.assessed(by: .standard).findings.map {
      String(decoding: $0.kind.code.bytes, as: UTF8.self)
    }
    #expect(Set(codes) == Set(expected), "\(measurement)")
  }
}
