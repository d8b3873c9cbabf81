import PrecallCore
import PrecallProbes
import Synchronization

/// A probe with no device behind it: it takes `time`, or until it is cancelled, and returns what it has.
struct FakeProbe<Value: Measurement>: Probe {
  var value: Value
  var time: Duration = .zero
  /// Waited for by both sides, so that only probes that run side by side come to an end.
  var meeting: Meeting?

  func measure(_ progress: @escaping @Sendable (PrecallProbes.Progress) -> Void) async -> Value {
    progress(.step("pretending"))
    await meeting?.arrive()
    try? await ContinuousClock().sleep(for: time)
    progress(.done(.percent(100)))
    return value
  }
}

/// Lets nobody pass before `count` have come.
actor Meeting {
  private let count: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(of count: Int) { self.count = count }

  func arrive() async {
    if waiting.count + 1 == count {
      for one in waiting { one.resume() }
      waiting = []
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }
}

/// What happened, in the order in which it was told.
final class Log: Sendable {
  private let events = Mutex<[(check: Check, what: String)]>([])

  func take(_ event: CheckEvent) {
    let told: (Check, String) =
      switch event {
      case .started(let check): (check, "started")
      case .progressed(let check, _): (check, "progressed")
      case .finished(let result): (result.check, "finished")
      }
    events.withLock { $0.append((check: told.0, what: told.1)) }
  }

  func of(_ check: Check) -> [String] {
    events.withLock { events in events.filter { $0.check == check }.map(\.what) }
  }
}
