#if !hasFeature(Embedded)
  /// What can be found of the way to the server by a program that may ask the system; a browser may not.
  extension FindingKind {
    static var networkPath: [FindingKind] {
      [weakWiFi, largePacketsLost, transferStalled, tunnelled, brokenIPv6, brokenIPv4, unevenFamilies]
    }

    package static let weakWiFi = FindingKind(
      "network.weak-wifi", .network, .warning, cap: .standardVideo, at: .localNetwork,
      says: "The Wi-Fi signal is weak where you sit.",
      remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
      explanation: """
        The system gives the strength of the Wi-Fi's signal (nl80211), and it is below -75 dBm. \
        At this strength packets are repeated on the air, which costs speed and makes the delay uneven.
        """)
    package static let largePacketsLost = FindingKind(
      "network.large-packets-lost", .network, .warning, cap: .standardVideo, at: .accessLine,
      says: "Your network swallows large packets, so pages and pictures may hang.",
      remedy: "Turn off your VPN if you use one, or restart your router.",
      explanation: """
        Test packets as large as the interface sends (1,500 octets at most) vanish while small ones pass, or \
        the server's TLS handshake came through in small segments only, and nobody says that the large ones \
        are too large: a path-MTU black hole (RFC 2923). Usual causes: a VPN or PPPoE line with too large an \
        MTU and a firewall that drops ICMP. Lower the interface's MTU, or let ICMP type 3 code 4 (IPv6: type \
        2) pass.
        """)
    package static let transferStalled = FindingKind(
      "network.transfer-stalled", .network, .note, cap: .hdVideo, at: .farNetwork,
      says: "Your line carries a call, but a file sent or received beside it got stuck.",
      remedy: "If pages hang as well, turn off your VPN, or restart your router.",
      explanation: """
        A call held in the rehearsal, both ways, and then a transfer over TCP got less than a tenth of its \
        rate: a fast line on which TCP stalls, not a slow one, so that the rate is given as a bound. Usual \
        causes: large packets that vanish (RFC 2923), a firewall or proxy that holds transfers back, or a \
        server with too much to do.
        """)
    package static let tunnelled = FindingKind(
      "network.vpn", .network, .note, cap: .hdVideo, at: .thisComputer,
      says: "Your call goes through a VPN.",
      remedy: "If the call stutters, turn off the VPN for the visit.",
      explanation: """
        Packets to the server leave by a tunnel (tun, WireGuard or PPP). That adds delay and takes from the \
        size of packets; it does no harm where the figures are good.
        """)
    package static let brokenIPv6 = FindingKind(
      "network.ipv6-broken", .network, .note, cap: .hdVideo, at: .accessLine,
      says: "The newer of your two ways to the internet (IPv6) does not work.",
      remedy: "Restart your router; if it stays, tell your internet provider.",
      explanation: """
        The server's name has addresses of IPv4 and IPv6 and this computer has a way to both, yet none of \
        three TCP handshakes over IPv6 came about while those over IPv4 did. Programs that try IPv6 first \
        wait before they fall back (RFC 8305 recommends 250 ms), and some do not fall back. Where the server \
        refused them, its IPv6 address is wrong or nothing listens there.
        """)
    package static let brokenIPv4 = FindingKind(
      "network.ipv4-broken", .network, .note, cap: .hdVideo, at: .accessLine,
      says: "The older of your two ways to the internet (IPv4) does not work.",
      remedy: "Restart your router; if it stays, tell your internet provider.",
      explanation: """
        The server's name has addresses of IPv4 and IPv6 and this computer has a way to both, yet none of \
        three TCP handshakes over IPv4 came about while those over IPv6 did. Many servers, relays of calls \
        among them, have IPv4 only. Where the server refused them, its IPv4 address is wrong or nothing \
        listens there.
        """)
    package static let unevenFamilies = FindingKind(
      "network.ip-versions-differ", .network, .note, cap: .hdVideo, at: .accessLine,
      says: "One of your two ways to the internet (IPv4 and IPv6) is far slower.",
      remedy: "If the call stutters, restart your router, and tell your internet provider.",
      explanation: """
        A TCP handshake over one version of IP takes more than twice as long as over the other, and 50 ms \
        more. Which of them a call takes is up to the programs at its two ends. Usual causes: a tunnel for \
        IPv6, or a provider's shared translator for IPv4.
        """)
  }
#endif
