import Foundation
import Glibc
import PrecallTestSupport

/// The memory of a process, region by region, as /proc shows it: all pages that the process ever touched. One
/// it never touched can hold nothing of its; leaving those out spares hundreds of megabytes, so that looking is
/// quick beside a measurement of two seconds however busy the computer is.
struct ListeningMemory {
  private(set) var shared: [Data] = []
  private var own: [(name: String, bytes: Data)] = []

  init(of process: pid_t, onlyShared: Bool = false) throws {
    let file = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
    let table = open("/proc/\(process)/pagemap", O_RDONLY | O_CLOEXEC)
    defer { for descriptor in [file, table] where descriptor >= 0 { close(descriptor) } }
    guard file >= 0, table >= 0 else {
      throw RigError("the memory of program \(process) can't be read: it ended, or is another user's")
    }
    let maps = try String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)
    for line in maps.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, words[1].hasPrefix("r"), ends[1] - ends[0] <= 256_000_000 else { continue }
      // What the sound server or the camera's driver shares is its memory, not this program's.
      let isShared = ["memfd:pulseaudio", "/dev/shm/pulse", "/dev/video"].contains { line.contains($0) }
      guard isShared || !onlyShared else { continue }
      let bytes = Self.touched(ends[0]..<ends[1], file, table)
      guard !bytes.isEmpty else { continue }
      if isShared { shared.append(bytes) } else { own.append((String(line), bytes)) }
    }
  }

  /// The pages of a region that the page table names as present or swapped (proc(5), pagemap: bits 63 and 62).
  private static func touched(_ region: Range<UInt64>, _ file: CInt, _ table: CInt) -> Data {
    let page = UInt64(getpagesize())
    var entries = [UInt64](repeating: 0, count: Int((region.upperBound - region.lowerBound) / page))
    let size = entries.withUnsafeMutableBytes {
      pread(table, $0.baseAddress, $0.count, off_t(region.lowerBound / page * 8))
    }
    var bytes = Data()
    var block = [UInt8](repeating: 0, count: Int(page))
    for (index, entry) in entries.prefix(max(0, size) / 8).enumerated() where entry >> 62 != 0 {
      let count = pread(file, &block, block.count, off_t(region.lowerBound + UInt64(index) * page))
      bytes.append(contentsOf: block.prefix(max(0, count)))
    }
    return bytes
  }

  var count: Int { own.count }

  func privateRegions(holding needles: [Data]) -> [String] {
    own.filter { region in needles.contains { region.bytes.range(of: $0) != nil } }.map(\.name)
  }

  func holdsShared(_ needles: [Data]) -> Bool {
    shared.contains { bytes in needles.contains { bytes.range(of: $0) != nil } }
  }
}
