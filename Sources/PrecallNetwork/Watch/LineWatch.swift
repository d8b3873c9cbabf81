package import PrecallCore

/// Watches a line for trouble that comes and goes.
package struct LineWatch: Sendable {
  package let target: WatchTarget
  /// A call as the policy's ready tier needs it is played once a minute, where a Precall server answers.
  package let policy: Policy
  package let span: Duration

  package init(_ target: WatchTarget, policy: Policy = .standard, for span: Duration) {
    self.target = target
    self.policy = policy
    self.span = span
  }

  /// Ends after its span or when the surrounding task is cancelled; each event comes a second after its time
  /// at most. Gives what kept it from beginning; a server or line that is lost later is an event.
  package func run(_ tell: @escaping @Sendable (WatchEvent) -> Void) async -> NetworkFailure? {
    let span = Moment.Span(nanoseconds: span.components.seconds * 1_000_000_000)
    return await onMeasuringThread { stop in
      WatchSession(target, policy, for: span, stop: stop, tell).run()
    }
  }
}
