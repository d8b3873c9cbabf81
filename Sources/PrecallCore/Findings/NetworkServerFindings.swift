/// What can be wrong with the server that is tested against. None of it says anything of the person's line.
extension FindingKind {
  static var networkServer: [FindingKind] {
    [
      refused, tlsFailed, certificateUntrusted, certificateExpired, certificateNotYetValid,
      certificateWrongName, httpError, serverBusy, notPrecall, serverSilent, serverClosed, serverEndless,
      serverStopped, reflectorNotBelieved,
    ]
  }

  package static let refused = FindingKind(
    "network.refused", .network, .problem, cap: .phone, at: .server,
    says: "The test server is switched off or not at this address.",
    remedy: "Check the address you were given, then try again in a few minutes.",
    explanation: """
      The host answered, and refused the connection: nothing listens on this port. A firewall may also \
      refuse in its name.
      """)
  package static let tlsFailed = FindingKind(
    "network.tls", .network, .problem, cap: .phone, at: .server,
    says: "No secure connection to the test server came about.",
    remedy: "Check that the address begins as you were given it, then try another network.",
    explanation: """
      The TLS handshake failed or was not answered: the port speaks no TLS, no version or cipher is shared, \
      or something between breaks it.
      """)
  package static let certificateUntrusted = FindingKind(
    "network.certificate-untrusted", .network, .problem, cap: .phone, at: .localNetwork,
    says: "This computer does not trust who answered in the test server's name.",
    remedy: "Try another network, such as your phone's hotspot.",
    explanation: """
      The certificate's issuer is not known here. Either a virus scanner or a company's proxy opens secure \
      connections (then its certificate must be installed), or the server uses a certificate of its own.
      """)
  package static let certificateExpired = FindingKind(
    "network.certificate-expired", .network, .problem, cap: .phone, at: .server,
    says: "The test server's proof of identity has run out.",
    remedy: "Tell your clinic; nothing on your side is wrong.",
    explanation: """
      The server's certificate has expired, and this computer's clock agrees with the server's. The server \
      needs a new one.
      """)
  package static let certificateNotYetValid = FindingKind(
    "network.certificate-not-yet-valid", .network, .problem, cap: .phone, at: .server,
    says: "The test server's proof of identity is not valid yet.",
    remedy: "Tell your clinic; if this computer's clock is wrong, set it first.",
    explanation: """
      The server's certificate becomes valid in the future. Usually this computer's clock is behind; here \
      it agrees with the server's, or the server's time could not be read.
      """)
  package static let certificateWrongName = FindingKind(
    "network.certificate-wrong-name", .network, .problem, cap: .phone, at: .server,
    says: "Someone other than the test server answered in its name.",
    remedy: "Check the address you were given. On guest Wi-Fi, sign in first.",
    explanation: """
      The certificate is for another name. A sign-in page of a guest network does this, a wrong address, or \
      a server set up with the wrong certificate.
      """)
  package static let httpError = FindingKind(
    "network.http-error", .network, .problem, cap: .hdVideo, at: .server,
    says: "The test server reported an error, so the network was not tested.",
    remedy: "Try again in a few minutes; if it stays, tell your clinic.",
    explanation: """
      The server answered with an HTTP status that is an error. Its log says why; where it has no such line, a \
      reverse proxy before it refused: many take uploads of 1 MB at most (status 413).
      """)
  package static let serverBusy = FindingKind(
    "network.server-busy", .network, .problem, cap: .hdVideo, at: .server,
    says: "The test server is busy, so the network was not tested.",
    remedy: "Try again in a minute.",
    explanation: """
      The server answered 503 or 429: too many tests at once. It says nothing of the person's line.
      """)
  package static let notPrecall = FindingKind(
    "network.not-a-precall-server", .network, .problem, cap: .hdVideo, at: .server,
    says: "What answered at this address is not a test server.",
    remedy: "Check the address you were given.",
    explanation: """
      The answer is not what a Precall server sends: not HTTP, not JSON, or members are missing. A wrong \
      address or port, or something between that changes answers.
      """)
  package static let serverSilent = FindingKind(
    "network.server-silent", .network, .problem, cap: .hdVideo, at: .server,
    says: "The test server took the call but said nothing.",
    remedy: "Try again in a few minutes; if it stays, try another network.",
    explanation: """
      A connection came about, the request was sent, and no answer came in time: the server hangs, or a \
      filter between swallows the answer. In the middle of a test it was asked once more, on a new \
      connection, before this was said; the figures up to then were kept.
      """)
  package static let serverClosed = FindingKind(
    "network.server-closed", .network, .problem, cap: .hdVideo, at: .server,
    says: "The test server hung up before it answered.",
    remedy: "Try again in a few minutes; if it stays, tell your clinic.",
    explanation: """
      The connection was closed or reset before the answer was whole: the server crashed, or a filter \
      between cut it.
      """)
  package static let serverEndless = FindingKind(
    "network.server-endless", .network, .problem, cap: .hdVideo, at: .server,
    says: "What answered at this address is not a test server.",
    remedy: "Check the address you were given.",
    explanation: "The answer did not end: it grew over every bound, or came too slowly to finish in time.")
  package static let serverStopped = FindingKind(
    "network.server-stopped", .network, .problem, cap: .hdVideo, at: .server,
    says: "The test server stopped during the test.",
    remedy: "Try again in a few minutes.",
    explanation: """
      The server had answered, then closed or refused connections in the middle of the test, or took no \
      more test packets because their ticket had run out. The figures up to then were kept; they say nothing \
      bad of the person's line.
      """)
  package static let reflectorNotBelieved = FindingKind(
    "network.reflector-not-believed", .network, .problem, cap: .hdVideo, at: .server,
    says: "What the test server told can't be true, so not all was measured.",
    remedy: "Try again in a few minutes; if it stays, tell your clinic.",
    explanation: """
      The server's stamps or numbers on test packets contradict themselves: no lead of its clock fits them \
      all (its clock was set during the test, or runs wildly), or two packets have one number, or numbers are \
      higher than packets were sent. Round trips and losses both ways together were measured; jitter, delay \
      variation and the estimate of sound were not, and which way packets were lost is not certain.
      """)
}
