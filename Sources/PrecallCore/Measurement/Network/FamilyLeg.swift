#if !hasFeature(Embedded)
  /// TCP handshakes with the server over one version of IP, where its name has addresses of both.
  package struct FamilyLeg: Sendable, Hashable {
    package enum Version: Int, Sendable, Hashable, CaseIterable {
      case four = 4
      case six = 6
    }

    package var version: Version
    package var attempts = 0
    /// Of the handshakes that came about.
    package var times: [Microseconds] = []
    /// Whether the server's address said no: the way there works, and nobody listens.
    package var isRefused = false

    package init(_ version: Version) { self.version = version }

    /// Three handshakes lost by chance on a line that loses 5 %: one in eight thousand.
    static let fewest = 3

    var works: Bool { !times.isEmpty }
    var isBroken: Bool { times.isEmpty && attempts >= Self.fewest }
    var median: Microseconds {
      Microseconds(base: OrderStatistics(times.map(\.base))?.median ?? 0)
    }
  }

  extension FamilyLeg {
    /// Far worse: twice as slow, and slower by a third of the 150 ms that a call may take each way
    /// (ITU-T G.114).
    static let muchSlower = Microseconds.milliseconds(50)

    func isFarSlower(than other: Self) -> Bool {
      median.base > 2 * other.median.base && median - other.median > Self.muchSlower
    }

    func write(to json: inout JSONWriter) {
      json.member("version", Int64(version.rawValue))
      json.member("attempts", Int64(attempts))
      Pings.write(times, as: "connect_us", to: &json)
      json.member("refused", isRefused)
    }

    init(json: JSONValue) throws(JSONError) {
      guard let version = json.integer("version").flatMap({ Version(rawValue: Int($0)) }) else {
        throw JSONError("4 or 6", at: "version")
      }
      self.init(version)
      times = try Pings.times(json["connect_us"])
      attempts = max(Int(min(max(json.integer("attempts") ?? 0, 0), 1_000)), times.count)
      isRefused = json.bool("refused") ?? false
    }
  }

  extension NetworkJudge {
    /// Both versions of IP beside each other. One that is not there at all is no fault: most lines have IPv4
    /// only, and some only IPv6.
    mutating func judge(_ families: [FamilyLeg]) {
      guard let four = families.first(where: { $0.version == .four }),
        let six = families.first(where: { $0.version == .six })
      else { return }
      for (leg, metric) in [(four, Metric.connectTime4), (six, .connectTime6)] where leg.works {
        note(metric, .time(leg.median), samples: leg.times.count)
      }
      if four.works, six.isBroken { add(Finding(.brokenIPv6, at: six.isRefused ? .server : nil)) }
      if six.works, four.isBroken { add(Finding(.brokenIPv4, at: four.isRefused ? .server : nil)) }
      guard four.works, six.works else { return }
      for (slow, fast) in [(four, six), (six, four)] where slow.isFarSlower(than: fast) {
        add(Finding(.unevenFamilies, measured: .time(slow.median)))
      }
    }
  }
#endif
