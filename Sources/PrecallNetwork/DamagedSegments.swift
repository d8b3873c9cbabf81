import Glibc

/// TCP segments that arrived damaged, by the kernel's table of SNMP's counters: of the whole computer, or of the
/// container that this is in.
package enum DamagedSegments {
  /// Nothing where the kernel does not tell.
  static var count: Int64? {
    let file = unsafe open("/proc/net/snmp", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8_192)
    let length = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    return length > 0 ? count(in: String(decoding: bytes.prefix(length), as: UTF8.self)) : nil
  }

  /// Of two lines: `Tcp: RtoAlgorithm … InCsumErrors` and `Tcp: 1 … 12`.
  package static func count(in table: String) -> Int64? {
    let lines = table.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map { $0.split(separator: " ") }
    guard lines.count == 2, let column = lines[0].firstIndex(of: "InCsumErrors"), column < lines[1].count
    else { return nil }
    return Int64(lines[1][column])
  }
}
