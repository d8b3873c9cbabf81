/// What the sound server says of the microphone. Absent is unknown, not false.
package struct MicrophoneFacts: Sendable, Equatable {
  /// What stands behind the source.
  package enum Kind: Int, Sendable, CaseIterable {
    case hardware, bluetooth, network
    /// Made by a program, with no device of its own.
    case virtual
    /// A program's filter in front of another source: echo or noise suppression.
    case filter
    /// A recording of what the speakers play.
    case monitor

    package var name: StaticString {
      switch self {
      case .hardware: "hardware"
      case .bluetooth: "bluetooth"
      case .network: "network"
      case .virtual: "virtual"
      case .filter: "filter"
      case .monitor: "monitor"
      }
    }
  }

  /// The socket or part of the device that is selected.
  package enum Port: Int, Sendable, CaseIterable {
    case microphone, headset, lineIn, other

    package var name: StaticString {
      switch self {
      case .microphone: "microphone"
      case .headset: "headset"
      case .lineIn: "line-in"
      case .other: "other"
      }
    }
  }

  /// Why a device that is connected offers no microphone.
  package enum Hidden: Int, Sendable, CaseIterable {
    /// A Bluetooth headset in its music profile (A2DP), which has no microphone.
    case headsetPlaysMusic
    /// A sound card whose profile is output only.
    case outputProfile

    package var name: StaticString {
      switch self {
      case .headsetPlaysMusic: "headset-plays-music"
      case .outputProfile: "output-profile"
      }
    }
  }

  package var kind: Kind?
  package var port: Port?
  /// Whether something is plugged into the port.
  package var isPluggedIn: Bool?
  /// Whether the device has a port for a microphone that is not the selected one.
  package var hasOtherMicrophonePort: Bool?
  package var hidden: Hidden?
  package var isMuted: Bool?
  /// Whether the device behind a filter is muted.
  package var isMasterMuted: Bool?
  /// Whether only this program's recording is muted.
  package var isStreamMuted: Bool?
  /// The software volume; 100 % leaves the sound as it is.
  package var volume: Share?
  /// Samples a second and channels that the device gives.
  package var sampleRate: Int?
  package var channels: Int?
  /// Whether a call would take this microphone without being told.
  package var isDefault: Bool?
  package var isDefaultMonitor: Bool?
  /// How much faster than promised the samples come, and how far that may be off.
  package var clock: Share?
  package var clockError: Share?
  /// Whether another program holds the sound card for itself.
  package var isHeldByProgram: Bool?
  /// Whether the recording was moved to another microphone while it ran.
  package var wasMoved: Bool?
  /// Whether a person was asked to say something while it ran.
  package var wasAskedToSpeak: Bool?

  package init() {}
}
