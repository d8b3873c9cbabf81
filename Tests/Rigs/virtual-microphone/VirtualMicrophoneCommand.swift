import Dispatch
import Foundation
import PrecallTestSupport

/// A microphone into which somebody speaks, on a sound server of its own: for trying the check by hand.
///
/// Prints one line, `PULSE_SERVER=…`, when it is ready. Ends when its standard input ends, on SIGINT and on
/// SIGTERM, and leaves nothing behind.
@main struct VirtualMicrophoneCommand {
  static func main() throws {
    // Before anything is started, so that a signal always finds it able to clear up.
    let ended = DispatchSemaphore(value: 0)
    let signals = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in ended.signal() }
      source.resume()
      return source
    }
    let daemon = try PrivatePulseAudio(
      modules: [
        VirtualMicrophone.module("microphone", properties: "device.description='Virtual microphone'"),
        "module-null-sink norewinds=1 sink_name=speaker sink_properties=device.description=Speaker",
      ],
      idleSeconds: 3_600)
    try daemon.makeDefault(source: "microphone")
    let speech = try Speech.samples.get()
    let microphone = try VirtualMicrophone(speech, into: daemon, named: "microphone")
    print("PULSE_SERVER=\(daemon.server)")
    fflush(nil)
    Thread {
      while readLine() != nil {}; ended.signal()
    }.start()
    ended.wait()
    microphone.stop()
    daemon.shutDown()
    withExtendedLifetime(signals) {}
  }
}
