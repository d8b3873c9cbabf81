/// Why a browser did not hand out the camera.
extension FindingKind {
  static var cameraBrowser: [FindingKind] {
    BrowserRefusal.allCases.map { camera(refused: $0) }
  }

  static func camera(refused refusal: BrowserRefusal) -> FindingKind {
    switch refusal {
    case .denied: cameraPermissionDenied
    case .dismissed: cameraPermissionDismissed
    case .deniedBySystem: cameraPermissionDeniedBySystem
    case .blockedByPage: cameraPermissionBlockedByPage
    case .unanswered: cameraPermissionUnanswered
    case .busy: cameraInUse
    case .notSecure: cameraPageNotSecure
    case .unsupported: cameraBrowserUnsupported
    case .failed: cameraBrowserFailed
    }
  }

  package static let cameraPermissionDenied = FindingKind(
    "camera.permission-denied", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "You said no to the camera, or this browser remembers a no.",
    remedy: "Allow the camera for this page in the browser, then try again.",
    explanation: """
      The browser said NotAllowedError and the page's permission is "denied": the person refused, now or \
      earlier. The steps on the page show where this browser keeps the choice.
      """)

  package static let cameraPermissionDismissed = FindingKind(
    "camera.permission-dismissed", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The question about the camera was closed without an answer.",
    remedy: "Press Try again, then press Allow.",
    explanation: """
      NotAllowedError while the permission still stands at "prompt": the question was closed. After three \
      times Chrome stops asking for a week.
      """)

  package static let cameraPermissionDeniedBySystem = FindingKind(
    "camera.permission-denied-by-system", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This computer or phone does not let the browser use the camera.",
    remedy: "Turn the camera on for this browser in the privacy settings of your system.",
    explanation: """
      The system's privacy switch is off for the browser (macOS, Windows, iOS, Android). The browser has to \
      be restarted after the change.
      """)

  package static let cameraPermissionBlockedByPage = FindingKind(
    "camera.permission-blocked-by-page", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This page is not allowed to ask for the camera.",
    remedy: "Open the check in its own tab with the button below.",
    explanation: """
      A Permissions-Policy header, an iframe without allow="camera; microphone", or an organisation's policy \
      forbids it. Nothing the person did.
      """)

  package static let cameraPermissionUnanswered = FindingKind(
    "camera.permission-unanswered", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The browser asked about the camera, and nobody answered.",
    remedy: "Look for a question at the top of the screen, and press Allow.",
    explanation: """
      The prompt stayed open until the check's time was up. It may hide behind another window, or in the \
      address bar.
      """)

  package static let cameraInUse = FindingKind(
    "camera.in-use", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "Another program or page is using the camera.",
    remedy: "Close other video programs and browser tabs, then try again.",
    explanation: """
      NotReadableError: another program holds the device (Zoom, Teams, FaceTime, another tab), or the \
      system's privacy switch is off (Windows).
      """)

  package static let cameraPageNotSecure = FindingKind(
    "camera.page-not-secure", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This page is not secure, so the browser keeps the camera from it.",
    remedy: "Open the link that begins with https.",
    explanation: """
      Not a secure context: the page came over plain http. navigator.mediaDevices is missing there by \
      design.
      """)

  package static let cameraBrowserUnsupported = FindingKind(
    "camera.browser-unsupported", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "This browser can't use the camera for video visits.",
    remedy: "Open this page in Safari, Chrome, Edge or Firefox.",
    explanation: """
      navigator.mediaDevices.getUserMedia, AudioWorklet or requestVideoFrameCallback is missing on a secure \
      page: an old browser, or one built into a mail or social app.
      """)

  package static let cameraBrowserFailed = FindingKind(
    "camera.browser-failed", .camera, .problem, cap: .audioOnly, at: .thisComputer,
    says: "The browser could not start the camera.",
    remedy: "Unplug it and plug it in again, or restart the computer, then try again.",
    explanation: """
      AbortError or an error that we don't know, twice in a row: a driver that hangs, or a device that \
      went away while it was opened.
      """)
}
