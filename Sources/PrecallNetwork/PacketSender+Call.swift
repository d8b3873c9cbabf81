import PrecallCore

// MARK: A call that is played

extension PacketSender {
  /// How often the line is looked at; each look reads all replies of the step.
  static let lookSpacing = Moment.Span.milliseconds(25)
  /// A reply that takes so much longer than on the idle line is late: no higher rate is tried meanwhile.
  static let lateness = Moment.Span.milliseconds(50)

  /// Whether a call broke, as the judge will say of it: going on would only do harm.
  ///
  /// - Parameter roundTrip: of the idle line.
  func hasBroken(at now: Moment, _ roundTrip: Moment.Span) -> Bool {
    var run = run
    let current = run.phases.indices.last
    for index in run.phases.indices where run.phases[index].rate != nil {
      let all = run.phases[index].sequences
      let due = sequencesDue(in: all, at: now, after: roundTrip + Self.lateness)
      let isTelling = index == current ? hasPlayed(for: CallRehearsal.shortest) : due == all
      run.phases[index].sequences = isTelling ? due : all.prefix(0)
    }
    return CallRehearsal(of: run, PacketFates(of: run))?.broken != nil
  }
}
