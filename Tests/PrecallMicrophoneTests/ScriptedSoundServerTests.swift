import PrecallCore
import PrecallMicrophone
import PrecallTestSupport
import Testing

/// Sound cards with jacks that know what is plugged in, which can't be had here: a server answers with scripted
/// replies, written by hand in Fixtures/sound-servers after those of real servers.
@Suite("Scripted sound servers") struct ScriptedSoundServerTests {
  private static let names = (try? Fixtures.names(in: "sound-servers", ending: "json")) ?? []

  @Test("There are scripted replies") func some() { #expect(Self.names.count >= 4) }

  @Test("Each computer has exactly its findings", arguments: names)
  func findings(name: String) async throws {
    let json = try JSONReader.read(Fixtures.bytes("sound-servers/\(name)"))
    let expected = try #require(json["expect"]?.array).map {
      String(decoding: $0.string ?? [], as: UTF8.self)
    }
    let hearsNothing = json["hears_nothing"]?.bool ?? false
    let scripted = try ScriptedSoundServer(
      String(name.dropLast(5)), speaking: hearsNothing ? Waveform.silence() : Speech.samples.get())
    let probe = MicrophoneProbe(server: scripted.server, speaker: .settings)
    let measurement = await probe.measure { _ in }
    let findings = measurement.assessed(by: .standard).findings
    let codes = findings.map { String(decoding: $0.kind.code.bytes, as: UTF8.self) }
    #expect(Set(codes) == Set(expected), "\(measurement)")
    let told = findings.map {
      "\($0.severity.name) \($0.kind.code) (\(String(decoding: $0.subject, as: UTF8.self)))"
    }
    for one in json["tells"]?.array ?? [] {
      let words = String(decoding: one.string ?? [], as: UTF8.self)
      #expect(told.contains(words), "\(told)")
    }
    // Beside a microphone that works, one that is hidden is a hint; without one it is the fault.
    let hidden = findings.first { $0.kind == .microphoneHeadsetMusic || $0.kind == .microphoneOutputProfile }
    if let hidden { #expect((hidden.severity == .note) == (measurement.failure == nil)) }
  }
}
