import Glibc
import PrecallCore
import PrecallMicrophone
import PrecallTestSupport
import Testing

/// What happens to a microphone, the same on PulseAudio and on PipeWire's server for the same programs.
@Suite("The microphone on either sound server", .serialized) struct MicrophoneBothServersTests {
  private static let sink = "module-null-sink norewinds=1 sink_name=speaker"

  @Test(
    "M10: where the default records the speakers, the real microphone is tested, and it is said",
    arguments: SoundServerKind.allCases)
  func monitorDefault(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind, modules: [Self.sink, VirtualMicrophone.module("microphone")], default: "speaker.monitor")
    try microphone.feed(Speech.samples.get())
    let measurement = await microphone.measure()
    #expect(measurement.codes == ["default-is-monitor"])
    #expect(measurement.sound?.hasVoice == true)
  }

  @Test(
    "M10: a monitor that is asked for by name is recorded, and said to be one",
    arguments: SoundServerKind.allCases)
  func namedMonitor(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, modules: [Self.sink], default: nil)
    let codes = await microphone.measure(source: "speaker.monitor").codes
    #expect(codes.contains("is-monitor") && !codes.contains("silent"), "\(codes)")
  }

  @Test(
    "M12: a named microphone that is unplugged ends the recording", arguments: SoundServerKind.allCases)
  func unplugged(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, modules: [Self.sink], default: nil)
    let module = try microphone.daemon.load(VirtualMicrophone.module("usb"))
    try microphone.feed(Speech.samples.get(), to: "usb")
    let measurement = await microphone.measure(source: "usb") { try $0.control("unload-module", module) }
    // Whether the session manager has made the new one the default by then is not the question.
    let codes = measurement.codes.filter { $0 != "not-default" }
    #expect(codes == ["unplugged"], "\(measurement.codes)")
  }

  @Test(
    "M12: where the only microphone goes away, what calls would record is no microphone",
    arguments: SoundServerKind.allCases)
  func lastUnplugged(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, modules: [Self.sink], default: nil)
    let module = try microphone.plugInDefault("usb", speaking: Speech.samples.get())
    let measurement = await microphone.measure { try $0.control("unload-module", module) }
    #expect(measurement.codes == ["unplugged"], "\(measurement.codes)")
  }

  @Test(
    "M12: the microphone with which calls would go on is named", arguments: SoundServerKind.allCases)
  func next(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind)
    try microphone.feed(Speech.samples.get())
    let module = try microphone.daemon.load(VirtualMicrophone.module("usb"))
    try microphone.feed(Speech.samples.get(), to: "usb")
    let measurement = await microphone.measure(source: "usb") { try $0.control("unload-module", module) }
    let words = String(decoding: measurement.subject, as: UTF8.self)
    #expect(measurement.codes.first == "unplugged", "\(measurement.codes)")
    #expect(words.contains(#/usb.*; calls would go on with .*microphone/#), "\(words)")
  }

  @Test(
    "A microphone of eight channels is heard as any other", arguments: SoundServerKind.allCases)
  func manyChannels(on kind: SoundServerKind) async throws {
    let module = VirtualMicrophone.module("microphone", channels: 8)
    let microphone = try MicrophoneCase(on: kind, modules: [module])
    let speech = try Speech.samples.get()
    // It is heard in the second, and in no other.
    let samples = speech.flatMap { [0, $0] + [Int16](repeating: 0, count: 6) }
    try microphone.feed(samples, channels: 8)
    // PipeWire gives the source of so many none.
    try microphone.daemon.control("set-source-volume", "microphone", "100%")
    let measurement = await microphone.measure()
    #expect(measurement.failure == nil && measurement.sound?.hasVoice == true, "\(measurement.codes)")
    #expect(measurement.sound?.silentChannels == 7)
  }

  @Test(
    "M12: where the default goes away, the move to another is noticed", arguments: SoundServerKind.allCases)
  func moved(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind)
    let module = try microphone.plugInDefault("usb", speaking: Speech.samples.get())
    try microphone.feed(Speech.samples.get(), to: "microphone")
    let measurement = await microphone.measure { try $0.control("unload-module", module) }
    #expect(measurement.codes.contains("moved"), "\(measurement.codes)")
    #expect(String(decoding: measurement.names.movedTo, as: UTF8.self).contains("microphone"))
  }

  @Test(
    "M12: where the default goes away and the next one is muted, both are said, and no switch is looked for",
    arguments: SoundServerKind.allCases)
  func movedToMuted(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind)
    let module = try microphone.plugInDefault("usb", speaking: Speech.samples.get())
    try microphone.daemon.control("set-source-mute", "microphone", "1")
    try microphone.feed(Speech.samples.get(), to: "microphone")
    let measurement = await microphone.measure { try $0.control("unload-module", module) }
    #expect(measurement.codes == ["muted", "moved"], "\(measurement.codes)")
    #expect(!measurement.codes.contains("silent"))
  }

  @Test(
    "M12: where the default changes while we listen, the recording follows it, and that is said",
    arguments: SoundServerKind.allCases)
  func defaultChanges(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind, modules: [VirtualMicrophone.module("desk"), VirtualMicrophone.module("usb")], default: "desk")
    try microphone.feed(Speech.samples.get(), to: "desk")
    try microphone.feed(Speech.samples.get(), to: "usb")
    let measurement = await microphone.measure { try $0.control("set-default-source", "usb") }
    #expect(measurement.failure == nil)
    #expect(measurement.sound?.hasVoice == true)
    #expect(measurement.codes.contains("moved"), "\(measurement.codes)")
  }

  @Test(
    "A microphone that is plugged in while we listen to a named one leaves the recording be",
    arguments: SoundServerKind.allCases)
  func pluggedIn(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    let measurement = await microphone.measure(source: "microphone") {
      try $0.load(VirtualMicrophone.module("usb"))
    }
    #expect(measurement.failure == nil)
    #expect(measurement.facts.wasMoved != true)
    #expect(measurement.sound?.hasVoice == true)
    // That there is another now is nobody's fault.
    #expect(measurement.codes == [])
  }

  @Test("M13 and M16: muted, volume at zero and very low", arguments: SoundServerKind.allCases)
  func muted(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    try microphone.daemon.control("set-source-mute", "microphone", "1")
    #expect(await microphone.measure().codes == ["muted"])
    try microphone.daemon.control("set-source-mute", "microphone", "0")
    try microphone.daemon.control("set-source-volume", "microphone", "0")
    #expect(await microphone.measure().codes == ["volume-zero"])
    try microphone.daemon.control("set-source-volume", "microphone", "5%")
    #expect(await microphone.measure().codes.first == "volume-low")
  }

  @Test("M13: muted while we listen, the check ends and says so", arguments: SoundServerKind.allCases)
  func mutedMeanwhile(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    let measurement = await microphone.measure(listening: .exactly(.seconds(10))) {
      try $0.control("set-source-mute", "microphone", "1")
    }
    #expect(measurement.codes == ["muted"], "\(measurement.codes)")
    #expect(try #require(measurement.sound).duration < .seconds(9))
  }

  @Test("M15: only this program's recording is muted", arguments: SoundServerKind.allCases)
  func streamMuted(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    let measurement = await microphone.measure { daemon in
      let recording = try daemon.control("list", "short", "source-outputs").prefix { $0.isNumber }
      try daemon.control("set-source-output-mute", String(recording), "1")
    }
    #expect(measurement.codes == ["stream-muted"], "\(measurement.codes)")
  }

  @Test(
    "M14 and M40: a filter is named with what is behind it, and so is that device's mute",
    arguments: SoundServerKind.allCases)
  func filtered(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [
        VirtualMicrophone.module("microphone", properties: "device.description=Desk"),
        "module-remap-source source_name=filter master=microphone channels=1",
      ], default: "filter")
    try microphone.feed(Speech.samples.get())
    let heard = await microphone.measure()
    #expect(heard.codes == ["filtered"])
    let finding = try #require(heard.assessed(by: .standard).findings.first)
    #expect(finding.severity == .note)
    #expect(String(decoding: finding.subject, as: UTF8.self).hasSuffix(" on Desk"), "\(finding.subject)")
    #expect(heard.facts.isMasterMuted == false)
    try microphone.daemon.control("set-source-mute", "microphone", "1")
    #expect(await microphone.measure().codes.contains("master-muted"))
  }

  @Test("M40: echo suppression in front of the microphone is a filter", arguments: SoundServerKind.allCases)
  func echoCancel(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [
        Self.sink, VirtualMicrophone.module("microphone", properties: "device.description=Desk"),
        "module-echo-cancel source_name=clean source_master=microphone sink_master=speaker",
      ], default: "clean")
    try microphone.feed(Speech.samples.get())
    let measurement = await microphone.measure()
    #expect(measurement.codes.contains("filtered"), "\(measurement.codes)")
    #expect(
      String(decoding: measurement.names.filter, as: UTF8.self).hasSuffix(" on Desk"),
      "\(String(decoding: measurement.names.filter, as: UTF8.self))")
  }

  @Test("M6: a server that hangs is found within 3 s, not libpulse's 30", arguments: SoundServerKind.allCases)
  func hanging(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind)
    microphone.daemon.signal(SIGSTOP)
    let start = ContinuousClock.now
    #expect(await microphone.measure().codes == ["sound-server-silent"])
    // A second more for a busy computer.
    #expect(ContinuousClock.now - start < .seconds(4))
  }

  @Test("M7: a server that dies while we listen", arguments: SoundServerKind.allCases)
  func dying(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    let measurement = await microphone.measure { $0.signal(SIGKILL) }
    #expect(measurement.codes == ["sound-server-died"])
    #expect(await microphone.measure().codes == ["sound-server-gone"])
  }

  @Test("A server that hangs while we listen stalls the sound", arguments: SoundServerKind.allCases)
  func stalling(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(on: kind, speaking: Speech.samples.get())
    let start = ContinuousClock.now
    let measurement = await microphone.measure { $0.signal(SIGSTOP) }
    #expect(measurement.codes == ["stalled"])
    #expect(ContinuousClock.now - start < .seconds(12))
  }

  @Test("The tone comes out of the speaker, heard through its monitor", arguments: SoundServerKind.allCases)
  func tone(on kind: SoundServerKind) async throws {
    let room = try MicrophoneCase(on: kind, modules: [Self.sink], default: nil)
    try room.daemon.control("set-default-sink", "speaker")
    let probe = MicrophoneProbe(
      source: "speaker.monitor", server: room.daemon.server, listening: .exactly(.milliseconds(300)),
      speaker: .tone)
    let facts = try #require(await probe.measure { _ in }.speaker)
    #expect(facts.wasPlayed == true)
    let echo = try #require(facts.echo).inDecibels
    // PipeWire lets the start of a sound into a speaker that slept fade away.
    #expect(abs(echo) < (kind == .pipeWire ? 3 : 0.5), "\(echo)")
  }

  @Test("The list has the name, the default, the mute and the monitors", arguments: SoundServerKind.allCases)
  func listing(on kind: SoundServerKind) async throws {
    let microphone = try MicrophoneCase(
      on: kind,
      modules: [VirtualMicrophone.module("microphone", properties: "device.description=Desk"), Self.sink])
    try microphone.daemon.control("set-source-mute", "microphone", "1")
    let list = await SoundDevices.list(server: microphone.daemon.server)
    #expect(list.failure == nil)
    let first = try #require(list.microphones.first { $0.name == "microphone" })
    #expect(first.description == "Desk" && first.isDefault && first.isMuted && !first.isMonitor)
    #expect(list.microphones.contains { $0.name == "speaker.monitor" && $0.isMonitor })
    #expect(list.speakers.contains { $0.name == "speaker" })
    #expect(await SoundDevices.list(server: "unix:/nowhere").failure == .noServer)
  }
}
