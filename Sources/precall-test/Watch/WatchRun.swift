import Glibc
import PrecallCore
import PrecallNetwork
import Synchronization
import SystemPackage
import UnixSignals

/// One run of `precall-test watch`, from the first packet to the summary; Ctrl-C ends it and keeps what there
/// is.
final class WatchRun: Sendable {
  private let face: WatchFace
  private let isLines: Bool
  private let state: Mutex<State>

  /// Ends where nobody takes the lines any more.
  private let (readers, reader) = AsyncStream<Never>.makeStream()

  private struct State {
    var summary = WatchSummary()
    var spark: Sparkline
    var isDrawn = false
    /// Why a line could not be written.
    var complaint: Complaint?
  }

  init(policy: Policy, isLines: Bool, startedAt: Int64) {
    face = WatchFace(startedAt: startedAt, policy: policy)
    self.isLines = isLines
    let terminal = Terminal.standardError
    state = Mutex(State(spark: Sparkline(width: terminal.width - 32, isUnicode: terminal.isUnicode)))
  }

  /// Watches, says what happens, and gives what it came to.
  func run(_ watch: LineWatch, until signals: UnixSignalsSequence) async throws -> WatchSummary {
    if isLines { state.withLock { print(WatchLines.started(at: face.startedAt), &$0) } }
    let failure = await withTaskGroup(of: NetworkFailure??.self) { group in
      group.addTask { .some(await watch.run { self.show($0) }) }
      group.addTask {
        for await _ in signals { return nil }
        return nil
      }
      group.addTask {
        for await _ in self.readers {}
        return nil
      }
      // Either ends the watching, which then still hands over its last second.
      var failure: NetworkFailure?
      for await ended in group {
        if case .some(let why) = ended { failure = why }
        group.cancelAll()
      }
      return failure
    }
    clear()
    if let failure { throw Self.complaint(failure) }
    if let complaint = state.withLock({ $0.complaint }) { throw complaint }
    return state.withLock { $0.summary }
  }

  func show(_ event: WatchEvent) {
    state.withLock { state in
      state.summary.take(event)
      if isLines { print(WatchLines.line(event), &state) }
      if case .second(let second) = event { state.spark.add(second) }
      let terminal = Terminal.standardError
      if terminal.canRedraw, !isLines {
        let erase = state.isDrawn ? "\r\u{1B}[2K" : ""
        terminal.write(erase + (face.line(of: event).map { $0 + "\n" } ?? "") + Self.row(state))
        state.isDrawn = true
      } else if !isLines, let line = face.line(of: event) {
        terminal.line(line)
      }
    }
  }

  private static func row(_ state: State) -> String {
    let loss = "lost " + Wording.text(.share(state.summary.loss))
    let time = state.summary.minutes.last?.roundTrips.last.map { Wording.text(.time(Microseconds(base: $0))) }
    return (time ?? "no reply").padded(to: 10) + loss.padded(to: 13) + state.spark.text
  }

  private func clear() {
    state.withLock { if $0.isDrawn { Terminal.standardError.write("\r\u{1B}[2K") } }
  }

  private func print(_ line: Text, _ state: inout State) {
    do throws(Complaint) {
      if try !Terminal.standardOutput.print(line, as: "what happened") { reader.finish() }
    } catch {
      state.complaint = state.complaint ?? error
      reader.finish()
    }
  }

  private static func complaint(_ failure: NetworkFailure) -> Complaint {
    var measurement = NetworkMeasurement()
    measurement.failure = failure
    let kind = measurement.assessed(by: .standard).findings.first?.kind
    let sentence = kind.map { Wording.text($0.sentence.bytes) + " " + Wording.text($0.remedy.bytes) } ?? ""
    return Complaint(
      status: .notMeasured, sentence: "I tried to reach the server to watch the line, but: \(sentence)")
  }
}
