/// One direction of the link, as a pure machine: the same seed and the same packets at the same times give
/// the same decisions. Times are in nanoseconds from the start of the client's command.
///
/// A packet meets, in this order: firewall, largest unit, outage, queue and rate, loss, delay.
package struct Line {
  private let link: Link.Direction
  package let isUp: Bool
  private var random: Generator
  private var burst: Generator
  private var order: Generator
  private var copies: Generator
  private var damage: Generator
  private var delays: CorrelatedNormal
  private var isBad = false
  /// When the bucket has let everything pass that was accepted.
  private var freeAt: Int64 = .min / 4
  private var lastRelease: Int64 = .min
  private var queue = Backlog()

  package init(_ link: Link.Direction, isUp: Bool, seed: UInt64) {
    self.link = link
    self.isUp = isUp
    let base: UInt64 = isUp ? 0 : 16
    random = Generator(seed: seed, stream: base + 1)
    burst = Generator(seed: seed, stream: base + 2)
    order = Generator(seed: seed, stream: base + 3)
    copies = Generator(seed: seed, stream: base + 4)
    damage = Generator(seed: seed, stream: base + 5)
    delays = CorrelatedNormal(generator: Generator(seed: seed, stream: base + 6))
  }

  package var queueMaximumBytes: Int { queue.maximumBytes }
  package private(set) var queueMaximumTime: Int64 = 0

  /// Takes a packet of `length` bytes that comes at `now`.
  package mutating func take(_ header: PacketHeader, length: Int, at now: Int64) -> Decision {
    let chance = draw(at: now)
    if isBlocked(header) { return Decision(fate: .blocked, release: now) }
    if let maximum = link.maximum, length > maximum.bytes, !(maximum.answers && header.mayBeFragmented) {
      return Decision(fate: .tooBig, release: now)
    }
    var start = now
    if let outages = link.outages {
      let (isOut, until) = outages.times.value(at: now)
      if isOut, !outages.hold { return Decision(fate: .outage, release: now) }
      if isOut { start = until }
    }
    guard let departure = pass(length, from: start, at: now) else {
      return Decision(fate: .queueFull, release: now)
    }
    if let fate = chance.loss { return Decision(fate: fate, release: departure) }
    return release(departure, chance)
  }

  /// The dice of one packet: all are thrown for every packet, so that decisions follow its number alone.
  private struct Chance {
    var loss: Fate?
    var isHeld, isCopied, isDamaged: Bool
    var place: UInt64
    var deviation: Int64
  }

  private mutating func draw(at now: Int64) -> Chance {
    var loss: Fate?
    if let model = link.burstLoss {
      isBad = burst.happens(isBad ? 1 - model.toGood : model.toBad)
      if burst.happens(isBad ? model.lossInBad : model.lossInGood) { loss = .lostInBurst }
    }
    if link.loss > 0, random.happens(link.loss), loss == nil { loss = .lostAtRandom }
    let deviation = link.variation.map {
      $0.deviation(delays.next(at: now, correlation: $0.correlation))
    }
    return Chance(
      loss: loss, isHeld: order.happens(link.reordering?.share ?? 0),
      isCopied: copies.happens(link.duplication),
      isDamaged: damage.happens(link.corruption), place: damage.next(), deviation: deviation ?? 0)
  }

  private func isBlocked(_ header: PacketHeader) -> Bool {
    guard let blocks = link.blocks else { return false }
    let port = isUp ? header.destination : header.source
    switch header.kind {
    case .udp: return blocks.udp?.contains(port) ?? false
    case .tcp: return blocks.tcp?.contains(port) ?? false
    default: return false
    }
  }

  /// When the last bit has passed the bottleneck; nothing where the queue is full.
  private mutating func pass(_ length: Int, from start: Int64, at now: Int64) -> Int64? {
    guard let rate = link.rate else { return start }
    queue.leave(by: now)
    let bytes = length + rate.overhead
    let saved = Int64(Double(rate.burst) * 8e9 / max(rate.bitsPerSecond.value(at: now).value, 1))
    let begin = max(start - saved, freeAt)
    let end = rate.bitsPerSecond.end(of: Double(bytes) * 8, from: begin)
    let wait = max(0, begin - now)
    if let limit = rate.queueTime, rate.burst > 0 ? end - now > limit : wait > limit { return nil }
    if let limit = rate.queueBytes, wait > 0, queue.bytes + bytes > limit { return nil }
    freeAt = end
    let departure = max(start, end)
    queue.join(bytes, until: departure)
    queueMaximumTime = max(queueMaximumTime, wait)
    return departure
  }

  private mutating func release(_ departure: Int64, _ chance: Chance) -> Decision {
    let delay = link.delay.value(at: departure).value
    var decision = Decision(fate: .delivered, release: departure + max(0, delay + chance.deviation))
    decision.isDuplicated = chance.isCopied
    decision.isCorrupted = chance.isDamaged
    decision.place = chance.place
    decision.release = max(decision.release, lastRelease)
    if chance.isHeld, let reordering = link.reordering {
      decision.isReordered = true
      decision.release += reordering.hold
    } else {
      lastRelease = decision.release
    }
    return decision
  }
}

/// The bytes that wait for the bottleneck or pass it.
struct Backlog {
  private var waiting: [(until: Int64, bytes: Int)] = []
  private var head = 0
  private(set) var bytes = 0
  private(set) var maximumBytes = 0

  mutating func join(_ length: Int, until departure: Int64) {
    waiting.append((departure, length))
    bytes += length
    maximumBytes = max(maximumBytes, bytes)
  }

  mutating func leave(by now: Int64) {
    while head < waiting.count, waiting[head].until <= now {
      bytes -= waiting[head].bytes
      head += 1
    }
    if head > 1024, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
  }
}
