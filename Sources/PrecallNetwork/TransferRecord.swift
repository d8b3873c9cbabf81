import PrecallCore

/// Bytes counted while they move, put into spans of 50 ms.
struct TransferRecord {
  private let start: Moment
  private var bins: [Int64] = []
  private(set) var bytes: Int64 = 0
  private var last: Moment

  init(from start: Moment) {
    self.start = start
    last = start
  }

  /// Takes note that `total` bytes have moved by now.
  mutating func note(_ total: Int64, at now: Moment) {
    last = now
    let index = Int((now - start).nanoseconds / 1_000 / Transfer.binWidth.base)
    while bins.count <= index, bins.count < 1_000 { bins.append(0) }
    // A connection that is gone no longer tells what it had acknowledged.
    guard total > bytes, index < bins.count else { return }
    bins[index] += total - bytes
    bytes = total
  }

  func transfer(_ direction: Direction, flows: Int) -> Transfer {
    let duration = Microseconds(base: (last - start).nanoseconds / 1_000)
    return Transfer(direction, flows: flows, duration: duration, bins: bytes > 0 ? bins : [])
  }
}

/// The receipts of several flows, laid over each other.
struct ReceiptRecord {
  private var bins: [Int64] = []
  private var first: Int64?
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
