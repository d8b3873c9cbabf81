/// What can keep a computer from reaching the server.
extension FindingKind {
  static var networkReach: [FindingKind] {
    [
      unknownHost, lookupFailed, unreachable, connectTimeout, proxyFailed, captivePortal, clockBreaksTLS,
    ]
  }

  package static let unknownHost = FindingKind(
    "network.unknown-host", .network, .problem, cap: .phone, at: .localNetwork,
    says: "The name of the test server was not found.",
    remedy: "Check the address you were given for typing mistakes.",
    explanation: """
      The name lookup (DNS) answered that there is no such name. If the address is right, a filter or a \
      private DNS on this network may hide it.
      """)
  package static let lookupFailed = FindingKind(
    "network.lookup-failed", .network, .problem, cap: .phone, at: .localNetwork,
    says: "Your network can't look up internet addresses.",
    remedy: "Restart your router. If you use a VPN, turn it off.",
    explanation: """
      No name server (DNS) gave an answer in time. Is the computer online at all? Try another page; try \
      another DNS.
      """)
  package static let unreachable = FindingKind(
    "network.unreachable", .network, .problem, cap: .phone, at: .localNetwork,
    says: "This computer has no way to the test server.",
    remedy: "Check that you are connected to Wi-Fi or a network cable.",
    explanation: """
      The system says that there is no route to the server's address: no network, only IPv4 or only IPv6 \
      where the other is needed, or a firewall that says no at once.
      """)
  package static let connectTimeout = FindingKind(
    "network.connect-timeout", .network, .problem, cap: .phone, at: .farNetwork,
    says: "The test server does not answer.",
    remedy: "Try another network, such as your phone's hotspot.",
    explanation: """
      The name was found, but no connection came about in time. A firewall that drops silently, a wrong \
      port, or a server that is down. If another network works, it is this one's firewall.
      """)
  package static let proxyFailed = FindingKind(
    "network.proxy", .network, .problem, cap: .phone, at: .localNetwork,
    says: "The proxy set on this computer does not let the test through.",
    remedy: "Ask whoever runs your network about the proxy, or turn it off.",
    explanation: """
      A proxy is set (http_proxy, https_proxy or all_proxy in the environment) and could not be found or \
      reached, asks for a login, or refused.
      """)
  package static let captivePortal = FindingKind(
    "network.captive-portal", .network, .problem, cap: .phone, at: .localNetwork,
    says: "This network wants you to sign in first.",
    remedy: "Open any web page, sign in or accept the terms, then test again.",
    explanation: """
      In place of the server's answer came a redirect or a web page: a sign-in page of a hotel, hospital or \
      guest network, or a filter's block page. It may also be that the address is that of a web site.
      """)
  package static let clockBreaksTLS = FindingKind(
    "network.clock-breaks-security", .network, .problem, cap: .phone, at: .thisComputer,
    says: "The clock of this computer is wrong, so it trusts no secure page.",
    remedy: "Open the settings for date and time and let them be set by themselves.",
    explanation: """
      The server's certificate is not valid at the time that this computer believes it is, and the server's \
      own clock is more than a day off this computer's.
      """)
}
