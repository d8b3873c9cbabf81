package import PrecallCore

/// A call that was played while a line is watched, and what the line did with it.
package struct WatchCall: Sendable, Hashable {
  package var at: Microseconds
  package var load: Load
  /// Each way.
  package var rate: BitRate
  package var outcome: CallRehearsal.Outcome
  /// Of the call's own packets; nothing where nothing tells it.
  package var lossUp: Share?
  package var lossDown: Share?
  /// The median round trip of the call's packets.
  package var roundTrip: Microseconds?

  /// Whether the line did not carry it; one that was cut off tells nothing.
  package var isBroken: Bool { outcome != .held && outcome != .cut }

  package init(at: Microseconds, _ load: Load, _ rate: BitRate, _ outcome: CallRehearsal.Outcome) {
    (self.at, self.load, self.rate, self.outcome) = (at, load, rate, outcome)
  }

  init(at: Microseconds, _ call: RehearsedCall) {
    self.init(at: at, call.load, call.rate, call.outcome)
    func base(_ metric: Metric) -> Int64? { call.assessments.first { $0.metric == metric }?.measured.base }
    lossUp = base(.lossUp).map { Share(base: $0) }
    lossDown = base(.lossDown).map { Share(base: $0) }
    roundTrip = base(.rehearsalRoundTrip).map { Microseconds(base: $0) }
  }
}
