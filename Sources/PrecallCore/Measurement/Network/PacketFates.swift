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
    Self.placeLossDown(of: run, in: &fates)
    self.fates = fates
  }

  /// Each unseen number of the reflector is a packet lost on the way down: the first missing one between the
  /// packets with the numbers around it; or else one near them, where packets overtook each other; or else any.
  private static func placeLossDown(of run: PacketRun, in fates: inout [Fate]) {
    let order = ascending(run.replies.map { Int64($0.reflectorSequence) }).map { run.replies[$0] }
    let end = run.reflectorReceived ?? (order.last?.reflectorSequence ?? -1) + 1
    var (next, previous, spare) = (0, -1, 0)
    var index = 0
    for number in 0..<max(0, min(end, fates.count * 2)) {
      while index < order.count, order[index].reflectorSequence < number { index += 1 }
      if index < order.count, order[index].reflectorSequence == number {
        previous = order[index].sequence
        next = max(next, previous - Self.reorderRoom)
        continue
      }
      let bound = index < order.count ? order[index].sequence : fates.count
      if let lost = missing(in: fates, from: max(next, previous + 1), to: bound)
        ?? missing(in: fates, from: next, to: bound + Self.reorderRoom)
      {
        fates[lost] = .lostDown
        next = lost + 1
      } else {
        spare = missing(in: fates, from: spare, to: fates.count) ?? fates.count
        if spare < fates.count { fates[spare] = .lostDown }
      }
    }
  }

  /// By how many places packets overtake each other as a rule.
  private static let reorderRoom = 3

  private static func missing(in fates: [Fate], from start: Int, to end: Int) -> Int? {
    guard start < min(end, fates.count) else { return nil }
    for sequence in start..<min(end, fates.count) where fates[sequence] == .lostUp { return sequence }
    return nil
  }
}
