import PrecallCore
import PrecallMicrophone
import PrecallProbes
import PrecallTestSupport
import Testing

/// A Bluetooth headset, as a real PulseAudio sees it: its service is a mock, its card and profiles are PulseAudio's.
@Suite("The microphone of a wireless headset") struct MicrophoneBluetoothTests {
  /// A computer with a headset, and with other `modules`.
  private func computer(_ modules: [String] = [], headsetTakesCalls: Bool) throws -> MicrophoneCase {
    let headset = try VirtualHeadset(takesCalls: headsetTakesCalls)
    let daemon = try PrivatePulseAudio(
      modules: modules + ["module-bluez5-discover"], systemBus: headset.systemBus)
    try headset.appear(on: daemon, takingCalls: headsetTakesCalls)
    return MicrophoneCase(daemon: daemon, beside: headset)
  }

  @Test("M21: a headset that plays music has its microphone off")
  func playsMusic() async throws {
    let measurement = try await computer(headsetTakesCalls: true).measure()
    #expect(measurement.codes == ["only-monitors", "headset-plays-music"])
    let finding = measurement.assessed(by: .standard).findings.first { $0.kind == .microphoneHeadsetMusic }
    #expect(finding?.severity == .warning, "it is why there is no microphone")
  }

  @Test("M21: beside a microphone that works it is a hint")
  func besideAnother() async throws {
    let microphone = try computer([VirtualMicrophone.module("microphone")], headsetTakesCalls: true)
    try microphone.daemon.makeDefault(source: "microphone")
    try microphone.feed(Speech.samples.get())
    let measurement = await microphone.measure()
    #expect(measurement.codes == ["headset-plays-music"])
    #expect(measurement.assessed(by: .standard).findings.first?.severity == .note)
  }

  @Test("M21: a loudspeaker for music has no microphone to switch on")
  func musicOnly() async throws {
    #expect(try await computer(headsetTakesCalls: false).measure().codes == ["only-monitors"])
  }
}
