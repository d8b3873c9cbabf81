import PrecallCore

/// Bytes counted while they move, put into spans of 50 ms.
struct TransferRecord {
  private(set) var start: Moment
  private var bins: [Int64] = []
  /// The test packets beside the flows, by when they came back: they take their part of the line as well.
  private(set) var beside: [Int64] = []
  private(set) var bytes: Int64 = 0
  /// What had moved when the record began anew.
  private var before: Int64 = 0
  private var packets: Int
  private let direction: Direction
  private let silence: Moment.Span?
  /// Whether the line was away meanwhile.
  private(set) var isBroken = false
  private var recoveredAt: Moment?
  private var last: Moment
  /// When bytes of the flows last moved; the start where none did.
  private(set) var lastMoved: Moment

  /// - Parameters:
  ///   - packets: that have come back until then.
  ///   - silence: when nothing has moved for longer, the line was away: what was before is left out. Nothing where
  ///     there is no time for that.
  init(
    _ direction: Direction, from start: Moment, beside packets: Int, breaksAfter silence: Moment.Span? = nil
  ) {
    self.direction = direction
    self.start = start
    self.packets = packets
    self.silence = silence
    last = start
    lastMoved = start
  }

  var hasMoved: Bool { before + bytes > 0 }

  /// Leaves out what was until now.
  mutating func beginAnew(at now: Moment) {
    before += bytes
    (start, last, bytes, bins, beside) = (now, now, 0, [], [])
  }

  private func isSilent(at now: Moment) -> Bool { silence.map { bytes > 0 && now - lastMoved > $0 } ?? false }

  /// Takes note that the flows have moved `whole` bytes by now.
  mutating func note(_ whole: Int64, at now: Moment) {
    last = now
    let isSilent = isSilent(at: now)
    if isSilent { isBroken = true }
    // A flow tries again at the latest when the line has been back for as long as it was away (RFC 6298), and then
    // hears of what had arrived before.
    if isSilent, whole > before + bytes { recoveredAt = now + (now - lastMoved) }
    if let recoveredAt, now < recoveredAt { beginAnew(at: now) }
    let index = index(of: now)
    while bins.count <= index { bins.append(0) }
    // A connection that is gone no longer tells what it had acknowledged.
    let total = whole - before
    guard total > bytes else { return }
    bins[index] += total - bytes
    lastMoved = now
    bytes = total
  }

  /// Takes note that `total` packets beside them have come back by now.
  mutating func noteBeside(_ total: Int, at now: Moment) {
    let index = index(of: now)
    while beside.count <= index { beside.append(0) }
    beside[index] += Int64(total - packets) * Self.placeOfPacket
    packets = total
  }

  /// What a flow would have carried in the place of one: with the headers of IP and UDP it takes as much of the
  /// line as a full segment of 1,500 octets does for so many of its 1,448.
  private static let placeOfPacket = Int64((PacketSender.length + 28) * 1_448 / 1_500)

  private func index(of moment: Moment) -> Int {
    min(Int((moment - start).nanoseconds / 1_000 / Transfer.binWidth.base), 1_000)
  }

  /// The rate of the last quarter of a second; nothing before there is one.
  var newestRate: BitRate? {
    guard bins.count > 5 else { return nil }
    return ByteCount(base: bins.dropLast().suffix(5).reduce(0, +))
      .over(Microseconds(base: 5 * Transfer.binWidth.base))
  }

  /// What has moved until now, or until the line went away.
  func transfer(flows: Int) -> Transfer {
    let end = isSilent(at: last) ? lastMoved : last
    let duration = Microseconds(base: (end - start).nanoseconds / 1_000)
    guard bytes > 0 else { return Transfer(direction, flows: flows, duration: duration, bins: []) }
    // What came back before the flows moved anything is no part of what they carried.
    let silent = bins.prefix { $0 == 0 }.count
    let beside = beside.enumerated().map { $0 < silent ? 0 : $1 }
    return Transfer(direction, flows: flows, duration: duration, bins: bins).adding(beside)
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
