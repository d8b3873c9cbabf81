import Foundation
import Glibc
import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport
import Testing

/// The choice of microphone, its settings, and its loss; each against a real daemon.
///
/// On PulseAudio only: a wrong clock, since PipeWire's own timer drives what has no card, and no source can
/// be slower than it; suspended by hand, since PipeWire's wakes when it is opened.
@Suite("The microphone as a device") struct MicrophoneDeviceTests {
  private static let sink = "module-null-sink norewinds=1 sink_name=speaker"

  @Test("M9: no source at all, and none but a recording of the speakers")
  func absent() async throws {
    #expect(try await MicrophoneCase(modules: [], default: nil).measure().codes == ["none"])
    let measurement = try await MicrophoneCase(modules: [Self.sink], default: nil).measure()
    #expect(measurement.codes == ["only-monitors"])
    #expect(measurement.sound == nil)
  }

  @Test("M11: a name that no microphone has")
  func missing() async throws {
    let measurement = try await MicrophoneCase().measure(source: "nosuch")
    #expect(measurement.codes == ["not-found"])
    #expect(measurement.sound == nil)
  }

  @Test(
    "A part of two descriptions is ambiguous and lists both; the whole name is not",
    arguments: SoundServerKind.allCases)
  func ambiguous(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [
        VirtualMicrophone.module("first", properties: "device.description='Headset left'"),
        VirtualMicrophone.module("second", properties: "device.description='Headset right'"),
      ], default: "second")
    let measurement = await microphone.measure(source: "headset")
    #expect(measurement.codes == ["ambiguous"])
    let candidates = String(decoding: measurement.subject, as: UTF8.self)
    #expect(candidates.contains("Headset left") && candidates.contains("Headset right"))
    try microphone.feed(Speech.samples.get(), to: "first")
    #expect(await microphone.measure(source: "Left").codes == ["not-default"])
    #expect(await microphone.measure(source: "first").codes == ["not-default"])
    // By number as well, exactly.
    let list = await SoundDevices.list(server: microphone.daemon.server).microphones
    let number = try #require(list.first { $0.name == "first" }).number
    let byNumber = await microphone.measure(source: "\(number)")
    #expect(byNumber.codes == ["not-default"])
    #expect(String(decoding: byNumber.subject, as: UTF8.self) == "Headset left")
  }

  @Test("M22: a Bluetooth headset at 8 kHz has telephone quality", arguments: SoundServerKind.allCases)
  func telephone(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [
        VirtualMicrophone.module("headset", rate: 8_000, properties: "device.bus=bluetooth device.api=bluez")
      ], default: "headset")
    try microphone.feed(
      stride(from: 0, to: Speech.samples.get().count, by: 6).map { try Speech.samples.get()[$0] },
      to: "headset",
      rate: 8_000)
    #expect(await microphone.measure().codes == ["telephone-quality"])
  }

  @Test(
    "M23: a Bluetooth headset at 16 kHz is normal for calls, which is a note",
    arguments: SoundServerKind.allCases)
  func wideband(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [
        VirtualMicrophone.module("headset", rate: 16_000, properties: "device.bus=bluetooth device.api=bluez")
      ], default: "headset")
    let speech = try Speech.samples.get()
    try microphone.feed(
      stride(from: 0, to: speech.count, by: 3).map { speech[$0] }, to: "headset", rate: 16_000)
    let findings = await microphone.measure().assessed(by: .standard).findings
    #expect(findings.map { String(decoding: $0.kind.code.bytes, as: UTF8.self) } == ["microphone.wideband"])
    #expect(findings.first?.severity == .note)
  }

  @Test(
    "M33: a card that runs at 44.1 kHz, at half or at twice the rate that it says",
    arguments: [0.919, 0.5, 2])
  func clock(speed: Double) async throws {
    var pace = VirtualMicrophone.Pace()
    pace.speed = speed
    let wrong = try await MicrophoneCase(speaking: Speech.samples.get(), pace: pace).measure()
    #expect(wrong.codes == ["clock-wrong"], "\(wrong.facts)")
    #expect(abs(try #require(wrong.facts.clock).fraction + 1 - speed) < 0.02 * speed)
  }

  @Test("A card that keeps its word has no wrong clock")
  func rightClock() async throws {
    let good = try await MicrophoneCase(speaking: Speech.samples.get()).measure()
    let error = try #require(good.facts.clockError)
    #expect(try #require(good.facts.clock).base.magnitude <= error.base + 10_000)
    #expect(good.codes.isEmpty, "\(good.codes)")
  }

  @Test("M39: a program that holds the sound card past the sound server is named; the server itself is not")
  func held() async throws {
    try await Fixtures.withTemporaryFolder { root in
      for (process, name) in [(4_242, "arecord"), (4_243, "pulseaudio")] {
        let folder = "\(root)/\(process)"
        try FileManager.default.createDirectory(atPath: folder + "/fd", withIntermediateDirectories: true)
        try Data("\(name)\n".utf8).write(to: URL(filePath: folder + "/comm"))
        try FileManager.default.createSymbolicLink(
          atPath: folder + "/fd/5", withDestinationPath: "/dev/snd/pcmC0D0c")
      }
      let daemon = try MicrophoneCase(modules: [], default: nil)
      let probe = MicrophoneProbe(server: daemon.daemon.server, processRoot: root)
      let measurement = await probe.measure { _ in }
      #expect(measurement.codes == ["held-by-program", "none"])
      #expect(String(decoding: measurement.names.holders, as: UTF8.self) == "arecord (4242)")
      try FileManager.default.removeItem(atPath: "\(root)/4242")
      #expect(await probe.measure { _ in }.codes == ["none"])
    }
  }

  @Test(
    "M41: microphones of one name are told apart by where they are plugged in",
    arguments: SoundServerKind.allCases)
  func sameName(on kind: SoundServerKind) async throws {
    let twins = try MicrophoneCase(
      on: kind,
      modules: [
        VirtualMicrophone.module("one", properties: "device.description=Headset device.bus_path=usb-1"),
        VirtualMicrophone.module("two", properties: "device.description=Headset device.bus_path=usb-2"),
        VirtualMicrophone.module("three", properties: "device.description=Desk"),
        VirtualMicrophone.module("four", properties: "device.description=Desk"),
      ], default: nil)
    let listed = await SoundDevices.list(server: twins.daemon.server).microphones.filter {
      $0.kind != .monitor
    }
    #expect(
      listed.map(\.description) == ["Headset (usb-1)", "Headset (usb-2)", "Desk (three)", "Desk (four)"])
    let measurement = await twins.measure(source: "headset")
    #expect(measurement.codes == ["ambiguous"])
    #expect(
      String(decoding: measurement.subject, as: UTF8.self)
        == "\(listed[0].number): Headset (usb-1), \(listed[1].number): Headset (usb-2)")
  }

  @Test(
    "M12: who plugs it in again hears of it all the same, and what was heard till then is kept",
    arguments: SoundServerKind.allCases)
  func pluggedInAgain(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, modules: [Self.sink], default: nil)
    let module = try microphone.daemon.load(VirtualMicrophone.module("usb"))
    try microphone.feed(Speech.samples.get(), to: "usb")
    let measurement = await microphone.measure(source: "usb", after: 20) { [microphone] daemon in
      try daemon.control("unload-module", module)
      try daemon.load(VirtualMicrophone.module("usb"))
      try microphone.feed(Speech.samples.get(), to: "usb")
    }
    #expect(measurement.codes.first == "unplugged", "\(measurement.codes)")
    #expect(measurement.sound?.hasVoice == true)
    let again = await microphone.measure(source: "usb")
    #expect(again.failure == nil && again.sound?.hasVoice == true, "\(again.codes)")
  }

  @Test(
    "M12: where the default is plugged in again, the recording goes back to it, and that is said",
    arguments: SoundServerKind.allCases)
  func defaultPluggedInAgain(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind)
    let module = try microphone.plugInDefault("usb", speaking: Speech.samples.get())
    try microphone.feed(Waveform.silence(), to: "microphone")
    let measurement = await microphone.measure(after: 10) { [microphone] daemon in
      try daemon.control("unload-module", module)
      try daemon.load(VirtualMicrophone.module("usb"))
      try microphone.feed(Speech.samples.get(), to: "usb")
    }
    #expect(measurement.failure == nil)
    #expect(measurement.codes.contains("moved"), "\(measurement.codes)")
    #expect(measurement.sound?.hasVoice == true)
  }

  @Test("M35: a microphone that opens and sends nothing", arguments: SoundServerKind.allCases)
  func noData(on kind: SoundServerKind) async throws {
    let start = ContinuousClock.now
    if kind == .pulseAudio {
      #expect(try await MicrophoneCase().measure().codes == ["virtual-idle"])
    } else {
      let pipeWire = try PrivatePipeWire()
      let card = try PipeWireMicrophone(Speech.samples.get(), on: pipeWire, named: "card")
      defer { card.shutDown() }
      let microphone = MicrophoneCase(daemon: pipeWire)
      // What has not come to rest since it ran is not opened.
      _ = await microphone.measure(listening: .exactly(.milliseconds(100)))
      try wait("the card did not come to rest") {
        (try? pipeWire.control("list", "short", "sources"))?.contains(/\tcard\t.*IDLE/) == true
      }
      card.signal(SIGSTOP)
      let codes = await microphone.measure().codes
      #expect(codes == ["virtual-idle"], "\(codes)")
      // Nor is what never ran.
      let other = try PipeWireMicrophone(Speech.samples.get(), on: pipeWire, named: "other")
      defer { other.shutDown() }
      other.signal(SIGSTOP)
      let unopened = await microphone.measure(source: "other").codes
      #expect(unopened.first == "virtual-idle", "\(unopened)")
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("A microphone that goes dead while we listen has stalled, whatever else is told of it meanwhile")
  func goneDead() async throws {
    let microphone = try MicrophoneCase(speaking: Speech.samples.get())
    // Longer than it listens and waits.
    let measurement = await microphone.measure(listening: .exactly(.seconds(1))) { [microphone] daemon in
      microphone.hush()
      for percent in 91...98 {
        try daemon.control("set-source-volume", "microphone", "\(percent)%")
        usleep(450_000)
      }
    }
    #expect(measurement.codes.first == "stalled", "\(measurement.codes)")
    let pipeWire = try PrivatePipeWire()
    let card = try PipeWireMicrophone(Speech.samples.get(), on: pipeWire, named: "card")
    defer { card.shutDown() }
    let codes = await MicrophoneCase(daemon: pipeWire).measure { _ in card.signal(SIGSTOP) }.codes
    #expect(codes.first == "stalled", "\(codes)")
  }

  @Test("M36: suspended by hand, before and while we listen")
  func suspended() async throws {
    let microphone = try MicrophoneCase(speaking: Speech.samples.get())
    let measurement = await microphone.measure { try $0.control("suspend-source", "microphone", "1") }
    #expect(measurement.codes == ["suspended"], "\(measurement.codes)")
    #expect(await microphone.measure().codes == ["suspended"])
  }
}
