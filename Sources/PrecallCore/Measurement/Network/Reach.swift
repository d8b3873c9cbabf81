/// How far the way to the server was open, and how long each stretch of it took.
package struct Reach: Sendable, Hashable {
  /// Each stretch by itself; nothing where it was not passed.
  package var nameLookup: Microseconds?
  package var connect: Microseconds?
  package var tls: Microseconds?
  /// From the request to the first byte of the answer.
  package var firstByte: Microseconds?
  package var isProxied = false
  /// 4 or 6; nothing where no connection was made.
  package var addressFamily: Int64?
  /// The server's clock minus this computer's, half a round trip off at most.
  package var clockOffset: Microseconds?

  package init() {}
}

/// What stopped the network check, and where.
package struct NetworkFailure: Sendable, Hashable {
  package enum Step: Int, Sendable, Hashable, CaseIterable {
    case reach, idle, rehearsal, download, upload
    /// Asking what arrived, after all the rest.
    case settle

    package var name: StaticString {
      switch self {
      case .reach: "reach"
      case .idle: "idle"
      case .rehearsal: "rehearsal"
      case .download: "download"
      case .upload: "upload"
      case .settle: "settle"
      }
    }
  }

  package enum Reason: Int, Sendable, Hashable, CaseIterable {
    case unknownHost, lookupFailed, lookupTimedOut
    case unreachable, refused, connectTimedOut, proxy
    case tls, certificateUntrusted, certificateExpired, certificateNotYetValid, certificateWrongName
    case redirected, webPage, httpStatus, busy, notPrecall
    case silent, closedEarly, endless, timedOut
    /// The server no longer takes the ticket of this check.
    case ticketExpired
    /// The check's own time was up before its end.
    case outOfTime

    package var name: StaticString {
      switch self {
      case .unknownHost: "unknown-host"
      case .lookupFailed: "lookup-failed"
      case .lookupTimedOut: "lookup-timed-out"
      case .unreachable: "unreachable"
      case .refused: "refused"
      case .connectTimedOut: "connect-timed-out"
      case .proxy: "proxy"
      case .tls: "tls"
      case .certificateUntrusted: "certificate-untrusted"
      case .certificateExpired: "certificate-expired"
      case .certificateNotYetValid: "certificate-not-yet-valid"
      case .certificateWrongName: "certificate-wrong-name"
      case .redirected: "redirected"
      case .webPage: "web-page"
      case .httpStatus: "http-status"
      case .busy: "busy"
      case .notPrecall: "not-precall"
      case .silent: "silent"
      case .closedEarly: "closed-early"
      case .endless: "endless"
      case .timedOut: "timed-out"
      case .ticketExpired: "ticket-expired"
      case .outOfTime: "out-of-time"
      }
    }
  }

  package var step: Step
  package var reason: Reason
  /// The HTTP status, where there was an answer.
  package var status: Int64?

  package init(_ step: Step, _ reason: Reason, status: Int64? = nil) {
    self.step = step
    self.reason = reason
    self.status = status
  }
}
