internal import CCrypto

/// Hash functions, and codes of messages made with them (HMAC, RFC 2104), by libcrypto.
package enum Digest: Sendable {
  /// RFC 1321; broken as a hash, used only where STUN's older credentials prescribe it.
  case md5
  /// FIPS 180-4; used only in HMAC, where it is not known to be broken (RFC 6151 section 2.3 for MD5).
  case sha1
  /// FIPS 180-4.
  case sha256

  /// 16, 20 or 32 octets.
  package func hash(of octets: [UInt8]) -> [UInt8] {
    unsafe result { unsafe precall_crypto_hash(method, octets, octets.count, $0) }
  }

  /// As long as a hash.
  package func code(of octets: [UInt8], key: [UInt8]) -> [UInt8] {
    unsafe result { unsafe precall_crypto_hmac(method, key, key.count, octets, octets.count, $0) }
  }

  private var method: precall_digest {
    switch self {
    case .md5: PRECALL_MD5
    case .sha1: PRECALL_SHA1
    case .sha256: PRECALL_SHA256
    }
  }

  private func result(_ body: (UnsafeMutablePointer<UInt8>) -> Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Int(PRECALL_DIGEST_MAX)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = unsafe body(start)
      // A library that refuses to hash must not make an empty code that another empty one equals.
      precondition(count > 0, "libcrypto refuses this digest")
    }
  }
}

extension Digest {
  /// Whether two codes are the same, in a time that does not tell where they differ.
  static func same(_ one: some Collection<UInt8>, _ other: [UInt8]) -> Bool {
    one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
