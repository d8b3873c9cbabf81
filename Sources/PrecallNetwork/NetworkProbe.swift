package import PrecallCore
package import PrecallProbes

/// Measures the line between this computer and a Precall server.
package struct NetworkProbe: Probe {
  package let server: ServerAddress
  /// Certificates to trust in place of the system's, as a PEM file.
  package let caFile: String?
  package let depth: Depth
  /// The longest that the check may take; every step is cut to fit.
  package let limit: Duration

  /// The rates of the calls that are rehearsed.
  package let policy: Policy

  /// Twice 1,500 kbit/s, which high-definition video needs.
  package static let ample = BitRate.kilobits(3_000)

  package init(
    server: ServerAddress, caFile: String? = nil, policy: Policy = .standard,
    depth: Depth = .enough(Self.ample), limit: Duration? = nil
  ) {
    self.server = server
    self.caFile = caFile
    self.policy = policy
    self.depth = depth
    if case .full = depth {
      self.limit = limit ?? .seconds(45)
    } else {
      self.limit = limit ?? .seconds(9.6)
    }
  }

  package func measure(_ progress: @escaping @Sendable (Progress) -> Void) async -> NetworkMeasurement {
    let (seconds, attoseconds) = limit.components
    let span = Moment.Span(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    let end = Moment.now + span
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let (known, reach) = AsyncStream<Reach>.makeStream()
    async let call = ladder(after: reached, until: end)
    async let families = compareFamilies(after: known)
    var measurement = await onMeasuringThread { stop in
      defer {
        signal.finish()
        reach.finish()
      }
      let session = NetworkSession(
        server, caFile: caFile, plan: LoadPlan(depth), policy: policy, within: span, stop: stop, progress)
      session.whenReached = {
        signal.yield()
        reach.yield($0)
      }
      return session.run()
    }
    measurement.call = await call
    let legs = await families
    if !legs.isEmpty {
      measurement.path = measurement.path ?? NetworkPath()
      measurement.path?.families = legs
    }
    return measurement
  }

  /// IPv4 beside IPv6, on a thread of its own while single packets are timed. Through a proxy neither is the
  /// way that was measured.
  private func compareFamilies(after known: AsyncStream<Reach>) async -> [FamilyLeg] {
    guard let reach = await known.first(where: { _ in true }), !reach.isProxied else { return [] }
    let comparison = FamilyComparison(
      host: server.host, port: server.port, connect: reach.connect ?? .zero)
    return await onMeasuringThread { comparison.run($0) }
  }

  /// The ways to the relay, tried beside the rest once the server has answered; a few small packets that do
  /// not show in its figures.
  private func ladder(after reached: AsyncStream<Void>, until end: Moment) async -> CallPath? {
    guard await reached.first(where: { true }) != nil else { return nil }
    return await RelayLadder(server: server, caFile: caFile).climb(until: end)
  }
}
