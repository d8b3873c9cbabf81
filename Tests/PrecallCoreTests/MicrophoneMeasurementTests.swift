import PrecallCore
import PrecallTestSupport
import Testing

@Suite("The microphone's measurement") struct MicrophoneMeasurementTests {
  private func written(_ measurement: MicrophoneMeasurement) -> Text {
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    return writer.text
  }

  private func codes(_ measurement: MicrophoneMeasurement) -> [String] {
    measurement.assessed(by: .standard).findings.map { String(decoding: $0.kind.code.bytes, as: UTF8.self) }
  }

  private var good: MicrophoneMeasurement {
    get throws {
      var meter = SoundMeter(sampleRate: 48_000, channels: 1)
      let speech = try Speech.samples.get()
      meter.take(speech.span)
      var facts = MicrophoneFacts()
      facts.kind = .hardware
      facts.volume = .percent(100)
      facts.isMuted = false
      return MicrophoneMeasurement(facts: facts, sound: meter.sound, subject: Array("Ann's headset".utf8))
    }
  }

  @Test("Speech through a good microphone has no finding, and every figure is within its limit")
  func goodMicrophone() throws {
    let measurement = try good
    let rows = measurement.assessed(by: .standard).assessments
    #expect(codes(measurement) == [])
    #expect(rows.allSatisfy { $0.level == .good || $0.level == .unjudged })
    #expect(rows.contains { $0.metric.id.bytes == Array("microphone.speech-level".utf8) })
  }

  @Test("What is written is read again, without the device's name")
  func roundTrip() throws {
    var measurement = try good
    measurement.facts.port = .lineIn
    measurement.facts.hidden = .outputProfile
    measurement.facts.wasAskedToSpeak = true
    measurement.names.filter = Array("Filter on headset".utf8)
    let text = written(measurement)
    #expect(!String(decoding: text, as: UTF8.self).contains("headset"))
    let again = try MicrophoneMeasurement(json: JSONReader.read(text))
    measurement.subject = []
    measurement.names.filter = []
    #expect(again == measurement)
    #expect(written(again) == text)
  }

  /// A program that makes a microphone may send zeros between words, as a filter does.
  @Test("Digital silence proves a dead device, of a virtual one only where somebody was asked to speak")
  func silence() throws {
    func finding(_ kind: MicrophoneFacts.Kind, asked: Bool) throws -> Finding {
      var measurement = try good
      var meter = SoundMeter(sampleRate: 48_000, channels: 1)
      meter.take([Float](repeating: 0, count: 96_000).span)
      measurement.sound = meter.sound
      measurement.facts.kind = kind
      measurement.facts.wasAskedToSpeak = asked
      return try #require(measurement.assessed(by: .standard).findings.first { $0.kind == .microphoneSilent })
    }
    #expect(try finding(.hardware, asked: false).severity == .problem)
    #expect(try finding(.virtual, asked: true).severity == .problem)
    #expect(try finding(.virtual, asked: false).severity == .warning)
    #expect(try finding(.filter, asked: true).severity == .warning)
  }

  @Test("Every failure is one finding of its own that leaves only the telephone")
  func failures() throws {
    var seen: Set<String> = []
    for failure in MicrophoneFailure.allCases {
      let measurement = MicrophoneMeasurement(failure: failure)
      let findings = measurement.assessed(by: .standard).findings
      #expect(findings.count == 1)
      #expect(findings.first?.cap == .phone)
      seen.formUnion(codes(measurement))
      #expect(try MicrophoneMeasurement(json: JSONReader.read(written(measurement))) == measurement)
    }
    #expect(seen.count == MicrophoneFailure.allCases.count)
  }

  @Test(
    "Broken documents are refused, not guessed",
    arguments: [
      #"{"failure":"tired"}"#, #"{"sound":{}}"#, #"{"sound":{"sample_rate_hz":48000,"channels_count":1}}"#,
      #"{"facts":{"volume_ppm":-1}}"#,
      #"{"sound":{"sample_rate_hz":48000,"channels_count":1,"samples_count":1,"windows":{"peak_mdb":[0]}}}"#,
    ])
  func refused(text: String) throws {
    let json = try JSONReader.read(Array(text.utf8))
    #expect(throws: JSONError.self) { try MicrophoneMeasurement(json: json) }
  }

  @Test("A muted microphone is muted, not also silent")
  func mutedIsNotSilent() {
    var meter = SoundMeter(sampleRate: 48_000, channels: 1)
    let silence = Waveform.silence(seconds: 2)
    meter.take(silence.span)
    var facts = MicrophoneFacts()
    facts.isMuted = true
    #expect(codes(MicrophoneMeasurement(facts: facts, sound: meter.sound)) == ["microphone.muted"])
    #expect(codes(MicrophoneMeasurement(sound: meter.sound)) == ["microphone.silent"])
  }

  @Test("Each kind of finding has a code of its own, and every code begins with its check")
  func catalogue() {
    let codes = FindingKind.microphone.map { String(decoding: $0.code.bytes, as: UTF8.self) }
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.hasPrefix("microphone.") })
  }
}
