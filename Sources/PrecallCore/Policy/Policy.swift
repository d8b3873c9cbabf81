/// What a clinic asks of a visit: limits with their sources, what each tier needs, and what to do when
/// nothing works. A pure value; the built-in one holds where no file is given.
package struct Policy: Sendable {
  package static let formatVersion: Int64 = 1
  package var name: Text
  package var limits: [Limit]
  /// The goodput that each tier needs in each direction.
  package var rates: [TierRate]
  /// What a shared screen takes beside HD video: Microsoft Teams recommends 2,500 kbit/s up in meetings with
  /// it, and 1,500 for HD video.
  package var screenShare = BitRate.kilobits(1_000)
  /// From this tier on a visit is ready.
  package var ready: Tier
  /// Down to this tier a visit is usable; below, it is not ready.
  package var minimum: Tier
  /// What to do when the visit can't be held, as a telephone number; empty where the clinic gave none.
  package var fallback: Text

  /// The clinic's own sources of its limits (`Limit.ownSource`).
  package var sources: [Text] = []

  package struct TierRate: Sendable {
    package var tier: Tier
    package var rate: BitRate
  }

  #if !hasFeature(Embedded)
    /// Who says so.
    package func source(of limit: Limit) -> Text {
      limit.ownSource.map { sources[$0] } ?? limit.publishedSource.bytes
    }
  #endif

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

  /// Room for the highest tier twice over: a line that carries this needs no closer look.
  package var ampleRate: BitRate {
    BitRate(base: 2 * rates.reduce(0) { max($0, $1.rate.base) })
  }

  /// The rate that `tier` needs; nothing where the policy names none.
  package func need(of tier: Tier) -> BitRate? {
    for need in rates where need.tier == tier { return need.rate }
    return nil
  }

  /// What each step of the call rehearsal carries each way; nothing of what is no call.
  package func rate(of load: Load) -> BitRate? {
    switch load {
    case .idle, .download, .upload: nil as BitRate?
    case .audioCall: need(of: .audioOnly)
    case .lowVideoCall: need(of: .lowVideo)
    case .standardVideoCall: need(of: .standardVideo)
    case .hdVideoCall: need(of: .hdVideo)
    case .screenShareCall: need(of: .hdVideo).map { $0 + screenShare }
    }
  }
}

extension Policy {
  /// The levels published for video visits; each limit carries its source.
  package static var standard: Policy {
    let line: [Limit] = Limit.network + Limit.rehearsal + Limit.call
    let devices: [Limit] = Limit.microphone + Limit.speaker + Limit.camera
    return Policy(
      name: StaticString("standard").bytes, limits: line + devices + Limit.computer,
      rates: [
        // Microsoft Teams, recommended 58 kbit/s; Zoom, 60 to 80 kbit/s.
        TierRate(tier: .audioOnly, rate: .kilobits(64)),
        // healthdirect Video Call, 350 kbit/s each way.
        TierRate(tier: .lowVideo, rate: .kilobits(350)),
        // doxy.me, at least 750 kbit/s.
        TierRate(tier: .standardVideo, rate: .kilobits(750)),
        // Microsoft Teams, recommended 1,500 kbit/s; Zoom 720p, 1,200 kbit/s.
        TierRate(tier: .hdVideo, rate: .kilobits(1_500)),
      ],
      ready: .standardVideo, minimum: .audioOnly, fallback: [])
  }
}
