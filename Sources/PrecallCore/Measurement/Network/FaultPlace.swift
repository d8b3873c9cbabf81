#if !hasFeature(Embedded)
  /// Where on the way a fault of the line arises. The rules, from this computer outwards:
  ///
  /// 1. A leg shows the fault where it holds at least half of what the whole way shows; the first such leg
  ///    names the place.
  /// 2. Where legs were measured and none shows it, it lies beyond the last of them.
  /// 3. Loss is read off the gateway only: other hops answer when they have time (RFC 1812 section 4.3.2.8),
  ///    so that their silence is no loss.
  /// 4. Where no leg tells, nothing is said, and the place stays what it usually is.
  package struct FaultPlace {
    private let legs: [(place: Place, leg: PathLeg)]
    private let gateway: PathLeg?

    package init(_ path: NetworkPath) {
      gateway = path.gateway
      let first = path.gateway.map { [(place: Place.localNetwork, leg: $0)] } ?? []
      legs = first + path.hops.map { (place: $0.place, leg: $0.leg) }
    }

    /// Of a high round-trip time, the median of the whole way given.
    package func ofDelay(_ whole: Microseconds) -> Place? { first(whole.base) { $0.idle?.median } }

    /// Of a varying delay: 95th percentile over the fastest, there and back.
    package func ofVariation(_ whole: Microseconds) -> Place? {
      first(whole.base) { leg in leg.idle.map { $0.percentile(95) - $0.minimum } }
    }

    /// Of a delay that grows under load, by its increase.
    package func ofQueue(_ increase: Microseconds) -> Place? {
      first(increase.base) { leg in
        guard let idle = leg.idle, let loaded = leg.loaded else { return nil }
        return loaded.median - idle.median
      }
    }

    /// Of loss, both ways together; certain by the interval of 95 % on the gateway's.
    package func ofLoss(_ whole: Share) -> Place? {
      // A router that never answers does not say that it lost anything.
      guard let gateway, gateway.idleSent >= 20, !gateway.idleTimes.isEmpty, whole.base > 0 else {
        return nil
      }
      let lost = gateway.idleSent - gateway.idleTimes.count
      let (low, high) = PacketLoss.wilson(lost, of: gateway.idleSent)
      if lost > 0, low.base * 2 >= whole.base || Share(lost, of: gateway.idleSent).base >= whole.base {
        return .localNetwork
      }
      return high.base < whole.base ? .accessLine : nil
    }

    private func first(_ whole: Int64, _ figure: (PathLeg) -> Int64?) -> Place? {
      guard whole > 0 else { return nil }
      var last: Place?
      for (place, leg) in legs {
        guard let value = figure(leg) else { continue }
        if value * 2 >= whole { return place }
        last = place
      }
      return last.map(Self.beyond)
    }

    private static func beyond(_ place: Place) -> Place {
      switch place {
      case .thisComputer: .localNetwork
      case .localNetwork: .accessLine
      case .accessLine, .farNetwork, .server: .farNetwork
      }
    }
  }
#endif
