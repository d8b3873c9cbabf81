/// What the call rehearsal can find of the line.
extension FindingKind {
  static var networkRehearsal: [FindingKind] {
    [audioBreaksUp, videoTooFastUp, videoTooFastDown, screenShareTooFast, rehearsalCutOff]
  }

  package static let audioBreaksUp = FindingKind(
    "network.audio-breaks-up", .network, .problem, cap: .phone, at: .accessLine,
    says: "Your connection is too slow even for the sound of a call.",
    remedy: "Stop everything else that uses your connection, or try another network.",
    explanation: """
      Test packets at the rate of a call's sound alone piled up in a queue or were lost. The line carries less \
      than a call with sound only, or something else on it fills it. Compare with the download and upload rate.
      """)
  package static let videoTooFastUp = FindingKind(
    "network.video-too-fast-up", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection can't send better video than this.",
    remedy: "Stop uploads, photo sync and backups on all your devices, then test again.",
    explanation: """
      In the rehearsal of a call, packets at this rate piled up (over 50 ms and not draining) or got lost on \
      the way to the server; at the rate below they came through. The rehearsal was ended there. A call lowers \
      its picture to what held.
      """)
  package static let videoTooFastDown = FindingKind(
    "network.video-too-fast-down", .network, .warning, cap: .standardVideo, at: .accessLine,
    says: "Your connection can't receive better video than this.",
    remedy: "Stop downloads and streaming on all your devices, then test again.",
    explanation: """
      In the rehearsal of a call, packets at this rate piled up (over 50 ms and not draining) or got lost on \
      the way from the server; at the rate below they came through. The rehearsal was ended there. A call \
      lowers its picture to what held.
      """)
  package static let screenShareTooFast = FindingKind(
    "network.screen-share-too-fast", .network, .note, cap: .hdVideo, at: .accessLine,
    says: "When a screen is shared, your picture will get coarser.",
    remedy: "Nothing needs to be done; to help, stop other uses of your connection.",
    explanation: """
      HD video held in the rehearsal of a call; with a shared screen beside it, packets piled up or got lost.
      """)
  package static let rehearsalCutOff = FindingKind(
    "network.rehearsal-cut-off", .network, .warning, cap: .lowVideo, at: .accessLine,
    says: "Your connection went silent for a moment during the test call.",
    remedy: "Move closer to your Wi-Fi box or plug in a network cable, then test again.",
    explanation: """
      In the rehearsal of a call, no packet came back for a quarter of a second or longer, after others had. \
      Wi-Fi that changes its access point, mobile networks and overloaded routers do this. What held before \
      was kept; higher rates were not tried.
      """)
}
