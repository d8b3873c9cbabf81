/// A small baseline JPEG encoder (ITU-T T.81): blocks of one colour, 4:2:0. Every decoder reads it, and no
/// library is needed.
struct JPEGEncoder {
  private var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingCount = 0
  private var last = [0, 0, 0]

  static func encode(_ scene: Scene, width: Int, height: Int, frame: Int) -> [UInt8] {
    var encoder = JPEGEncoder()
    encoder.writeHeader(width, height)
    for top in stride(from: 0, to: height, by: 16) {
      for left in stride(from: 0, to: width, by: 16) {
        for (x, y) in [(0, 0), (8, 0), (0, 8), (8, 8)] {
          encoder.writeBlock(Int(scene.pixel(left + x, top + y, frame: frame).0), 0)
        }
        let (_, blue, red) = scene.pixel(left, top, frame: frame)
        encoder.writeBlock(Int(blue), 1)
        encoder.writeBlock(Int(red), 2)
      }
    }
    encoder.finish()
    return encoder.bytes
  }

  /// Quantisation by 8 throughout, so that a block's first coefficient is its mean; the standard table of
  /// first coefficients (Annex K.3), and for the others one that knows only "end of block".
  private mutating func writeHeader(_ width: Int, _ height: Int) {
    bytes += [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 8, count: 64)
    bytes += [0xFF, 0xC0, 0, 17, 8, UInt8(height >> 8), UInt8(height & 255)]
    bytes += [UInt8(width >> 8), UInt8(width & 255), 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]
    bytes += [0xFF, 0xC4, 0, 31, 0x00, 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0] + (0...11)
    bytes += [0xFF, 0xC4, 0, 20, 0x10, 1] + [UInt8](repeating: 0, count: 15) + [0]
    bytes += [0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]
  }

  private static let codes: [(bits: UInt32, count: Int)] = [
    (0b00, 2), (0b010, 3), (0b011, 3), (0b100, 3), (0b101, 3), (0b110, 3), (0b1110, 4), (0b11110, 5),
    (0b111110, 6),
  ]

  private mutating func writeBlock(_ mean: Int, _ component: Int) {
    let difference = mean - 128 - last[component]
    last[component] = mean - 128
    let size = Int.bitWidth - abs(difference).leadingZeroBitCount
    write(Self.codes[size].bits, Self.codes[size].count)
    let value = difference < 0 ? difference - 1 : difference
    write(UInt32(truncatingIfNeeded: value) & (1 << size - 1), size)
    write(0, 1)
  }

  private mutating func write(_ bits: UInt32, _ count: Int) {
    pending = pending << count | bits
    pendingCount += count
    while pendingCount >= 8 {
      pendingCount -= 8
      let byte = UInt8(pending >> pendingCount & 0xFF)
      bytes.append(byte)
      if byte == 0xFF { bytes.append(0) }
    }
  }

  private mutating func finish() {
    if pendingCount > 0 { write(1 << (8 - pendingCount) - 1, 8 - pendingCount) }
    bytes += [0xFF, 0xD9]
  }
}
