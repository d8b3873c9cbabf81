/// What happened to each packet of one direction. Room for `capacity` packets; later ones are only counted.
final class PacketLog: @unchecked Sendable {
  struct Entry {
    /// Nanoseconds from the start of the client's command.
    var arrived: Int64
    /// When it was handed over at the far end; 0 for one that was not.
    var left: Int64
    var length: UInt16
    var source: UInt16
    var destination: UInt16
    /// Of a test packet; see `PacketHeader.testNumber`.
    var testNumber: UInt32
    var kind: PacketHeader.Kind
    var family: UInt8
    var fate: Fate
    var isDuplicated: Bool
    var isReordered: Bool
    var isCorrupted: Bool
  }

  static let capacity = 2_000_000
  private let entries = UnsafeMutablePointer<Entry>.allocate(capacity: PacketLog.capacity)
  private(set) var count = 0
  /// Packets beyond the capacity: the summary then tells of the first ones.
  private(set) var uncounted = 0
  /// How late packets were handed over, in microseconds: the lab's own error. The last bin has the rest.
  private(set) var lateness = [Int](repeating: 0, count: 5_001)
  var queueMaximumBytes = 0
  var queueMaximumTime: Int64 = 0

  deinit { entries.deallocate() }

  /// Notes a packet and gives its number, or -1 where there is no more room.
  func add(
    _ header: PacketHeader, length: Int, testNumber: UInt32 = .max, at now: Int64, _ decision: Decision
  ) -> Int32 {
    guard count < Self.capacity else {
      uncounted += 1
      return -1
    }
    entries[count] = Entry(
      arrived: now, left: 0, length: UInt16(truncatingIfNeeded: length), source: header.source,
      destination: header.destination, testNumber: testNumber, kind: header.kind, family: header.family,
      fate: decision.fate,
      isDuplicated: decision.isDuplicated, isReordered: decision.isReordered,
      isCorrupted: decision.isCorrupted)
    count += 1
    return Int32(count - 1)
  }

  func handedOver(_ number: Int32, at now: Int64, due: Int64) {
    lateness[Int(max(0, min(5_000, (now - due) / 1000)))] += 1
    if number >= 0, entries[Int(number)].left == 0 { entries[Int(number)].left = max(1, now) }
  }

  subscript(number: Int) -> Entry { entries[number] }

  var all: UnsafeBufferPointer<Entry> { UnsafeBufferPointer(start: entries, count: count) }
}
