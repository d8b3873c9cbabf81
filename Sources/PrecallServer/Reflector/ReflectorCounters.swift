import Synchronization

/// What became of the packets that arrived, for logs and metrics.
final class ReflectorCounters: Sendable {
  struct Counts: Sendable, Equatable {
    var reflected = 0
    var malformed = 0
    var oversize = 0
    var withoutTicket = 0
    var forged = 0
    var expired = 0
    var tableFull = 0
    /// Shorter than their answer would be.
    var tooShort = 0
    var tooOften = 0
    /// Replies that the system would not take at once; waiting would make their stamps lies.
    var unsent = 0

    var dropped: Int {
      malformed + oversize + withoutTicket + forged + expired + tableFull + tooShort + tooOften + unsent
    }
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  func countReflected() { state.withLock { $0.reflected += 1 } }
  func countUnsent() { state.withLock { $0.unsent += 1 } }

  func count(_ refusal: Reflection.Refusal) {
    state.withLock { counts in
      switch refusal {
      case .malformed: counts.malformed += 1
      case .oversize: counts.oversize += 1
      case .noTicket: counts.withoutTicket += 1
      case .forged: counts.forged += 1
      case .expired: counts.expired += 1
      case .full: counts.tableFull += 1
      case .tooShort: counts.tooShort += 1
      case .tooOften: counts.tooOften += 1
      }
    }
  }
}
