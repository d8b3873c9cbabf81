internal import Dispatch
package import PrecallCore
package import PrecallProbes

/// Listens to a microphone through the sound server and reduces what comes to levels.
package struct MicrophoneProbe: Probe {
  private let source: String?
  private let sink: String?
  private let server: String?
  private let listening: Listening
  private let speaker: SpeakerCheck
  private let processRoot: String

  /// `source` and `sink` are a name, a number or a part of the description, the defaults where none is given;
  /// `server` an address as in `PULSE_SERVER`, the user's own server where none is given.
  package init(
    source: String? = nil, sink: String? = nil, server: String? = nil, listening: Listening = .briefly,
    speaker: SpeakerCheck = .none, processRoot: String = "/proc"
  ) {
    self.source = source
    self.sink = sink
    self.server = server
    self.listening = listening
    self.speaker = speaker
    self.processRoot = processRoot
  }

  /// Ends within 3 s to connect, 3 s to the first sound, `listening` with 2 s to spare, and 7 s for the tone.
  package func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> MicrophoneMeasurement {
    await PulseThread.run(server: server) { session in
      let test = SpeakerTest(speaker, sink: sink)
      return MicrophoneRecording(
        source: source, listening: listening, speaker: test, processRoot: processRoot, progress: progress
      ).run(session)
    } ?? MicrophoneMeasurement(failure: .streamFailed)
  }
}

/// Runs blocking work with the sound server on a thread of its own, off the cooperative pool.
enum PulseThread {
  /// Nothing where libpulse has no memory. Cancelling the task ends the work at once.
  static func run<Result: Sendable>(
    server: String?, _ work: @escaping @Sendable (PulseSession) -> Result
  ) async -> Result? {
    guard let session = PulseSession(server: server) else { return nil }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "precall.microphone").async { continuation.resume(returning: work(session)) }
      }
    } onCancel: {
      session.cancel()
    }
  }
}
