#if !hasFeature(Embedded)
  /// What can be found of the way to the server by a program that may ask the system; a browser may not.
  extension FindingKind {
    static var networkPath: [FindingKind] { [weakWiFi, largePacketsLost, tunnelled] }

    package static let weakWiFi = FindingKind(
      "network.weak-wifi", .network, .warning, cap: .standardVideo, at: .localNetwork,
      says: "The Wi-Fi signal is weak where you sit.",
      remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
      explanation: """
        The system gives the strength of the Wi-Fi's signal (/proc/net/wireless), and it is below -75 dBm. \
        At this strength packets are repeated on the air, which costs speed and makes the delay uneven. The \
        radio's bit rate is not measured.
        """)
    package static let largePacketsLost = FindingKind(
      "network.large-packets-lost", .network, .warning, cap: .standardVideo, at: .accessLine,
      says: "Your network swallows large packets, so pages and pictures may hang.",
      remedy: "Turn off your VPN if you use one, or restart your router.",
      explanation: """
        Test packets of 1,400 octets vanish while small ones pass, and nobody says that they are too large: \
        a path-MTU black hole (RFC 2923). Usual causes: a VPN or PPPoE line with too large an MTU and a \
        firewall that drops ICMP. Lower the interface's MTU, or let ICMP type 3 code 4 (IPv6: type 2) pass.
        """)
    package static let tunnelled = FindingKind(
      "network.vpn", .network, .note, cap: .hdVideo, at: .thisComputer,
      says: "Your call goes through a VPN.",
      remedy: "If the call stutters, turn off the VPN for the visit.",
      explanation: """
        Packets to the server leave by a tunnel (tun, WireGuard or PPP). That adds delay and takes from the \
        size of packets; it does no harm where the figures are good.
        """)
  }
#endif
