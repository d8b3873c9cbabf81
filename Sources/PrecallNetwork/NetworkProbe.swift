package import PrecallCore
package import PrecallProbes

/// Measures the line between this computer and a Precall server.
package struct NetworkProbe: Probe {
  package let server: ServerAddress
  /// Certificates to trust in place of the system's, as a PEM file.
  package let caFile: String?
  /// The longest that the check may take; every step is cut to fit.
  package let limit: Duration

  package init(server: ServerAddress, caFile: String? = nil, limit: Duration = .milliseconds(5_900)) {
    self.server = server
    self.caFile = caFile
    self.limit = limit
  }

  package func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> NetworkMeasurement {
    let (seconds, attoseconds) = limit.components
    let span = Moment.Span(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    return await onMeasuringThread { stop in
      NetworkSession(server, caFile: caFile, within: span, stop: stop, progress).run()
    }
  }
}
