internal import CPulse
package import PrecallCore

/// A microphone or a speaker as a person recognises it.
package struct SoundDevice: Sendable, Equatable {
  /// What `--source` and `--sink` take, beside the number and a part of the description.
  package var name: String
  package var number: UInt32
  /// Told apart from others of the same name.
  package var description: String
  package var kind: MicrophoneFacts.Kind
  /// How it is connected, as "usb" or "pci"; nothing where the server does not say, or it is no device.
  package var bus: String?
  package var isDefault: Bool
  package var isMuted: Bool
  /// Whether sound goes through it now.
  package var isInUse: Bool
  /// A recording of what the speakers play.
  package var isMonitor: Bool { kind == .monitor }
}

/// The microphones and speakers that the sound server offers, or why it can't be asked.
package struct SoundDevices: Sendable, Equatable {
  package var microphones: [SoundDevice] = []
  package var speakers: [SoundDevice] = []
  package var failure: MicrophoneFailure?

  /// Asks the sound server; ends within 6 s, and at once when the task is cancelled.
  package static func list(server: String? = nil) async -> SoundDevices {
    await PulseThread.run(server: server) { session in
      do throws(PulseStop) {
        let offered = try session.run { () throws(PulseStop) in try session.inventory() }
        return SoundDevices(offered)
      } catch {
        guard case .failed(let failure) = error else { return SoundDevices() }
        return SoundDevices(failure: failure)
      }
    } ?? SoundDevices(failure: .streamFailed)
  }
}

extension SoundDevices {
  fileprivate init(_ offered: PulseInventory) {
    microphones = zip(offered.sources, offered.sources.titles).map { source, title in
      SoundDevice(
        name: source.name, number: source.index, description: title, kind: source.kind,
        bus: source.isMonitor ? nil : source.bus,
        isDefault: source.name == offered.defaultSource, isMuted: source.isMuted, isInUse: source.isInUse)
    }
    let sinks = offered.sinks.filter { !$0.isDummy }
    speakers = zip(sinks, sinks.titles).map { sink, title in
      SoundDevice(
        name: sink.name, number: sink.index, description: title, kind: sink.kind, bus: sink.bus,
        isDefault: sink.name == offered.defaultSink, isMuted: sink.isMuted, isInUse: sink.isInUse)
    }
  }
}
