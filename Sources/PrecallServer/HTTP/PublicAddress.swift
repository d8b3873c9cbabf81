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
    String(Self.host(of: base(for: request).split(separator: "/").dropFirst().first ?? ""))
  }

  /// What stands before the port; an IPv6 address with its brackets.
  private static func host(of authority: Substring) -> Substring {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
    return authority.prefix { $0 != ":" }
  }

  /// Whether a text is an address of the web that a token can be added to. http:// is for this computer
  /// only, since a one-time token must not travel in clear.
  package static func isWeb(_ text: String) -> Bool {
    let isSafe = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    guard isSafe, text.utf8.count <= 2_000, !text.contains("#") else { return false }
    if let rest = text.remainder(after: "https://") { return authority(rest) != nil }
    guard let host = text.remainder(after: "http://").flatMap(authority) else { return false }
    return ["127.0.0.1", "localhost", "[::1]"].contains(host)
  }

  /// The host of what follows a scheme; nothing where it has none, a port that is no number, or a user's name, behind
  /// which another host can hide.
  private static func authority(_ text: Substring) -> Substring? {
    let authority = text.prefix { !"/?".contains($0) }
    let host = host(of: authority)
    let port = authority[host.endIndex...]
    guard !host.isEmpty, !authority.contains("@"),
      port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
    else { return nil }
    return host
  }
}

extension String {
  fileprivate func remainder(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
