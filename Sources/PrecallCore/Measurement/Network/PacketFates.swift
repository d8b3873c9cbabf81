/// What became of each packet, told by the reflector's own count: a number of its that never came back was
/// lost on the way down, a packet without one on the way up (RFC 7680 by direction).
package struct PacketFates: Sendable {
  package enum Fate: Sendable, Hashable {
    case returned, lostUp, lostDown
    /// It did not come back, and the reflector's count does not tell where it was lost.
    case unknown
  }
  package let fates: [Fate]

  /// Which of several packets missing in one gap was lost on which way can't be known and makes no
  /// difference to the counts; the first ones are taken to be lost on the way down.
  package init(of run: PacketRun) {
    let answered = run.answered(in: 0..<run.sentAt.count)
    var fates = [Fate](repeating: .unknown, count: run.sentAt.count)
    for reply in answered { fates[reply.sequence] = .returned }
    let lastKnown = run.reflectorReceived == nil ? answered.last?.sequence ?? -1 : run.sentAt.count - 1
    for sequence in fates.indices where fates[sequence] == .unknown && sequence <= lastKnown {
      fates[sequence] = .lostUp
    }
    for sequence in Self.lostDown(of: run, answered, fates) { fates[sequence] = .lostDown }
    self.fates = fates
  }

  /// The packet that each unseen number of the reflector is taken for: the first missing one between the
  /// packets with the numbers around it, or else near them, where packets overtook each other.
  private static func lostDown(
    of run: PacketRun, _ answered: [PacketReply], _ fates: [Fate]
  ) -> [Int] {
    let order = ascending(run.replies.map { Int64($0.reflectorSequence) }).map { run.replies[$0] }
    let end = run.reflectorReceived ?? (order.last?.reflectorSequence ?? -1) + 1
    var lost: [Int] = []
    var next = 0
    var previous = -1
    var number = 0
    var index = 0
    while number < min(end, fates.count * 2) {
      while index < order.count, order[index].reflectorSequence < number { index += 1 }
      if index < order.count, order[index].reflectorSequence == number {
        previous = order[index].sequence
        next = max(next, previous - Self.reorderRoom)
      } else {
        let bound = index < order.count ? order[index].sequence : fates.count
        if let missing = firstMissing(from: max(next, previous + 1), upTo: bound, fates)
          ?? firstMissing(from: next, upTo: bound + Self.reorderRoom, fates)
        {
          lost.append(missing)
          next = missing + 1
        }
      }
      number += 1
    }
    return lost
  }

  /// By how many places reordering may have moved a packet for its number still to be matched.
  private static let reorderRoom = 3

  private static func firstMissing(from start: Int, upTo bound: Int, _ fates: [Fate]) -> Int? {
    guard start < min(bound, fates.count) else { return nil }
    for sequence in start..<min(bound, fates.count) where fates[sequence] != .returned { return sequence }
    return nil
  }
}
