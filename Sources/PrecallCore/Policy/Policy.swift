/// What a clinic asks of a visit: limits with their sources, what each tier needs, and what to do when
/// nothing works. A pure value; the built-in one holds where no file is given.
package struct Policy: Sendable {
  package static let formatVersion: Int64 = 1
  package var name: Text
  package var limits: [Limit]
  /// The goodput that each tier needs in each direction.
  package var rates: [TierRate]
  /// From this tier on a visit is ready.
  package var ready: Tier
  /// Down to this tier a visit is usable; below, it is not ready.
  package var minimum: Tier
  /// What to do when the visit can't be held, as a telephone number; empty where the clinic gave none.
  package var fallback: Text

  package struct TierRate: Sendable {
    package var tier: Tier
    package var rate: BitRate
    package var source: Text
  }

  @inline(never)
  package func limit(of metric: Metric) -> Limit? {
    for limit in limits where limit.metric == metric { return limit }
    return nil
  }

  /// The highest tier that `rate` carries.
  package func tier(carriedBy rate: BitRate) -> Tier {
    var best = Tier.phone
    for need in rates where need.tier > best && rate >= need.rate { best = need.tier }
    return best
  }

  /// The rate that `tier` needs; nothing where the policy names none.
  package func need(of tier: Tier) -> BitRate? {
    for need in rates where need.tier == tier { return need.rate }
    return nil
  }
}

extension Policy {
  /// The levels published for video visits; each limit carries its source.
  package static var standard: Policy {
    Policy(
      name: StaticString("standard").bytes,
      limits: Limit.network + Limit.call + Limit.microphone + Limit.speaker + Limit.camera
        + Limit.computer,
      rates: [
        rate(.audioOnly, .kilobits(64), "Microsoft Teams, recommended 58 kbit/s; Zoom, 60 to 80 kbit/s"),
        rate(.lowVideo, .kilobits(350), "healthdirect Video Call, 350 kbit/s each way"),
        rate(.standardVideo, .kilobits(750), "doxy.me, at least 750 kbit/s"),
        rate(
          .hdVideo, .kilobits(1_500), "Microsoft Teams, recommended 1,500 kbit/s; Zoom 720p, 1,200 kbit/s"),
      ],
      ready: .standardVideo, minimum: .audioOnly, fallback: [])
  }

  private static func rate(_ tier: Tier, _ rate: BitRate, _ source: StaticString) -> TierRate {
    TierRate(tier: tier, rate: rate, source: source.bytes)
  }
}
