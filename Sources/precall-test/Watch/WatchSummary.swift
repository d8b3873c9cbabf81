import PrecallCore
import PrecallNetwork

/// What a watched line came to.
struct WatchSummary {
  struct Outage: Equatable {
    var at: Microseconds
    /// Nothing where it lasted until the end.
    var duration: Microseconds?
    /// Whether the server was reached over TCP meanwhile.
    var isBlocked = false
  }

  /// One minute, or the rest of one at the end.
  struct Minute {
    var number: Int64
    var seconds = 0
    var sent = 0
    var lost = 0
    var roundTrips: [Int64] = []
    var jitters: [Int64] = []
    /// The one that was played in it; of several, one that broke.
    var call: WatchCall?

    var loss: Share { Share(lost, of: sent) }
    var roundTrip: Microseconds? { OrderStatistics(roundTrips).map { Microseconds(base: $0.median) } }
    var jitter: Microseconds? {
      jitters.isEmpty ? nil : Microseconds(base: jitters.reduce(0, +) / Int64(jitters.count))
    }
  }

  private var silences: [Outage] = []
  private var isSaidBlocked = false
  private(set) var minutes: [Minute] = []
  /// From the start to the end of the last second.
  private(set) var length = Microseconds.zero

  /// Of a minute that is shorter, one lost packet would already be a figure.
  private static let shortest = 20

  mutating func take(_ event: WatchEvent) {
    switch event {
    case .second(let second): take(second)
    case .outage(let at): silences.append(Outage(at: at))
    case .recovered(_, let duration):
      if let last = silences.indices.last { silences[last].duration = duration }
    case .call(let call): take(call)
    case .blocked:
      isSaidBlocked = true
      if let last = silences.indices.last, silences[last].duration == nil { silences[last].isBlocked = true }
    }
  }

  private mutating func take(_ call: WatchCall) {
    let index = minute(of: call.at)
    if minutes[index].call?.outcome ?? .held == .held { minutes[index].call = call }
  }

  /// Where the minute of `time` is; it may be the one before the newest.
  private mutating func minute(of time: Microseconds) -> Int {
    let number = time.base / 60_000_000
    if let index = minutes.suffix(2).firstIndex(where: { $0.number == number }) { return index }
    minutes.append(Minute(number: number))
    return minutes.count - 1
  }

  private mutating func take(_ second: WatchSecond) {
    let last = minute(of: second.at)
    minutes[last].seconds += 1
    minutes[last].sent += second.sent
    minutes[last].lost += second.sent - second.answered
    if let time = second.roundTrip { minutes[last].roundTrips.append(time.base) }
    if let jitter = second.jitter { minutes[last].jitters.append(jitter.base) }
    length = second.at + .seconds(1)
  }

  /// The one thing that was found: UDP does not get through, and never did.
  var isBlocked: Bool { isSaidBlocked && lost == sent }
  /// What never came back did not go away either.
  var outages: [Outage] { isBlocked ? [] : silences }

  var sent: Int { minutes.reduce(0) { $0 + $1.sent } }
  var lost: Int { minutes.reduce(0) { $0 + $1.lost } }
  var loss: Share { Share(lost, of: sent) }
  /// Those that told something.
  var calls: [WatchCall] { minutes.compactMap { $0.call }.filter { $0.outcome != .cut } }

  /// The worst of it: each minute held against the policy, and an outage is a limit at least.
  func outcome(by policy: Policy) -> Verdict.Outcome {
    guard lost < sent else { return .notMeasured }
    let whole = minutes.filter { $0.seconds >= Self.shortest }
    var worst = (whole.isEmpty ? minutes : whole).map { level(of: $0, by: policy) }.max() ?? .good
    // Also in a rest of a minute, which is too short for other figures.
    if !outages.isEmpty || calls.contains(where: \.isBroken) { worst = max(worst, .limited) }
    switch worst {
    case .good, .unjudged: return .ready
    case .limited: return .usable
    case .blocking: return .notReady
    }
  }

  /// Loss there and back against the limit of one way: the stricter reading. A call that broke is a limit at
  /// least.
  func level(of minute: Minute, by policy: Policy) -> Assessment.Level {
    var levels = [policy.limit(of: .lossUp)?.level(of: .share(minute.loss))]
    levels.append(minute.roundTrip.flatMap { policy.limit(of: .roundTripTime)?.level(of: .time($0)) })
    levels.append(minute.call?.isBroken == true ? .limited : nil)
    levels.append(minute.jitter.flatMap { policy.limit(of: .jitter)?.level(of: .time($0)) })
    return levels.compactMap { $0 }.filter { $0 != .unjudged }.max() ?? .good
  }
}
