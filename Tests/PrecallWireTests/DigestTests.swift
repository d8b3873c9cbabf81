import PrecallWire
import Testing

/// The vectors that the standards publish.
@Suite struct DigestTests {
  private static func hex(_ octets: [UInt8]) -> String {
    octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// RFC 1321 section A.5; FIPS 180-4, examples of NIST.
  @Test(arguments: [
    (Digest.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
    (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ]) func `hashes are those of the standards`(digest: Digest, text: String, hash: String) {
    #expect(Self.hex(digest.hash(of: Array(text.utf8))) == hash)
  }

  /// RFC 2202 section 3, cases 2 and 6; RFC 4231 section 4.3.
  @Test(arguments: [
    (Digest.sha1, "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (
      .sha1, "", "Test Using Larger Than Block-Size Key - Hash Key First",
      "aa4ae5e15272d00e95705637ce8a3b55ed402112"
    ),
    (
      .sha256, "Jefe", "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
  ]) func `codes are those of the standards`(digest: Digest, key: String, text: String, code: String) {
    let key = key.isEmpty ? [UInt8](repeating: 0xAA, count: 80) : Array(key.utf8)
    #expect(Self.hex(digest.code(of: Array(text.utf8), key: key)) == code)
  }
}
