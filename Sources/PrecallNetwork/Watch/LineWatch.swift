package import PrecallCore

/// Watches the line to a Precall server for trouble that comes and goes.
package struct LineWatch: Sendable {
  package let server: ServerAddress
  /// Certificates to trust in place of the system's, as a PEM file.
  package let caFile: String?
  package let span: Duration

  package init(server: ServerAddress, caFile: String? = nil, for span: Duration) {
    self.server = server
    self.caFile = caFile
    self.span = span
  }

  /// Ends after its span or when the surrounding task is cancelled; each event comes a second after its time
  /// at most. Gives what kept it from beginning; a server or line that is lost later is an event.
  package func run(_ tell: @escaping @Sendable (WatchEvent) -> Void) async -> NetworkFailure? {
    let span = Moment.Span(nanoseconds: span.components.seconds * 1_000_000_000)
    return await onMeasuringThread { stop in
      WatchSession(server, caFile: caFile, for: span, stop: stop, tell).run()
    }
  }
}
