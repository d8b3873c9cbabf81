/// A 64-bit fingerprint of a picture's bytes, only to tell whether two pictures in a row are bit-identical:
/// a live sensor always has noise. FNV-1a over 64-bit words; never stored or reported.
package enum PictureFingerprint {
  package static func of(_ bytes: Span<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBytes { raw in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      var at = 0
      while at + 8 <= raw.count {
        hash = mixed(hash, unsafe raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      while at < raw.count {
        hash = mixed(hash, UInt64(unsafe raw[at]))
        at += 1
      }
      return hash
    }
  }

  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (hash ^ word) &* 0x0000_0100_0000_01B3
    return mixed ^ (mixed >> 32)
  }
}
