import PrecallCore

/// The echoes of one leg of the way, by what the line carried when each left.
struct LegRecord {
  private var loads: [Load] = []
  private var times: [Load: [Microseconds]] = [:]

  /// Numbers count from zero, in the order of sending.
  mutating func send(under load: Load) { loads.append(load) }
  mutating func answer(_ number: Int, after span: Moment.Span) {
    times[loads[number], default: []].append(Microseconds(base: max(0, span.nanoseconds / 1_000)))
  }

  /// Loaded are those of the transfer that they took longest beside, as the line's own increase is that of its worse
  /// direction; all but the idle ones where no transfer has enough.
  var leg: PathLeg {
    var leg = PathLeg()
    leg.idleSent = loads.count { $0 == .idle }
    leg.idleTimes = times[.idle] ?? []
    let chosen = [Load.download, .upload].filter { times[$0]?.count ?? 0 >= PathLeg.fewest }
      .max { median($0) < median($1) }
    let loaded = chosen.map { [$0] } ?? Load.allCases.filter { $0 != .idle }
    leg.loadedSent = loads.count { loaded.contains($0) }
    // A queue may grow to the end of a load: its later half tells of it, where that is enough to tell.
    leg.loadedTimes = loaded.flatMap { load in
      let all = times[load] ?? []
      return Array(all.suffix(max(PathLeg.fewest, (all.count + 1) / 2)))
    }
    return leg
  }

  private func median(_ load: Load) -> Int64 {
    times[load].flatMap { OrderStatistics($0.map(\.base)) }?.median ?? 0
  }
}
