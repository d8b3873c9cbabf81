import Glibc
import PrecallCore
import PrecallMicrophone
import PrecallTestSupport
import Testing

/// The same check on PipeWire's PulseAudio server, which answers differently in what is tested here.
@Suite("The microphone on PipeWire", .serialized) struct MicrophonePipeWireTests {
  @Test("Speech through PipeWire is heard, named or by default")
  func speech() async throws {
    let pipeWire = try PrivatePipeWire()
    let feeder = try microphone(on: pipeWire)
    defer { feeder.stop() }
    let measurement = await MicrophoneProbe(source: "microphone", server: pipeWire.server).measure { _ in }
    #expect(measurement.failure == nil)
    #expect(measurement.sound?.hasVoice == true, "\(measurement.codes)")
  }

  private func microphone(on pipeWire: PrivatePipeWire) throws -> VirtualMicrophone {
    try pipeWire.control(
      "load-module", "module-pipe-source", "source_name=microphone",
      "file=\(pipeWire.directory)/microphone.fifo", "format=s16le", "rate=48000", "channels=1")
    return try VirtualMicrophone(Speech.samples.get(), into: pipeWire, named: "microphone")
  }

  @Test("A named microphone that is missing is not replaced by the default")
  func missing() async throws {
    let pipeWire = try PrivatePipeWire()
    #expect(
      await MicrophoneProbe(source: "nosuch", server: pipeWire.server).measure { _ in }.codes == ["not-found"]
    )
  }

  @Test("Without a microphone there are only recordings of the speakers")
  func absent() async throws {
    let pipeWire = try PrivatePipeWire()
    #expect(await MicrophoneProbe(server: pipeWire.server).measure { _ in }.codes == ["only-monitors"])
  }

  @Test("A microphone that is suspended by hand wakes when it is opened, unlike PulseAudio's")
  func suspended() async throws {
    let pipeWire = try PrivatePipeWire()
    let feeder = try microphone(on: pipeWire)
    defer { feeder.stop() }
    try pipeWire.control("suspend-source", "microphone", "1")
    let measurement = await MicrophoneProbe(source: "microphone", server: pipeWire.server).measure { _ in }
    #expect(measurement.failure == nil, "\(measurement.codes)")
    #expect(measurement.sound?.hasVoice == true)
  }

  @Test("M8: PipeWire without its session manager")
  func unmanaged() async throws {
    let pipeWire = try PrivatePipeWire()
    pipeWire.end(.sessionManager)
    let start = ContinuousClock.now
    let measurement = await MicrophoneProbe(server: pipeWire.server).measure { _ in }
    #expect(measurement.codes == ["no-session-manager"], "\(measurement)")
    #expect(ContinuousClock.now - start < .seconds(12))
  }

  @Test(
    "M6 and M7: PipeWire's core that hangs or dies while we listen, behind a pulse server that lives",
    arguments: [(SIGSTOP, "stalled"), (SIGKILL, "sound-server-died")])
  func core(signal: CInt, found: String) async throws {
    let microphone = try MicrophoneCase(on: .pipeWire, speaking: Speech.samples.get())
    let measurement = await microphone.measure { ($0 as? PrivatePipeWire)?.signal(signal, to: .core) }
    #expect(measurement.codes.first == found, "\(measurement.codes)")
  }

  @Test("M8: PipeWire without its session manager, where a microphone is there and nobody connects it")
  func unmanagedMicrophone() async throws {
    let microphone = try MicrophoneCase(on: .pipeWire, speaking: Speech.samples.get())
    let pipeWire = try #require(microphone.daemon as? PrivatePipeWire)
    pipeWire.end(.sessionManager)
    for source in [nil, "microphone"] {
      let probe = MicrophoneProbe(source: source, server: pipeWire.server, speaker: .settings)
      let measurement = await probe.measure { _ in }
      #expect(measurement.codes == ["no-session-manager"], "\(measurement.codes)")
      #expect(measurement.speaker == nil)
    }
  }
}
