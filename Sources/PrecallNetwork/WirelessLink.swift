import CWireless
import PrecallCore

/// How a Wi-Fi hears its access point and how fast it sends now, by nl80211. What the kernel does not tell is not
/// known.
struct WirelessLink {
  /// The mean strength of what was heard, in dBm.
  let signal: Decibels?
  let rate: BitRate?

  /// The kernel answers at once; a driver that is asked for it may be slow.
  private static let longest: Int32 = 200

  init(of interface: InterfaceFacts) {
    var signal: Int32 = 0
    var rate: Int64 = 0
    _ = unsafe precall_wireless_link(interface.name, Self.longest, &signal, &rate)
    // Some drivers tell a number of their own, which is not below zero and means nothing.
    self.signal = signal < 0 ? Decibels(base: Int64(signal) * 1_000) : nil
    self.rate = rate > 0 ? BitRate(base: rate) : nil
  }
}
