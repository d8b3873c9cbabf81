internal import CPulse
internal import PrecallCore

/// A sound card, as far as it explains why a device that is connected offers no microphone.
struct PulseCard: Sendable {
  var hidden: MicrophoneFacts.Hidden?

  init(hasInput: Bool, couldHaveInput: Bool, isBluetooth: Bool) {
    guard !hasInput, couldHaveInput else { return }
    hidden = isBluetooth ? .headsetPlaysMusic : .outputProfile
  }

  init(_ info: pa_card_info) {
    let active = unsafe info.active_profile2
    let hasInput = unsafe active.map { unsafe $0.pointee.n_sources > 0 } ?? false
    var couldHaveInput = false
    if let profiles = unsafe info.profiles2 {
      for index in unsafe 0..<Int(info.n_profiles) {
        guard let profile = unsafe profiles[index] else { continue }
        if unsafe profile.pointee.n_sources > 0 && profile.pointee.available != 0 { couldHaveInput = true }
      }
    }
    let name = unsafe info.name.map { unsafe String(cString: $0) } ?? ""
    self.init(
      hasInput: hasInput, couldHaveInput: couldHaveInput, isBluetooth: name.hasPrefix("bluez_card"))
  }
}
