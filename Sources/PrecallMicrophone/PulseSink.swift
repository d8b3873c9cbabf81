internal import CPulse
internal import PrecallCore

/// A sink that the sound server offers, copied out of libpulse's memory.
struct PulseSink: Sendable, PulseDevice {
  var index: UInt32
  var name: String
  var description: String
  var isMuted: Bool
  var volume: Share
  var kind: MicrophoneFacts.Kind
  var place: String?
  var bus: String?
  var isInUse: Bool

  init(_ info: pa_sink_info) {
    index = unsafe info.index
    name = unsafe info.name.map { unsafe String(cString: $0) } ?? ""
    description = unsafe info.description.map { unsafe String(cString: $0) } ?? name
    isMuted = unsafe info.mute != 0
    volume = unsafe Share(info.volume)
    isInUse = unsafe info.state == PA_SINK_RUNNING
    let properties = unsafe PulseProperties(info.proplist)
    kind = unsafe properties.kind(
      isNetwork: info.flags.rawValue & PA_SINK_NETWORK.rawValue != 0,
      isHardware: info.flags.rawValue & PA_SINK_HARDWARE.rawValue != 0)
    place = properties.place
    bus = properties["device.bus"]
  }

  /// What the sound server makes up where there is no speaker.
  var isDummy: Bool { name == "auto_null" }
}
