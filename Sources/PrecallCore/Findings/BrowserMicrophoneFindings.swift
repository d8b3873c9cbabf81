/// Why a browser did not hand out the microphone.
extension FindingKind {
  static var microphoneBrowser: [FindingKind] {
    BrowserRefusal.allCases.map { microphone(refused: $0) }
  }

  static func microphone(refused refusal: BrowserRefusal) -> FindingKind {
    switch refusal {
    case .denied: microphonePermissionDenied
    case .dismissed: microphonePermissionDismissed
    case .deniedBySystem: microphonePermissionDeniedBySystem
    case .blockedByPage: microphonePermissionBlockedByPage
    case .unanswered: microphonePermissionUnanswered
    case .busy: microphoneInUse
    case .notSecure: microphonePageNotSecure
    case .unsupported: microphoneBrowserUnsupported
    case .failed: microphoneBrowserFailed
    }
  }

  package static let microphonePermissionDenied = FindingKind(
    "microphone.permission-denied", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "You said no to the microphone, or this browser remembers a no.",
    remedy: "Allow the microphone for this page in the browser, then try again.",
    explanation: """
      The browser said NotAllowedError and the page's permission is "denied": the person refused, now or \
      earlier. The steps on the page show where this browser keeps the choice.
      """)

  package static let microphonePermissionDismissed = FindingKind(
    "microphone.permission-dismissed", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The question about the microphone was closed without an answer.",
    remedy: "Press Try again, then press Allow.",
    explanation: """
      NotAllowedError while the permission still stands at "prompt": the question was closed. After three \
      times Chrome stops asking for a week.
      """)

  package static let microphonePermissionDeniedBySystem = FindingKind(
    "microphone.permission-denied-by-system", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This computer or phone does not let the browser use the microphone.",
    remedy: "Turn the microphone on for this browser in the privacy settings of your system.",
    explanation: """
      The system's privacy switch is off for the browser (macOS, Windows, iOS, Android). The browser has to \
      be restarted after the change.
      """)

  package static let microphonePermissionBlockedByPage = FindingKind(
    "microphone.permission-blocked-by-page", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This page is not allowed to ask for the microphone.",
    remedy: "Open the check in its own tab with the button below.",
    explanation: """
      A Permissions-Policy header, an iframe without allow="camera; microphone", or an organisation's policy \
      forbids it. Nothing the person did.
      """)

  package static let microphonePermissionUnanswered = FindingKind(
    "microphone.permission-unanswered", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The browser asked about the microphone, and nobody answered.",
    remedy: "Look for a question at the top of the screen, and press Allow.",
    explanation: """
      The prompt stayed open until the check's time was up. It may hide behind another window, or in the \
      address bar.
      """)

  package static let microphoneInUse = FindingKind(
    "microphone.in-use", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "Another program or page is using the microphone.",
    remedy: "Close other video programs and browser tabs, then try again.",
    explanation: """
      NotReadableError: another program holds the device (Zoom, Teams, FaceTime, another tab), or the \
      system's privacy switch is off (Windows).
      """)

  package static let microphonePageNotSecure = FindingKind(
    "microphone.page-not-secure", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This page is not secure, so the browser keeps the microphone from it.",
    remedy: "Open the link that begins with https.",
    explanation: """
      Not a secure context: the page came over plain http. navigator.mediaDevices is missing there by \
      design.
      """)

  package static let microphoneBrowserUnsupported = FindingKind(
    "microphone.browser-unsupported", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This browser can't use the microphone for video visits.",
    remedy: "Open this page in Safari, Chrome, Edge or Firefox.",
    explanation: """
      navigator.mediaDevices.getUserMedia, AudioWorklet or requestVideoFrameCallback is missing on a secure \
      page: an old browser, or one built into a mail or social app.
      """)

  package static let microphoneBrowserFailed = FindingKind(
    "microphone.browser-failed", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The browser could not start the microphone.",
    remedy: "Unplug it and plug it in again, or restart the computer, then try again.",
    explanation: """
      AbortError or an error that we don't know, twice in a row: a driver that hangs, or a device that \
      went away while it was opened.
      """)
}
