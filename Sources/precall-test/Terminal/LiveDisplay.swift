import PrecallCore
import PrecallProbes
import Synchronization

/// Shows on standard error what the checks do: redrawn lines where a person looks, a line for each finished
/// check elsewhere.
final class LiveDisplay: Sendable {
  private let terminal: Terminal
  private let isGuided: Bool
  private let state: Mutex<State>

  private struct State {
    var rows: [Row] = []
    var drawn = 0
    var hasAsked = false
  }

  private struct Row {
    var check: Check
    var words = "starting"
    var done: Share?
    var level: Decibels?
    /// The device, and why that one.
    var tested: String?
    var isFinished = false
  }

  /// `isGuided` asks the person to say a sentence as long as the microphone listens.
  init(on terminal: Terminal, checks: [Check], isGuided: Bool = false) {
    self.terminal = terminal
    self.isGuided = isGuided
    // The computer itself is looked at beside the rest: its findings stand in the report.
    state = Mutex(State(rows: checks.filter { $0 != .computer }.map { Row(check: $0) }))
  }

  func show(_ event: CheckEvent) {
    state.withLock { state in
      let isWorthDrawing = Self.take(event, into: &state.rows)
      if terminal.canRedraw {
        if isWorthDrawing { draw(&state) }
        return
      }
      if isGuided, !state.hasAsked, Self.isListening(state.rows) {
        state.hasAsked = true
        for line in Paragraph.lines(Self.request, width: terminal.width) { terminal.line(line) }
      }
      if let line = Self.line(of: event, among: state.rows) {
        terminal.line(line)
      }
    }
  }

  /// Takes the live lines away, so that the report stands alone below what was tested.
  func end() {
    state.withLock { state in
      if state.drawn > 0 {
        terminal.write("\u{1B}[\(state.drawn)A\u{1B}[J")
        for row in state.rows {
          guard let tested = row.tested else { continue }
          let words = "\(Wording.check(row.check)) tested: \(tested)"
          for line in Paragraph.lines(words, width: terminal.width) { terminal.line(line) }
        }
      }
      state.drawn = 0
      state.rows = []
    }
  }

  private static func take(_ event: CheckEvent, into rows: inout [Row]) -> Bool {
    switch event {
    case .started: return true
    case .progressed(let check, let progress):
      guard let index = rows.firstIndex(where: { $0.check == check }) else { return false }
      switch progress {
      case .step(let words): rows[index].words = Wording.text(words.bytes)
      case .testing(let device, let why): rows[index].tested = Self.words(device, why)
      case .done(let share): rows[index].done = share
      case .level(let level): rows[index].level = level
      }
      return true
    case .finished(let result):
      guard let index = rows.firstIndex(where: { $0.check == result.check }) else { return false }
      let tested = rows[index].tested
      rows[index] = Row(check: result.check, words: summary(of: result), tested: tested, isFinished: true)
      return true
    }
  }

  private func draw(_ state: inout State) {
    var text = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
    let request = isGuided ? requestLines(to: state.rows) : []
    for line in request { text += "\u{1B}[2K" + terminal.painted(line, .bold) + "\n" }
    for row in state.rows {
      let line = "  " + Wording.check(row.check).padded(to: 12) + bar(of: row) + row.words
      text += "\u{1B}[2K" + line.prefix(terminal.width - 1) + "\n"
    }
    state.drawn = request.count + state.rows.count
    terminal.write(text)
  }

  /// What the person should do now, in as many lines as it takes; empty ones before the microphone listens and after.
  private func requestLines(to rows: [Row]) -> [String] {
    let lines = Paragraph.lines(Self.request, width: terminal.width - 1)
    return Self.isListening(rows) ? lines : lines.map { _ in "" }
  }

  private static let request =
    "Please say a sentence now, for example: Good morning, can you hear me well?"

  private static func isListening(_ rows: [Row]) -> Bool {
    rows.contains { $0.check == .microphone && $0.level != nil && !$0.isFinished }
  }

  private func bar(of row: Row) -> String {
    if row.isFinished { return "" }
    let (share, words): (Double, String) =
      if let level = row.level {
        ((level.inDecibels + 60) / 60, Wording.text(Quantity.level(level)).padded(to: 8))
      } else if let done = row.done {
        (
          done.fraction,
          Wording.text(Quantity.share(Share.percent(Double(Int(done.inPercent))))).padded(to: 8)
        )
      } else {
        (0, "".padded(to: 8))
      }
    let filled = Int(max(0, min(1, share)) * 16)
    return String(repeating: "\u{2588}", count: filled) + String(repeating: "\u{2591}", count: 16 - filled)
      + " " + words
  }

  /// The figures that tell most, for a check that is good.
  private static let telling = [
    "network.round-trip-time", "network.download", "network.upload", "microphone.speech-level",
    "camera.frame-rate", "camera.lines",
  ]

  /// What is worth a line where nothing can be redrawn.
  private static func line(of event: CheckEvent, among rows: [Row]) -> String? {
    switch event {
    case .finished(let result) where rows.contains { $0.check == result.check }:
      "\(Wording.text(result.check.name.bytes)): \(summary(of: result))"
    case .progressed(let check, .testing(let device, let why)):
      "\(Wording.text(check.name.bytes)): testing \(words(device, why))"
    default: nil
    }
  }

  private static func words(_ device: Text, _ why: StaticString) -> String {
    "\(Wording.text(device)), \(Wording.text(why.bytes))"
  }

  /// A word, then the first figures or the sentence of the worst finding.
  private static func summary(of result: CheckResult) -> String {
    switch result.state {
    case .notMeasured(let why): return Wording.text(why.sentence.bytes)
    case .partial(let why): return Wording.text(why.sentence.bytes)
    case .measured: break
    }
    if let worst = result.worst, worst > .note,
      let finding = result.findings.first(where: { $0.severity == worst })
    {
      let word = Wording.text(worst.name.bytes)
      return
        "\(word): \(Wording.text(finding.kind.sentence.bytes)) [\(Wording.text(finding.kind.code.bytes))]"
    }
    let figures = telling.compactMap { id in
      result.assessments.first { $0.metric.id.equals(id.utf8) }.map {
        Wording.text($0.metric.title.bytes).lowercased() + " " + Wording.text($0.measured)
      }
    }
    return (["good"] + figures).joined(separator: ", ")
  }
}
