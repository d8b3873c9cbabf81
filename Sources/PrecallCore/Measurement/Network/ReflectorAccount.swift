/// Whether what the reflector says of its packets can be true. It is believed unless it contradicts itself
/// or cause and effect: a server whose clock is set in the middle, a broken one, or a hostile one.
package struct ReflectorAccount: Sendable {
  /// No constant lead of its clock fits all of its stamps: figures of one direction would be made up.
  package let isClockSteady: Bool
  /// Two packets have the same number, or numbers are beyond what it could have received: which way a packet
  /// was lost is then not known, though how many were still is.
  package let isCountPossible: Bool

  package var isBelieved: Bool { isClockSteady && isCountPossible }

  /// What rounding and kernels' stamps may add, in microseconds.
  private static let tolerance: Int64 = 1_000
  /// A clock that is being corrected runs faster or slower by so much at most (adjtimex(2)).
  private static let greatestSlew = 500e-6

  package init(of run: PacketRun) {
    isClockSteady = Self.isClockSteady(run)
    isCountPossible = Self.isCountPossible(run)
  }

  /// Each packet bounds the lead of the reflector's clock, since it left before it arrived: T3 - T4 at least
  /// and T2 - T1 at most. Some lead must be within all bounds.
  private static func isClockSteady(_ run: PacketRun) -> Bool {
    var low = Int64.min
    var high = Int64.max
    for reply in run.replies {
      if reply.reflectorSentAt.base - reply.reflectorReceivedAt.base < -tolerance { return false }
      low = max(low, (reply.reflectorSentAt - reply.receivedAt).base)
      high = min(high, (reply.reflectorReceivedAt - run.sentAt[reply.sequence]).base)
    }
    guard let first = run.sentAt.first, let last = run.sentAt.last, !run.replies.isEmpty else { return true }
    let slew = greatestSlew * Double(abs((last - first).base))
    return low - high <= tolerance + rounded(slew)
  }

  private static func isCountPossible(_ run: PacketRun) -> Bool {
    // A network may send a packet twice, hardly all of them.
    let most = min(run.reflectorReceived ?? .max, 2 * run.sentAt.count + 64)
    var owner: [Int] = []
    for reply in run.replies {
      guard reply.reflectorSequence < most else { return false }
      while owner.count <= reply.reflectorSequence { owner.append(-1) }
      if owner[reply.reflectorSequence] >= 0, owner[reply.reflectorSequence] != reply.sequence {
        return false
      }
      owner[reply.reflectorSequence] = reply.sequence
    }
    return true
  }
}

extension PacketRun {
  /// The same without the reflector's stamps: every packet is taken to have been turned round at once,
  /// half-way. Round trips hold; nothing of one direction does.
  var withoutReflectorClock: PacketRun {
    var run = self
    for index in run.replies.indices {
      let sent = sentAt[run.replies[index].sequence]
      let middle = Microseconds(base: sent.base + (run.replies[index].receivedAt - sent).base / 2)
      run.replies[index].reflectorReceivedAt = middle
      run.replies[index].reflectorSentAt = middle
    }
    return run
  }
}
