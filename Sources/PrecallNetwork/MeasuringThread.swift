import Dispatch
import Synchronization

/// Set once, to end blocking work on another thread; whoever works looks at it at least every 20 ms.
final class StopSignal: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

/// Runs blocking work on a thread of its own, never on one that other tasks share. Cancelling the
/// surrounding task sets the signal; the work then ends early by itself.
func onMeasuringThread<Value: Sendable>(
  _ work: @escaping @Sendable (StopSignal) -> Value
) async -> Value {
  let stop = StopSignal()
  return await withTaskCancellationHandler {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "precall.network", qos: .userInitiated).async {
        continuation.resume(returning: work(stop))
      }
    }
  } onCancel: {
    stop.set()
  }
}
