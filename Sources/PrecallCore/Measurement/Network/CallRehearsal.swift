/// What the line did with packets shaped as a call, from sound alone upwards: the steps that held, and why
/// the next one did not.
package struct CallRehearsal: Sendable {
  package enum Outcome: Sendable, Hashable {
    case held
    /// A queue grew that did not drain.
    case queue(Direction)
    /// More was lost than any call stands.
    case loss(Direction)
    /// From some packet on nothing came back at all.
    case silence
    /// It was ended before it could tell, by the person or by the time.
    case cut
  }

  package struct Step: Sendable {
    package var phase: PacketRun.Phase
    package var outcome: Outcome
  }

  /// A step must have lasted so long for its silence about queues to mean something.
  package static let shortest = Microseconds(base: 300_000)
  private static let silence = Microseconds(base: 250_000)
  /// Video of a visit breaks from this loss on (Daily: under 5 %); sound is left to the E-model until most
  /// of it is lost.
  private static let videoLoss = Share(base: 50_000)
  private static let audioLoss = Share(base: 500_000)

  package let steps: [Step]
  /// The packets before the first step: the line without a call's load.
  package let idle: Range<Int>

  /// Nothing where no call was rehearsed.
  package init?(of run: PacketRun, _ fates: PacketFates) {
    let idle = run.sequences(under: .idle)
    var steps: [Step] = []
    for phase in run.phases where phase.rate != nil && !phase.sequences.isEmpty {
      steps.append(Step(phase: phase, outcome: Self.outcome(of: phase, in: run, fates, idle)))
    }
    guard !steps.isEmpty else { return nil }
    self.steps = steps
    self.idle = idle
  }

  /// The steps up to the first that did not hold.
  package var held: ArraySlice<Step> { steps.prefix { $0.outcome == .held } }

  /// The first step that broke; nothing where all held or the rehearsal was cut off first.
  package var broken: Step? {
    guard held.count < steps.count, steps[held.count].outcome != .cut else { return nil }
    return steps[held.count]
  }

  /// The packets at a call's own rate, and those of the idle line right before them, without any that met
  /// an overload.
  package var pooled: Range<Int> {
    guard let last = held.last?.phase.sequences else { return idle }
    return min(idle.lowerBound, last.lowerBound)..<max(idle.upperBound, last.upperBound)
  }

  private static func outcome(
    of phase: PacketRun.Phase, in run: PacketRun, _ fates: PacketFates, _ idle: Range<Int>
  ) -> Outcome {
    let sequences = phase.sequences
    let end = run.sentAt[sequences.upperBound - 1]
    let answered = run.answered(in: sequences)
    let heard = answered.last.map { run.sentAt[$0.sequence] } ?? run.sentAt[sequences.lowerBound]
    // Behind a queue that stands, the last replies may still be on their way.
    let growth = QueueGrowth(of: run, in: sequences, over: idle)
    let isOverused = growth?.isOverused ?? false
    if end - heard >= silence, !isOverused { return .silence }
    for direction in Direction.allCases {
      let limit = phase.load == .audioCall ? audioLoss : videoLoss
      // Of this very call, not of the line in general: what was lost of it was lost, in bursts or not.
      if let loss = PacketLoss(of: fates, in: sequences, direction),
        PacketLoss.wilson(loss.lost, of: loss.sent).low > limit
      {
        return .loss(direction)
      }
    }
    if let growth, isOverused { return .queue(growth.direction) }
    return end - run.sentAt[sequences.lowerBound] < shortest ? .cut : .held
  }
}
