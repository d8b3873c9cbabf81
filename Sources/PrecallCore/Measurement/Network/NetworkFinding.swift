/// Which finding a failure of the check is.
enum NetworkFinding {
  /// Clocks further apart than this break credentials that are valid for minutes.
  static let clockTolerance = Microseconds(base: 5 * 60 * 1_000_000)
  /// Only a clock off by more than this explains a certificate that is not valid today.
  private static let certificateTolerance = Microseconds(base: 24 * 3_600 * 1_000_000)

  static func kind(of failure: NetworkFailure, _ reach: Reach) -> FindingKind {
    if failure.reason == .outOfTime { return .outOfTime }
    if failure.step != .reach { return laterKind(of: failure.reason) }
    switch failure.reason {
    case .unknownHost: return .unknownHost
    case .lookupFailed, .lookupTimedOut: return .lookupFailed
    case .unreachable: return .unreachable
    case .refused: return .refused
    case .connectTimedOut: return .connectTimeout
    case .proxy: return .proxyFailed
    case .tls: return .tlsFailed
    case .certificateUntrusted: return .certificateUntrusted
    case .certificateExpired: return clockExplains(reach) ? .clockBreaksTLS : .certificateExpired
    case .certificateNotYetValid: return clockExplains(reach) ? .clockBreaksTLS : .certificateNotYetValid
    case .certificateWrongName: return .certificateWrongName
    case .redirected, .webPage: return .captivePortal
    case .httpStatus: return .httpError
    case .busy: return .serverBusy
    case .notPrecall: return .notPrecall
    case .silent, .timedOut, .outOfTime: return .serverSilent
    case .ticketExpired: return .serverStopped
    case .closedEarly: return .serverClosed
    case .endless: return .serverEndless
    }
  }

  /// Once the server had answered, a line through which nothing comes is the line's fault; one on which a
  /// connection still comes about, is closed or refused, the server's.
  private static func laterKind(of reason: NetworkFailure.Reason) -> FindingKind {
    switch reason {
    case .timedOut, .connectTimedOut, .lookupFailed, .lookupTimedOut, .unreachable: .lineLost
    case .silent: .serverSilent
    case .redirected, .webPage: .captivePortal
    case .proxy: .proxyFailed
    case .busy: .serverBusy
    case .httpStatus: .httpError
    default: .serverStopped
    }
  }

  /// Whether packets that stayed away may have done so because nobody was there to answer, or no line.
  static func explainsSilence(_ failure: NetworkFailure) -> Bool {
    let kind = kind(of: failure, Reach())
    return kind == .serverStopped || kind == .serverSilent || kind == .lineLost
  }

  static func isServerFault(_ failure: NetworkFailure) -> Bool {
    let kind = kind(of: failure, Reach())
    return kind.place == .server && kind.cap == .hdVideo
  }

  private static func clockExplains(_ reach: Reach) -> Bool {
    guard let offset = reach.clockOffset else { return false }
    return abs(offset.base) > certificateTolerance.base
  }
}
