/// The TURN server (RFC 8656) that the page's test call goes through.
package enum TurnConfiguration: Sendable {
  case none
  /// Somebody else's, which shares `secret` with us.
  case external(urls: [String], secret: String)
  /// An installed `turnserver` that we start and watch.
  case managed(ManagedTurn)

  /// Whether a text is the address of a TURN server (RFC 7065).
  package static func isURL(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    let host = text.split(separator: ":", maxSplits: 1).dropFirst().first ?? ""
    return isPlain && text.utf8.count <= 300 && !host.isEmpty && !host.hasPrefix("/")
      && (text.hasPrefix("turn:") || text.hasPrefix("turns:"))
  }
}

/// What the managed `turnserver` is told.
package struct ManagedTurn: Sendable {
  /// UDP and TCP; 0 takes any free one.
  package var port: UInt16 = 3_478
  /// TCP with TLS, where the server has a certificate; 0 takes any free one.
  package var tlsPort: UInt16 = 5_349
  /// UDP ports of relays: two for each test at the same time.
  package var relayPorts: ClosedRange<UInt16> = 49_152...65_535
  /// The address that others see, where this computer is behind a translating router.
  package var externalAddress: String?
  /// The program, by its name or path.
  package var program = "turnserver"

  package init() {}
}
