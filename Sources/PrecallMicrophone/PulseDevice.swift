internal import CPulse
internal import PrecallCore

/// A source or a sink, as a person names it.
protocol PulseDevice {
  var index: UInt32 { get }
  var name: String { get }
  var description: String { get }
  /// Where it is plugged in, as the kernel says it.
  var place: String? { get }
}

extension Sequence where Element: PulseDevice {
  /// The name or number exactly, else those with a part of the description.
  func meant(by asked: String) -> [Element] {
    let exact = filter { $0.name == asked || String($0.index) == asked }
    if !exact.isEmpty { return exact }
    let part = asked.lowercased()
    return filter { $0.description.lowercased().contains(part) }
  }

  /// The descriptions; those that several share are told apart by where they are plugged in, or by their
  /// names where that is the same too.
  var titles: [String] {
    let plain = map(\.description)
    let placed = map { device in
      plain.count { $0 == device.description } > 1 ? device.title(with: device.place) : device.description
    }
    return zip(self, placed).map { device, title in
      placed.count { $0 == title } > 1 ? device.title(with: device.name) : title
    }
  }
}

extension PulseDevice {
  fileprivate func title(with words: String?) -> String {
    words.map { "\(description) (\($0))" } ?? description
  }
}

/// A device's properties, copied out of libpulse's memory.
@safe struct PulseProperties {
  private let list: OpaquePointer?

  init(_ list: OpaquePointer?) { unsafe self.list = list }

  subscript(name: String) -> String? {
    guard let list = unsafe list, let value = unsafe pa_proplist_gets(list, name) else { return nil }
    return unsafe String(cString: value)
  }

  var place: String? { self["device.bus_path"] ?? self["sysfs.path"] }

  /// What stands behind a source or sink that is no monitor.
  func kind(isNetwork: Bool, isHardware: Bool) -> MicrophoneFacts.Kind {
    if self["device.bus"] == "bluetooth" || self["device.api"]?.hasPrefix("bluez") == true {
      return .bluetooth
    }
    // PipeWire's filters have no master; those that cancel echo have not even the class.
    if self["device.class"] == "filter" || self["device.master_device"] != nil
      || self["node.link-group"] != nil
    {
      return .filter
    }
    if isNetwork { return .network }
    return isHardware ? .hardware : .virtual
  }
}

extension Share {
  /// The loudest channel.
  init(_ volume: pa_cvolume) {
    var volume = volume
    self.init(base: Int64(unsafe pa_cvolume_max(&volume)) * 1_000_000 / Int64(PA_VOLUME_NORM))
  }
}
