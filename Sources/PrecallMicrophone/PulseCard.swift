internal import CPulse
internal import PrecallCore

/// A sound card, as far as it explains why a device that is connected offers no microphone.
struct PulseCard: Sendable {
  var hidden: MicrophoneFacts.Hidden?
  /// For a person: what the card is called, and its first profile that has a microphone.
  var title = ""

  init(hasInput: Bool, couldHaveInput: Bool, isBluetooth: Bool) {
    guard !hasInput, couldHaveInput else { return }
    hidden = isBluetooth ? .headsetPlaysMusic : .outputProfile
  }

  init(_ info: pa_card_info) {
    let active = unsafe info.active_profile2
    let hasInput = unsafe active.map { unsafe $0.pointee.n_sources > 0 } ?? false
    var profile: String?
    if let profiles = unsafe info.profiles2 {
      for index in unsafe 0..<Int(info.n_profiles) {
        guard let one = unsafe profiles[index], unsafe one.pointee.n_sources > 0 && one.pointee.available != 0
        else { continue }
        if profile == nil {
          let text = unsafe one.pointee.description ?? one.pointee.name
          profile = unsafe text.map { unsafe String(cString: $0) }
        }
      }
    }
    let name = unsafe info.name.map { unsafe String(cString: $0) } ?? ""
    self.init(
      hasInput: hasInput, couldHaveInput: profile != nil, isBluetooth: name.hasPrefix("bluez_card"))
    let description = unsafe PulseProperties(info.proplist)["device.description"] ?? name
    title = profile.map { "\(description); its profile \($0) has a microphone" } ?? description
  }
}
