/// Whether a camera's JPEG picture is whole, by its markers alone (ITU-T T.81, Annex B).
///
/// Decoders hide cut pictures: they paint what came and say nothing. Zeros and foreign bytes after the end
/// are tolerated, since many cameras send them and no picture suffers.
package enum JPEGStructure {
  /// What is wrong; nothing where the picture is whole and of the negotiated size.
  package static func fault(in bytes: Span<UInt8>, width: Int, height: Int) -> FrameFault? {
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return .notJPEG }
    var at = 2
    var isRightSize = false
    while at + 4 <= bytes.count {
      guard bytes[at] == 0xFF else { return .notJPEG }
      let marker = bytes[at + 1]
      if marker == 0xFF { at += 1; continue }
      let length = number(bytes, at + 2)
      guard length >= 2 else { return .notJPEG }
      if isFrameHeader(marker), at + 9 <= bytes.count {
        isRightSize = number(bytes, at + 7) == width && number(bytes, at + 5) == height
      }
      at += 2 + length
      if marker == 0xDA { return scanFault(in: bytes, from: at) ?? (isRightSize ? nil : .wrongSize) }
    }
    return .cutShort
  }

  private static func number(_ bytes: Span<UInt8>, _ at: Int) -> Int {
    Int(bytes[at]) << 8 | Int(bytes[at + 1])
  }

  /// SOF0 to SOF15 without DHT, JPG and DAC.
  private static func isFrameHeader(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  /// In the entropy-coded data 0xFF is followed by 0 or a restart marker; EOI ends it.
  private static func scanFault(in bytes: Span<UInt8>, from start: Int) -> FrameFault? {
    var at = start
    while at + 1 < bytes.count {
      guard bytes[at] == 0xFF else { at += 1; continue }
      switch bytes[at + 1] {
      case 0x00, 0xD0...0xD7: at += 2
      case 0xFF: at += 1
      case 0xD9: return nil
      // A further scan or table of a progressive picture: its length tells where it ends.
      case 0xC4, 0xDA, 0xDB, 0xDD, 0xFE:
        guard at + 3 < bytes.count else { return .cutShort }
        at += 2 + number(bytes, at + 2)
      default: return .garbled
      }
    }
    return .cutShort
  }
}
