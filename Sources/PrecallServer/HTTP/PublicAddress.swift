import Hummingbird

/// How people reach this server from outside.
package struct PublicAddress: Sendable {
  let configured: String?
  let usesTLS: Bool

  /// What links begin with, as `https://visit.example.org`: what the configuration says, or else the name
  /// that this request used.
  func base(for request: Request) -> String {
    if let configured { return configured }
    return "\(usesTLS ? "https" : "http")://\(request.head.authority ?? "127.0.0.1")"
  }

  /// The name alone, without its port.
  func host(for request: Request) -> String {
    let authority = base(for: request).split(separator: "/").dropFirst().first ?? ""
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[...end])
    }
    return String(authority.prefix { $0 != ":" })
  }

  /// Whether a text is an address of the web that a token can be added to. http:// is for this computer
  /// only, since a one-time token must not travel in clear.
  package static func isWeb(_ text: String) -> Bool {
    let isSafe = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    guard isSafe, text.utf8.count <= 2_000, !text.contains("#") else { return false }
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
    return text.hasPrefix("https://") && text.count > 8
      || local.contains { text == $0 || text.hasPrefix("\($0):") || text.hasPrefix("\($0)/") }
  }
}
