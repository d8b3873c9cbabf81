import CV4L2
import Dispatch
import PrecallCore
import PrecallProbes
import Synchronization

/// One look through a camera, shared by the thread that talks to the driver and the one that keeps the time.
///
/// A driver's call can hang for ever, and nothing can end it from outside. So the time-keeper hands back what
/// there is when a step's deadline passes; the other thread closes the device as soon as the call returns.
final class CaptureSession: Sendable {
  private struct State {
    var measurement = CameraMeasurement()
    var deadline: ContinuousClock.Instant
  }

  private let state: Mutex<State>
  private let done: Event
  let cancelled: Event
  let patience: Duration
  let progress: @Sendable (Progress) -> Void
  /// What a closing device may take after the person gave up.
  private static let grace: Int32 = 1_000

  /// Nothing where the system has no more descriptors.
  init?(patience: Duration, _ progress: @escaping @Sendable (Progress) -> Void) {
    guard let done = Event(), let cancelled = Event() else { return nil }
    (self.done, self.cancelled) = (done, cancelled)
    self.patience = patience
    self.progress = progress
    state = Mutex(State(deadline: .now + patience))
  }

  /// The next call into the driver has the full patience again.
  func extend() {
    let deadline = ContinuousClock.now + patience
    state.withLock { $0.deadline = deadline }
  }

  func update(_ change: (inout CameraMeasurement) -> Void) {
    state.withLock { change(&$0.measurement) }
  }

  var measurement: CameraMeasurement { state.withLock { $0.measurement } }

  /// Runs `work` on a thread of its own and returns when it ends, is cancelled, or does not answer.
  func run(_ work: @escaping @Sendable (CaptureSession) -> Void) async -> CameraMeasurement {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "camera").async {
          work(self)
          self.done.signal()
        }
        DispatchQueue(label: "camera clock").async { continuation.resume(returning: self.awaitEnd()) }
      }
    } onCancel: {
      cancelled.signal()
    }
  }

  private func awaitEnd() -> CameraMeasurement {
    while true {
      let left = state.withLock { $0.deadline } - .now
      guard left > .zero else { break }
      let milliseconds = Int32(min(left / .milliseconds(1) + 1, 60_000))
      switch precall_event_wait(done.descriptor, cancelled.descriptor, milliseconds) {
      case 1: return measurement
      case 2:
        _ = precall_event_wait(done.descriptor, -1, Self.grace)
        return measurement
      default: continue
      }
    }
    var measurement = measurement
    // What is known already stands, whatever was asked after it.
    measurement.failure = measurement.failure ?? .noAnswer
    return measurement
  }
}

/// A signal from one thread that ends a wait of another (eventfd).
final class Event: Sendable {
  let descriptor: Int32

  init?() {
    descriptor = precall_event_create()
    guard descriptor >= 0 else { return nil }
  }

  deinit { precall_event_close(descriptor) }

  func signal() { precall_event_signal(descriptor) }
}
