package import PrecallCore

/// Watches a line for trouble that comes and goes.
package struct LineWatch: Sendable {
  package let target: WatchTarget
  /// A call as the policy's ready tier needs it is played once a minute, where a Precall server answers.
  package let policy: Policy
  package let span: Duration
  package let plan: WatchPlan

  package init(
    _ target: WatchTarget, policy: Policy = .standard, for span: Duration, plan: WatchPlan = WatchPlan()
  ) {
    self.target = target
    self.policy = policy
    self.span = span
    self.plan = plan
  }

  /// Ends after its span or when the surrounding task is cancelled; each event comes a second after its time
  /// at most. Gives what kept it from beginning; a server or line that is lost later is an event.
  package func run(_ tell: @escaping @Sendable (WatchEvent) -> Void) async -> NetworkFailure? {
    let span = Moment.Span(span)
    return await onMeasuringThread { stop in
      WatchSession(target, policy, plan, for: span, stop: stop, tell).run()
    }
  }
}

/// How often what is done beside the packets is done.
package struct WatchPlan: Sendable {
  /// From the start to the first call.
  package var firstCall = Duration.seconds(3)
  /// From a call's beginning to the next one's.
  package var callSpacing = Duration.seconds(60)
  /// A session is renewed so often at least: what is kept of its packets stays small.
  package var longestSession = Duration.seconds(60)

  package init() {}
}
