import Glibc
import PrecallCore

/// Writes a picture as PNG (W3C, third edition): red, green and blue of 8 bits, a block of data for each line,
/// stored without compression (RFC 1951, 3.2.4). One line at a time is in memory, and wiped after the last.
struct PNGFile {
  let descriptor: Int32
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Zero, or the error number of the write that failed.
  func write(_ lines: PictureLines, of pixels: Span<UInt8>) -> Int32 {
    let size = lines.width * 3 + 1
    guard size <= Int(UInt16.max) else { return EFBIG }
    var chunk = Self.signature
    Self.append("IHDR", Self.number(lines.width) + Self.number(lines.height) + [8, 2, 0, 0, 0], to: &chunk)
    if let error = put(chunk) { return error }
    var data: [UInt8] = []
    defer {
      data.wipe()
      chunk.wipe()
    }
    // So that no line is left behind where an array grows.
    data.reserveCapacity(size + 16)
    chunk.reserveCapacity(size + 32)
    var sum = Adler32()
    for y in 0..<lines.height {
      let isLast = y == lines.height - 1
      data.removeAll(keepingCapacity: true)
      chunk.removeAll(keepingCapacity: true)
      // The header of the zlib stream (RFC 1950): a window of 32 KiB, no dictionary.
      if y == 0 { data += [0x78, 0x01] }
      data += [isLast ? 1 : 0, UInt8(size & 0xFF), UInt8(size >> 8), ~UInt8(size & 0xFF), ~UInt8(size >> 8)]
      let start = data.count
      data.append(0)
      lines.append(line: y, of: pixels, to: &data)
      sum.take(data[start...])
      if isLast { data += Self.number(Int(sum.value)) }
      Self.append("IDAT", data, to: &chunk)
      if let error = put(chunk) { return error }
    }
    chunk.removeAll(keepingCapacity: true)
    Self.append("IEND", [], to: &chunk)
    return put(chunk) ?? 0
  }

  private func put(_ bytes: [UInt8]) -> Int32? {
    var at = 0
    while at < bytes.count {
      let count = unsafe bytes[at...].withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : EIO }
      at += count
    }
    return nil
  }

  private static func append(_ name: StaticString, _ data: [UInt8], to chunk: inout [UInt8]) {
    chunk += number(data.count)
    let start = chunk.count
    chunk += Text(name.bytes)
    chunk += data
    chunk += number(Int(CRC32.of(chunk[start...])))
  }

  private static func number(_ value: Int) -> [UInt8] {
    [UInt8(value >> 24 & 0xFF), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
  }
}

extension [UInt8] {
  /// Overwrites what is and was in it.
  fileprivate mutating func wipe() {
    for index in indices { self[index] = 0 }
    let rest = capacity - count
    if rest > 0 { append(contentsOf: repeatElement(0, count: rest)) }
  }
}

/// The check sum of a zlib stream (RFC 1950, section 9).
private struct Adler32 {
  private var low: UInt32 = 1
  private var high: UInt32 = 0
  var value: UInt32 { high << 16 | low }

  mutating func take(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
  }
}

/// The check sum of a PNG chunk (W3C PNG, annex D).
private enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }
}
