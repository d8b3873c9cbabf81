import PrecallCore
import PrecallWire

/// The secret part of a link: whoever holds it may come in, so it says nothing and can't be guessed. The
/// server gives it away once and keeps its hash only.
package struct LinkToken: Sendable, Equatable {
  /// 144 random bits (RFC 6749 section 10.10 asks for 128 or more), which are 24 letters without padding.
  static let octets = 18
  package static let letters = 24

  package let text: String

  package init() {
    var random = SystemRandomNumberGenerator()
    let octets = (0..<Self.octets).map { _ in UInt8.random(in: 0...255, using: &random) }
    text = String(decoding: Base64URL.encode(octets), as: UTF8.self)
  }

  /// Nothing for a text that no link has.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.letters, Base64URL.decode(Text(text.utf8)) != nil else { return nil }
    self.text = String(text)
  }

  package var hash: LinkHash { LinkHash(of: text) }
}

/// What the server keeps of a secret. Comparing and looking up by it gives nothing away by its time.
package struct LinkHash: Hashable, Sendable {
  private let digest: [UInt8]

  package init(of secret: String) { digest = Digest.sha256.hash(of: Array(secret.utf8)) }
}
