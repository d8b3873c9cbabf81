import PrecallCore

/// Bytes counted while they move, put into spans of 50 ms.
struct TransferRecord {
  let start: Moment
  private var bins: [Int64] = []
  /// The test packets beside the flows, by when they came back: they take their part of the line as well.
  private(set) var beside: [Int64] = []
  private(set) var bytes: Int64 = 0
  private var packets: Int64 = 0
  private var last: Moment
  /// When bytes of the flows last moved; the start where none did.
  private(set) var lastMoved: Moment

  init(from start: Moment) {
    self.start = start
    last = start
    lastMoved = start
  }

  /// Takes note that the flows have moved `total` bytes by now.
  mutating func note(_ total: Int64, at now: Moment) {
    last = now
    let index = index(of: now)
    while bins.count <= index { bins.append(0) }
    // A connection that is gone no longer tells what it had acknowledged.
    guard total > bytes else { return }
    bins[index] += total - bytes
    lastMoved = now
    bytes = total
  }

  /// Takes note that `total` packets beside them have come back by now.
  mutating func noteBeside(_ total: Int64, at now: Moment) {
    let index = index(of: now)
    while beside.count <= index { beside.append(0) }
    beside[index] += (total - packets) * Int64(PacketSender.length)
    packets = total
  }

  private func index(of moment: Moment) -> Int {
    min(Int((moment - start).nanoseconds / 1_000 / Transfer.binWidth.base), 1_000)
  }

  /// The rate of the last quarter of a second; nothing before there is one.
  var newestRate: BitRate? {
    guard bins.count > 5 else { return nil }
    return ByteCount(base: bins.dropLast().suffix(5).reduce(0, +))
      .over(Microseconds(base: 5 * Transfer.binWidth.base))
  }

  func transfer(_ direction: Direction, flows: Int) -> Transfer {
    let duration = Microseconds(base: (last - start).nanoseconds / 1_000)
    guard bytes > 0 else { return Transfer(direction, flows: flows, duration: duration, bins: []) }
    // What came back before the flows moved anything is no part of what they carried.
    let silent = bins.prefix { $0 == 0 }.count
    let beside = beside.enumerated().map { $0 < silent ? 0 : $1 }
    return Transfer(direction, flows: flows, duration: duration, bins: bins).adding(beside)
  }
}

extension Transfer {
  /// With bytes that arrived beside the flows while these ran.
  func adding(_ beside: [Int64]) -> Transfer {
    var sum = self
    for index in bins.indices where index < beside.count { sum.bins[index] += beside[index] }
    return sum
  }
}

/// The receipts of several flows, laid over each other.
struct ReceiptRecord {
  private var bins: [Int64] = []
  private var shortest: Int64?

  /// - Parameter start: when the flow's request began, in microseconds on this side.
  /// - Returns: whether the receipt can be true.
  mutating func add(_ receipt: UploadReceipt, startingAt start: Int64) -> Bool {
    let width = Transfer.binWidth.base
    guard receipt.elapsed.base < 60_000_000, receipt.arrivals.count < 2_000 else { return false }
    for arrival in receipt.arrivals {
      let index = (start + arrival.time.base) / width
      guard index < 2_000, arrival.bytes.base < 1_000_000_000_000 else { return false }
      while bins.count <= index { bins.append(0) }
      bins[Int(index)] += arrival.bytes.base
    }
    shortest = min(shortest ?? Int64.max, start + receipt.elapsed.base)
    return true
  }

  func transfer(flows: Int) -> Transfer? {
    guard let shortest, bins.contains(where: { $0 > 0 }) else { return nil }
    return Transfer(.up, flows: flows, duration: Microseconds(base: shortest), bins: bins)
  }
}
