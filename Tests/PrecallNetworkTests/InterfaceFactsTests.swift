import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Testing

/// Described computers in `Fixtures/network/computers`, in the words of Linux's own files.
struct `The interface to the server` {
  private func facts(_ name: String, of computer: String) -> InterfaceFacts {
    InterfaceFacts(name, root: Fixtures.path("network/computers/\(computer)"))
  }

  @Test(arguments: [
    ("wifi", "wlp3s0", NetworkPath.Interface.wifi), ("wireguard", "wg0", .tunnel),
    ("wireguard", "enp0s31f6", .wired), ("mobile", "wwan0", .mobile), ("mobile", "ppp0", .tunnel),
    ("mobile", "docker0", .virtual), ("mobile", "lo", .loopback),
  ]) func `is told by the kernel's marks`(computer: String, name: String, kind: NetworkPath.Interface) {
    #expect(facts(name, of: computer).kind == kind)
  }

  @Test func `that is not there is not known`() {
    let none = facts("eth9", of: "wifi")
    #expect(none.kind == nil)
    #expect(none.mtu == nil)
    #expect(none.gateway(version: 4) == nil)
  }

  @Test func `has its gateway, the least metric first`() {
    let wifi = facts("wlp3s0", of: "wifi")
    #expect(wifi.gateway(version: 4) == "192.168.1.1")
    #expect(wifi.gateway(version: 6) == "fe80:0000:0000:0000:0a0b:0cff:fe0d:0e0f%wlp3s0")
  }

  @Test func `that is a tunnel has the gateway by which its packets leave`() {
    #expect(facts("wg0", of: "wireguard").gateway(version: 4) == "172.16.0.1")
    #expect(facts("wg0", of: "wireguard").mtu == ByteCount(base: 1_420))
  }

  /// OpenVPN's own default route, as NetworkManager sets it, ends at the far end of the tunnel, and is the
  /// only one of IPv6.
  @Test(arguments: [4, 6] as [Int64]) func `that is a tunnel over Wi-Fi tells of that Wi-Fi`(version: Int64) {
    let tunnel = facts("tun0", of: "wifi-vpn")
    #expect(tunnel.kind == .tunnel)
    #expect(tunnel.gateway(version: version) == "192.168.1.1")
    #expect(tunnel.carrier(version: version).kind == .wifi)
  }

  @Test func `that is no tunnel, or one that nothing is known to carry, is its own carrier`() {
    #expect(facts("wlp3s0", of: "wifi-vpn").carrier(version: 4).kind == .wifi)
    #expect(facts("wlp3s0", of: "wifi-vpn").gateway(version: 6) == nil)
    #expect(facts("wg0", of: "wireguard").carrier(version: 4).kind == .wired)
    #expect(facts("ppp0", of: "mobile").carrier(version: 4).kind == .tunnel)
    #expect(facts("wwan0", of: "mobile").carrier(version: 4).kind == .mobile)
  }
}

struct `Hops` {
  @Test(arguments: [
    (["192.168.1.1", "203.0.113.1", "198.51.100.7"], [Place.localNetwork, .accessLine, .farNetwork]),
    // Two routers at home, then the provider's shared addresses (RFC 6598) are already the line.
    (["10.0.0.1", "192.168.100.1", "100.64.3.1"], [.localNetwork, .localNetwork, .accessLine]),
    // Private addresses behind the first public one are the provider's.
    (["203.0.113.1", "10.1.2.3"], [.accessLine, .farNetwork]),
    (["fe80::1", "fd12::1", "2001:db8::1"], [.localNetwork, .localNetwork, .accessLine]),
    (["172.15.0.1"], [.accessLine]), (["172.31.255.1"], [.localNetwork]), ([], []),
  ]) func `lie where their addresses say`(addresses: [String], places: [Place]) {
    #expect(HopPlace.places(of: addresses) == places)
  }

  @Test func `of a tunnel are never in the local network`() {
    let addresses = ["10.8.0.1", "192.168.7.1", "198.51.100.7"]
    #expect(
      HopPlace.places(of: addresses, inTunnel: true) == [.accessLine, .farNetwork, .farNetwork])
  }
}
