internal import CPulse
internal import PrecallCore

/// A source that the sound server offers, copied out of libpulse's memory.
struct PulseSource: Sendable, PulseDevice {
  var index: UInt32
  var name: String
  var description: String
  var isMuted: Bool
  var volume: Share
  var kind: MicrophoneFacts.Kind
  var sampleRate: UInt32
  var channels: UInt8
  /// Where each channel is: what is recorded otherwise the server mixes anew.
  var map: pa_channel_map
  var isShort: Bool
  var port: Port?
  /// A port for a microphone, into which one may be plugged.
  var microphonePort: Port?
  /// The source that this one filters, where that is known.
  var master: String?
  /// What PipeWire calls the two ends of one filter.
  var linkGroup: String?
  var place: String?
  var bus: String?
  var isInUse: Bool

  struct Port: Sendable {
    var description: String
    var kind: MicrophoneFacts.Port
    /// Unknown where the hardware can't tell.
    var isPluggedIn: Bool?
  }

  init(_ info: pa_source_info) {
    index = unsafe info.index
    name = unsafe info.name.map { unsafe String(cString: $0) } ?? ""
    description = unsafe info.description.map { unsafe String(cString: $0) } ?? name
    isMuted = unsafe info.mute != 0
    volume = unsafe Share(info.volume)
    sampleRate = unsafe info.sample_spec.rate
    channels = unsafe info.sample_spec.channels
    map = unsafe info.channel_map
    isShort = unsafe info.sample_spec.format == PA_SAMPLE_S16LE
    isInUse = unsafe info.state == PA_SOURCE_RUNNING
    let properties = unsafe PulseProperties(info.proplist)
    master = properties["device.master_device"]
    linkGroup = properties["node.link-group"]
    place = properties.place
    bus = properties["device.bus"]
    let isMonitor = unsafe info.monitor_of_sink != precall_pulse_invalid_index
    kind =
      isMonitor
      ? .monitor
      : properties.kind(
        isNetwork: unsafe info.flags.rawValue & PA_SOURCE_NETWORK.rawValue != 0,
        isHardware: unsafe info.flags.rawValue & PA_SOURCE_HARDWARE.rawValue != 0)
    port = unsafe info.active_port.map { unsafe Self.port($0.pointee) }
    microphonePort = unsafe Self.ports(of: info).first {
      ($0.kind == .microphone || $0.kind == .headset) && $0.isPluggedIn != false
    }
  }

  var isMonitor: Bool { kind == .monitor }

  private static func ports(of info: pa_source_info) -> [Port] {
    guard let ports = unsafe info.ports else { return [] }
    return (unsafe 0..<Int(info.n_ports)).compactMap { index in
      unsafe ports[index].map { unsafe port($0.pointee) }
    }
  }

  private static func port(_ info: pa_source_port_info) -> Port {
    let available: Bool? =
      switch unsafe pa_port_available(rawValue: UInt32(info.available)) {
      case PA_PORT_AVAILABLE_YES: true
      case PA_PORT_AVAILABLE_NO: false
      default: nil
      }
    let kind: MicrophoneFacts.Port =
      switch unsafe pa_device_port_type(rawValue: info.type) {
      case PA_DEVICE_PORT_TYPE_MIC: .microphone
      case PA_DEVICE_PORT_TYPE_HEADSET, PA_DEVICE_PORT_TYPE_HANDSFREE, PA_DEVICE_PORT_TYPE_EARPIECE: .headset
      case PA_DEVICE_PORT_TYPE_LINE, PA_DEVICE_PORT_TYPE_AUX: .lineIn
      default: unsafe named(info.name.map { unsafe String(cString: $0) } ?? "")
      }
    let description = unsafe (info.description ?? info.name).map { unsafe String(cString: $0) } ?? ""
    return Port(description: description, kind: kind, isPluggedIn: available)
  }

  /// Servers before PulseAudio 14 give ports no type.
  private static func named(_ name: String) -> MicrophoneFacts.Port {
    let name = name.lowercased()
    if name.contains("mic") { return .microphone }
    if name.contains("headset") { return .headset }
    return name.contains("line") ? .lineIn : .other
  }
}

extension PulseSource {
  /// What is known of this source beside the others.
  func facts(among sources: [PulseSource], default defaultName: String?) -> MicrophoneFacts {
    var facts = MicrophoneFacts()
    facts.kind = kind
    facts.port = port?.kind
    facts.isPluggedIn = port?.isPluggedIn
    facts.hasOtherMicrophonePort = port.map { $0.kind != .microphone && microphonePort != nil }
    facts.isMuted = isMuted
    facts.volume = volume
    facts.sampleRate = Int(sampleRate)
    facts.channels = Int(channels)
    facts.isDefault = defaultName == PulseInventory.noSource ? nil : defaultName.map { $0 == name }
    if let behind = behind(among: sources) {
      facts.isMasterMuted = behind.isMuted || behind.volume == .zero
    }
    return facts
  }

  /// For a person: the port that is selected, and the one for a microphone.
  var portNames: String {
    guard let port else { return "" }
    guard port.kind == .lineIn, let microphonePort else { return port.description }
    return "\(port.description); \(microphonePort.description) is there"
  }

  /// The source that this one filters.
  private func behind(among sources: [PulseSource]) -> PulseSource? {
    guard let master else { return nil }
    return sources.first { $0.name == master }
  }

  /// For a person: what this filter is called, and what is behind it; nothing where it is no filter.
  func path(among sources: [PulseSource]) -> String {
    guard kind == .filter else { return "" }
    return behind(among: sources).map { "\(description) on \($0.description)" } ?? description
  }
}
