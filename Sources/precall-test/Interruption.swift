import Glibc
import UnixSignals

/// Ctrl-C and its like: the first ends what is going on and keeps what there is, the second ends the program.
enum Interruption {
  /// Takes the signals from now on, so that none finds the command without its ending; but not the end of the
  /// terminal where whoever started the program has it ignored (nohup).
  static func signals() async -> UnixSignalsSequence {
    await UnixSignalsSequence(trapping: trapped)
  }

  private static let trapped: [UnixSignal] = [.sigint, .sigterm] + (isDetached ? [] : [.sighup])

  /// As the program was started: asked before any signal is taken.
  private static var isDetached: Bool {
    var action = sigaction()
    guard unsafe sigaction(SIGHUP, nil, &action) == 0 else { return false }
    // SIG_IGN, which is no function.
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Runs `body` until it ends; at the first signal it is cancelled and gives what it has. Whether it was let
  /// run to its end. After it a signal ends the program, however long a write waits for its reader.
  static func bounding<Value: Sendable>(
    by signals: UnixSignalsSequence, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> (Value, isComplete: Bool) {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        for await _ in signals { break }
        return nil
      }
      var isComplete = true
      while let ended = try await group.next() {
        for one in trapped { signal(one.rawValue, SIG_DFL) }
        group.cancelAll()
        if let ended { return (ended, isComplete) }
        isComplete = false
      }
      throw CancellationError()
    }
  }
}
