import Glibc
import Synchronization

/// Limits that were not met, and figures that no run gave: said beside each, and by the program's status.
enum Miss {
  private static let count = Mutex(0)

  /// What to say behind a figure.
  static func mark(where isMissed: Bool, _ word: String = "  MISSED") -> String {
    guard isMissed else { return "" }
    count.withLock { $0 += 1 }
    return word
  }

  /// Ends the program with status 1 where something was missed.
  static func conclude() {
    let count = count.withLock { $0 }
    guard count > 0 else { return }
    print("\nMissed or failed: \(count)")
    exit(1)
  }
}
