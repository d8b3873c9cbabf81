package import PrecallCore

/// A microphone as a person recognises it.
package struct Microphone: Sendable, Equatable {
  /// What `--source` takes.
  package var name: String
  package var number: UInt32
  package var description: String
  package var kind: MicrophoneFacts.Kind
  package var isDefault: Bool
  package var isMuted: Bool
  /// A recording of what the speakers play.
  package var isMonitor: Bool
}

/// The microphones that the sound server offers, or why it can't be asked.
package struct Microphones: Sendable, Equatable {
  package var all: [Microphone] = []
  package var failure: MicrophoneFailure?

  /// Asks the sound server; ends within 6 s, and at once when the task is cancelled.
  package static func list(server: String? = nil) async -> Microphones {
    await PulseThread.run(server: server) { session in
      do throws(PulseStop) {
        let offered = try session.run { () throws(PulseStop) in try session.inventory() }
        return Microphones(all: offered.microphones)
      } catch {
        guard case .failed(let failure) = error else { return Microphones() }
        return Microphones(failure: failure)
      }
    } ?? Microphones(failure: .streamFailed)
  }
}

extension PulseInventory {
  fileprivate var microphones: [Microphone] {
    sources.map { source in
      Microphone(
        name: source.name, number: source.index, description: source.description, kind: source.kind,
        isDefault: source.name == defaultSource, isMuted: source.isMuted, isMonitor: source.isMonitor)
    }
  }
}
