/// What can be found of a call's own path, in a browser.
extension FindingKind {
  static var networkCall: [FindingKind] {
    [
      callPathBlocked, relayUnreachable, testPortBlocked, callPathRefused, callPathUntested, callOverTCP,
      callOverTLS, callLoss, callJitter, callSlow, callPictureSlow, callJerky,
    ]
  }

  package static let callPathBlocked = FindingKind(
    "network.call-path-blocked", .network, .problem, cap: .phone, at: .localNetwork,
    says: "Your network lets web pages through, but no calls.",
    remedy: "Try another network, such as your phone's hotspot, or turn off your VPN.",
    explanation: """
      No connection to the relay (TURN) came about, neither over UDP nor TCP nor TLS. A firewall, VPN, proxy \
      or browser extension blocks it; a policy may switch WebRTC off. Ask for the relay's ports to be opened.
      """)
  package static let relayUnreachable = FindingKind(
    "network.relay-unreachable", .network, .warning, cap: .standardVideo, at: .server,
    says: "The call server did not answer, so the call's path was not tested.",
    remedy: "Tell your clinic; test packets get through, so your network is likely fine.",
    explanation: """
      No connection to the relay (TURN) came about, neither over UDP nor TCP nor TLS, though UDP test packets \
      to the test server came back. The relay is down, its address is wrong, or a firewall blocks its ports.
      """)
  package static let testPortBlocked = FindingKind(
    "network.test-port-blocked", .network, .note, cap: .hdVideo, at: .localNetwork,
    says: "Test packets do not get through, but calls do.",
    remedy: "Nothing needs to be done.",
    explanation: """
      None of the UDP test packets came back from the server's test port, but the relay (TURN) was reached \
      over UDP, as calls are. Loss and jitter could not be measured.
      """)
  package static let callPathRefused = FindingKind(
    "network.call-path-refused", .network, .problem, cap: .hdVideo, at: .server,
    says: "The call server did not accept the test, so the call's path was not tested.",
    remedy: "Tell your clinic; nothing on your side is wrong.",
    explanation: """
      The relay (TURN) answered 401 to credentials that this server had just made: they do not share the \
      same secret, or one of their clocks is wrong.
      """)
  package static let callPathUntested = FindingKind(
    "network.call-path-untested", .network, .note, cap: .hdVideo, at: .server,
    says: "The path that calls take was not tested.",
    remedy: "Nothing needs to be done.",
    explanation: """
      No relay (TURN) is set up at this server, or the server did not say where it is, or the browser has no \
      WebRTC to test one with.
      """)
  package static let callOverTCP = FindingKind(
    "network.call-over-tcp", .network, .warning, cap: .lowVideo, at: .localNetwork,
    says: "Your network blocks the way that calls like best, so a call takes a slower one.",
    remedy: "Try another network, such as your phone's hotspot, or turn off your VPN.",
    explanation: """
      The relay (TURN) was reached over TCP only. UDP to it is blocked by a firewall, VPN or proxy; over TCP \
      a call stutters when packets are lost. Ask for UDP to be let out to the relay's port.
      """)
  package static let callOverTLS = FindingKind(
    "network.call-over-tls", .network, .warning, cap: .lowVideo, at: .localNetwork,
    says: "Your network lets calls through only the way that web pages take, so expect delays.",
    remedy: "Try another network, such as your phone's hotspot, or turn off your VPN.",
    explanation: """
      The relay (TURN) was reached over TLS only. UDP and plain TCP to it are blocked; over TLS a call \
      stutters when packets are lost. Ask for UDP to be let out to the relay's port.
      """)
  package static let callLoss = FindingKind(
    "network.call-loss", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Parts of the sound got lost in a test call.",
    remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
    explanation: """
      RTP packets of sound were lost on the loop from the browser through the relay and back. The loop \
      passes the person's line twice, so each direction loses about half.
      """)
  package static let callJitter = FindingKind(
    "network.call-jitter", .network, .warning, cap: .standardVideo, at: .localNetwork,
    says: "In a test call, sound and picture came unevenly.",
    remedy: "Move closer to your Wi-Fi box, or plug in a network cable.",
    explanation: """
      The jitter of the sound (RFC 3550) on the loop through the relay is high. Usual causes: weak or \
      crowded Wi-Fi, other use of the line, mobile networks, or a computer that is very busy.
      """)
  package static let callSlow = FindingKind(
    "network.call-slow", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "In a test call the answer came late, so you may talk over each other.",
    remedy: "Turn off your VPN if you use one, and try another network.",
    explanation: """
      Half the round trip of the loop through the relay is over the limit. If web requests are fast, the \
      relay is far away, or the line was full during the call.
      """)
  package static let callPictureSlow = FindingKind(
    "network.call-picture-slow", .network, .warning, cap: .lowVideo, at: .accessLine,
    says: "In a test call the picture came slowly, so it will not be sharp.",
    remedy: "Stop downloads, streaming and backups on all your devices, then test again.",
    explanation: """
      The picture of the test call came through the loop at less than the sender was allowed: its congestion \
      control held it back, by loss or growing delay on the way through the relay. Compare with the download \
      and upload rate.
      """)
  package static let callJerky = FindingKind(
    "network.call-jerky", .network, .warning, cap: .lowVideo, at: .thisComputer,
    says: "In a test call the picture was jerky.",
    remedy: "Close other programs and browser tabs, then test again.",
    explanation: """
      Fewer pictures a second than a visit needs were decoded whole. If the picture's rate is in order, the \
      computer is too busy or too slow to code and decode video; else the line loses them.
      """)
}
