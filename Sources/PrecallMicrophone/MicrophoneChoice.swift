internal import PrecallCore

/// Which source to record, and why that one. A pure function of what the server offers.
enum MicrophoneChoice {
  case chosen(PulseSource, MicrophoneFacts)
  /// Nothing to record; the names are what was found instead, for the person.
  case none(MicrophoneFailure, MicrophoneFacts, candidates: [String])

  init(asked: String?, sources: [PulseSource], hidden: MicrophoneFacts.Hidden?, default defaultName: String?)
  {
    let choice =
      if let asked {
        Self.named(asked, among: sources, default: defaultName)
      } else {
        Self.byDefault(among: sources, default: defaultName)
      }
    self = choice.adding(hidden)
  }

  /// What else is connected, and why it offers no microphone: also where there is another to take.
  private func adding(_ hidden: MicrophoneFacts.Hidden?) -> Self {
    switch self {
    case .chosen(let source, var facts):
      facts.hidden = hidden
      return .chosen(source, facts)
    case .none(.ambiguous, _, _): return self
    case .none(let failure, var facts, let candidates):
      facts.hidden = hidden
      return .none(failure, facts, candidates: candidates)
    }
  }

  private static func byDefault(
    among sources: [PulseSource], default defaultName: String?
  ) -> Self {
    let preferred = sources.first { $0.name == defaultName }
    if let preferred, !preferred.isMonitor {
      return .chosen(preferred, preferred.facts(among: sources, default: defaultName))
    }
    // A monitor is never taken by itself; the best real microphone is tested in its place.
    let real = sources.filter { !$0.isMonitor }
    guard let best = real.max(by: { rank($0) < rank($1) }) else {
      let failure: MicrophoneFailure = sources.isEmpty ? .noMicrophone : .onlyMonitors
      return .none(missing(failure, defaultName), MicrophoneFacts(), candidates: [])
    }
    var facts = best.facts(among: sources, default: defaultName)
    facts.isDefaultMonitor = preferred != nil
    return .chosen(best, facts)
  }

  /// PipeWire without its session manager names a placeholder as the default source.
  private static func missing(_ failure: MicrophoneFailure, _ defaultName: String?) -> MicrophoneFailure {
    defaultName == PulseInventory.noSource ? .noSessionManager : failure
  }

  private static func rank(_ source: PulseSource) -> Int {
    var rank = 0
    if source.port?.isPluggedIn != false { rank += 4 }
    if source.kind == .hardware || source.kind == .bluetooth { rank += 2 }
    if !source.isMuted { rank += 1 }
    return rank
  }

  private static func named(
    _ asked: String, among sources: [PulseSource], default defaultName: String?
  ) -> Self {
    let found = matches(asked, among: sources)
    switch found.count {
    case 1: return .chosen(found[0], found[0].facts(among: sources, default: defaultName))
    case 0:
      let real = sources.filter { !$0.isMonitor }
      return .none(missing(.notFound, defaultName), MicrophoneFacts(), candidates: real.titles)
    default:
      return .none(
        .ambiguous, MicrophoneFacts(),
        candidates: zip(found, found.titles).map { "\($0.index): \($1)" })
    }
  }

  /// The name or number exactly, else a part of the description; monitors only where nothing else fits.
  static func matches(_ asked: String, among sources: [PulseSource]) -> [PulseSource] {
    let found = sources.meant(by: asked)
    if found.count == 1 { return found }
    let real = found.filter { !$0.isMonitor }
    return real.isEmpty ? found : real
  }
}

extension MicrophoneFacts {
  /// Why this one is recorded, for the person.
  func reason(isNamed: Bool) -> StaticString {
    if isNamed { return "as you asked" }
    if isDefaultMonitor == true { return "since the default only records a speaker" }
    return isDefault == true ? "the default" : "the best there is, as none is the default"
  }
}
