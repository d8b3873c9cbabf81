/// Why a browser did not hand out the microphone or the camera.
package enum BrowserRefusal: Int, Sendable, Hashable, CaseIterable {
  case denied
  case dismissed
  case deniedBySystem
  case blockedByPage
  case unanswered
  case busy
  case notSecure
  case unsupported
  case failed

  package var name: StaticString {
    switch self {
    case .denied: "denied"
    case .dismissed: "dismissed"
    case .deniedBySystem: "denied-by-system"
    case .blockedByPage: "blocked-by-page"
    case .unanswered: "unanswered"
    case .busy: "busy"
    case .notSecure: "page-not-secure"
    case .unsupported: "browser-unsupported"
    case .failed: "browser-failed"
    }
  }

  init?(json: JSONValue?) throws(JSONError) {
    guard let json else { return nil }
    for refusal in Self.allCases where json.string.map({ refusal.name.equals($0) }) ?? false {
      self = refusal
      return
    }
    throw JSONError(.expected("this is not a browser's refusal"), path: StaticString("refusal").bytes)
  }
}
