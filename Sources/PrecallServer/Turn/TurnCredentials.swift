import Foundation
import PrecallWire

/// Time-limited credentials as coturn and others take them: the "TURN REST API", draft-uberti-behave-turn-rest.
package struct TurnCredentials: Sendable, Equatable {
  /// Long enough for a check on a slow line.
  package static let lifetime: Int64 = 600

  package let username: String
  package let credential: String

  package init(secret: String, now: Int64) {
    var random = SystemRandomNumberGenerator()
    let user = String(random.next(), radix: 36)
    username = "\(now + Self.lifetime):\(user)"
    // SHA-1 is what the scheme prescribes; as an HMAC it is not known to be broken (RFC 6151 section 2.3).
    let code = Digest.sha1.code(of: Array(username.utf8), key: Array(secret.utf8))
    credential = Data(code).base64EncodedString()
  }
}
