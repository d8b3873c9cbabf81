/// What can be found of the network.
extension FindingKind {
  package static var network: [FindingKind] {
    #if hasFeature(Embedded)
      networkReach + networkServer + networkLine + networkRehearsal + networkCall
    #else
      networkReach + networkServer + networkLine + networkPath + networkRehearsal + networkCall
    #endif
  }
}

// MARK: The line

extension FindingKind {
  static var networkLine: [FindingKind] {
    [
      udpBlocked, packetLoss, highJitter, highLatency, bufferbloat, poorSound, slowDownload, slowUpload,
      lineLost, wrongClock, slowLookup, slowConnect, outOfTime,
    ]
  }

  package static let udpBlocked = FindingKind(
    "network.udp-blocked", .network, .warning, cap: .lowVideo, at: .localNetwork,
    says: "Your network blocks the way that calls like best.",
    remedy: "Try another network, such as your phone's hotspot, or turn off your VPN.",
    explanation: """
      Web pages reach the server, but none of the UDP test packets came back. A firewall, VPN or proxy lets \
      only web traffic through; a call then has to go over TCP and stutters when packets are lost. Ask for \
      UDP to be let out to the server's port. If others see this too, the server's UDP port is not open.
      """)
  package static let packetLoss = FindingKind(
    "network.packet-loss", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Parts of your call will get lost on the way.",
    remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
    explanation: """
      Test packets were lost, counted for each direction by the server's own numbering. Under 1 % is hardly \
      heard; from 5 % on, speech breaks up. Loss on Wi-Fi comes in bursts; loss while something else on the \
      line is busy points to a full line.
      """)
  package static let highJitter = FindingKind(
    "network.jitter", .network, .warning, cap: .standardVideo, at: .localNetwork,
    says: "Your connection is uneven, so sound and picture may stutter.",
    remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
    explanation: """
      The time that packets take changes a lot from one to the next (mean |IPDV|). The receiver has to wait \
      longer to even it out, or drop what comes late. Usual causes: weak or crowded Wi-Fi, other use of the \
      line, mobile networks.
      """)
  package static let highLatency = FindingKind(
    "network.latency", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection answers slowly, so you may talk over each other.",
    remedy: "Turn off your VPN if you use one, and try another network.",
    explanation: """
      The round-trip time on the idle line is high. Satellite lines, VPNs with a far exit and overloaded \
      mobile cells do this. Speed does not help against it.
      """)
  package static let bufferbloat = FindingKind(
    "network.bufferbloat", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection gets slow to answer when something else uses it.",
    remedy: "During the visit, stop downloads, streaming and backups on all your devices.",
    explanation: """
      The round-trip time rose well above that of the idle line while the test filled it: the router or \
      modem queues too much. A router with smart queue management (fq_codel, CAKE) cures it.
      """)
  package static let poorSound = FindingKind(
    "network.audio-quality", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "The sound of your call will likely be poor.",
    remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
    explanation: """
      Delay, its variation and loss together give a low estimate by the E-model (ITU-T G.107). It is an \
      estimate with assumed values for the Opus codec, not a measured score; see the single figures.
      """)
  package static let slowDownload = FindingKind(
    "network.slow-download", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection is slow at receiving.",
    remedy: "Stop downloads and streaming on all your devices, then test again.",
    explanation: """
      The rate that programs received from the server over several flows is below what the visit asks for. \
      Compare on a cable next to the router: if that is fast, it is the Wi-Fi, else the line.
      """)
  package static let slowUpload = FindingKind(
    "network.slow-upload", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection is slow at sending.",
    remedy: "Stop uploads, photo sync and backups on all your devices, then test again.",
    explanation: """
      The rate that the server received over several flows is below what the visit asks for. Home lines \
      often send far slower than they receive.
      """)
  package static let lineLost = FindingKind(
    "network.line-lost", .network, .problem, cap: .audioOnly, at: .accessLine,
    says: "Your connection dropped out during the test.",
    remedy: "Restart your router, or try another network, then test again.",
    explanation: """
      The server had answered, then nothing came through until the step's time was up, and nobody closed \
      the connection. A new connection that was tried then told nothing against the server. The figures up to \
      then were kept.
      """)
  package static let outOfTime = FindingKind(
    "network.out-of-time", .network, .note, cap: .hdVideo, at: .accessLine,
    says: "The network test ran out of time before it was done.",
    remedy: "Test again; if it stays so, restart your router.",
    explanation: """
      The check ends after about ten seconds, whatever is left to do. A slow name lookup or a line with long \
      delays used them up. The figures that are there are good; the others were not measured.
      """)
  package static let wrongClock = FindingKind(
    "network.wrong-clock", .network, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The clock of this computer is wrong.",
    remedy: "Open the settings for date and time and let them be set by themselves.",
    explanation: """
      This computer's clock is more than five minutes off the server's. Secure connections and call \
      credentials are valid for a certain time only and may fail.
      """)
  package static let slowLookup = FindingKind(
    "network.slow-lookup", .network, .note, cap: .hdVideo, at: .localNetwork,
    says: "Finding the server's address took long.",
    remedy: "Restart your router.",
    explanation: """
      The name lookup (DNS) took over two seconds. Often the first of several name servers does not answer.
      """)
  package static let slowConnect = FindingKind(
    "network.slow-connect", .network, .note, cap: .hdVideo, at: .accessLine,
    says: "Getting through to the server took long.",
    remedy: "If it happens again, move closer to your Wi-Fi router or use a cable.",
    explanation: """
      Connecting took over a second, or the first answer over two: a packet was lost and sent again, the \
      line was away for a moment, or the server was slow to answer. Calls may then be slow to begin.
      """)
}
