/// The answer: will the visit work, and as what.
package struct Verdict: Sendable, Equatable {
  package enum Outcome: Int, Sendable, CaseIterable {
    case ready
    /// Works with limits.
    case usable
    case notReady
    /// Nothing bad is certain, but something asked for could not be measured.
    case notMeasured

    package var name: StaticString {
      switch self {
      case .ready: "ready"
      case .usable: "usable"
      case .notReady: "not-ready"
      case .notMeasured: "not-measured"
      }
    }
  }

  package enum Video: Int, Sendable, CaseIterable {
    case hd, standard, low, none, notMeasured

    package var name: StaticString {
      switch self {
      case .hd: "hd"
      case .standard: "standard"
      case .low: "low"
      case .none: "none"
      case .notMeasured: "not-measured"
      }
    }
  }

  package enum Works: Int, Sendable, CaseIterable {
    case yes, limited, no, notMeasured

    package var name: StaticString {
      switch self {
      case .yes: "yes"
      case .limited: "limited"
      case .no: "no"
      case .notMeasured: "not-measured"
      }
    }
  }

  package var outcome: Outcome
  /// The visit that is possible, as far as was measured.
  package var tier: Tier
  package var audio: Works
  package var video: Video
  package var screenShare: Works

  /// As a report tells it.
  package init(outcome: Outcome, tier: Tier, audio: Works, video: Video, screenShare: Works) {
    self.outcome = outcome
    self.tier = tier
    self.audio = audio
    self.video = video
    self.screenShare = screenShare
  }

  package init(of results: [CheckResult], by policy: Policy) {
    tier = Self.cap(results, Check.allCases)
    audio = Self.audio(results)
    video = Self.video(results)
    screenShare = Self.screenShare(results)
    outcome = Self.outcome(results, tier: tier, by: policy)
  }

  private static func outcome(_ results: [CheckResult], tier: Tier, by policy: Policy) -> Outcome {
    if tier < policy.minimum { return .notReady }
    var worst = Severity.note
    var asked = 0
    for result in results {
      switch result.state {
      case .notMeasured(.notAsked): continue
      case .notMeasured, .partial: return .notMeasured
      case .measured: asked += 1
      }
      if let severity = result.worst, severity > worst { worst = severity }
    }
    if asked == 0 { return .notMeasured }
    return worst > .note || tier < policy.ready ? .usable : .ready
  }

  private static func audio(_ results: [CheckResult]) -> Works {
    let cap = cap(results, [.network, .microphone])
    if cap == .phone { return .no }
    guard measured(results, [.network, .microphone]) else { return .notMeasured }
    return limited(results, [.network, .microphone]) ? .limited : .yes
  }

  private static func video(_ results: [CheckResult]) -> Video {
    let cap = cap(results, [.network, .camera, .computer])
    if cap <= .audioOnly { return .none }
    guard measured(results, [.network, .camera]) else { return .notMeasured }
    return cap == .lowVideo ? .low : cap == .standardVideo ? .standard : .hd
  }

  /// Sharing a screen needs what standard video needs of the network, and no device; beside HD video it
  /// must not have broken the rehearsal.
  private static func screenShare(_ results: [CheckResult]) -> Works {
    let cap = cap(results, [.network])
    if cap <= .audioOnly { return .no }
    guard measured(results, [.network]) else { return .notMeasured }
    let broke = results.contains { $0.findings.contains { $0.kind == .screenShareTooFast } }
    return broke || cap < .standardVideo || limited(results, [.network]) ? .limited : .yes
  }

  private static func cap(_ results: [CheckResult], _ checks: [Check]) -> Tier {
    var cap = Tier.hdVideo
    for result in results where checks.contains(result.check) && result.cap < cap { cap = result.cap }
    return cap
  }

  private static func measured(_ results: [CheckResult], _ checks: [Check]) -> Bool {
    for check in checks {
      guard results.contains(where: { $0.check == check && $0.state == .measured }) else { return false }
    }
    return true
  }

  private static func limited(_ results: [CheckResult], _ checks: [Check]) -> Bool {
    results.contains { checks.contains($0.check) && ($0.worst ?? .note) > .note }
  }
}
