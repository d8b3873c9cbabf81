import PrecallCore

/// The table of the rehearsed calls: what each step lost, how long its packets took, and whether it held.
struct RehearsalTable {
  let calls: [RehearsedCall]
  let terminal: Terminal

  var lines: [String] {
    guard !calls.isEmpty else { return [] }
    return [Self.row("Rehearsed call", ["rate", "lost up", "down", "delay", "varies by"], "")]
      + calls.map { call in
        let (word, colour) = Self.word(call.outcome)
        let figures = [Metric.lossUp, .lossDown, .rehearsalRoundTrip].map { Self.figure($0, of: call) }
        let cells = [Wording.text(Quantity.rate(call.rate))] + figures + [Self.variation(of: call)]
        return Self.row("  " + Self.name(call.load), cells, terminal.painted(word, colour))
      }
  }

  private static func row(_ name: String, _ cells: [String], _ end: String) -> String {
    let widths = [13, 9, 9, 9, 11]
    let line = zip(cells, widths).reduce(name.padded(to: 20)) { $0 + $1.0.padded(to: $1.1) } + end
    return line.withoutEnd
  }

  private static func figure(_ metric: Metric, of call: RehearsedCall) -> String {
    call.assessments.first { $0.metric == metric }.map { Wording.text($0.measured) } ?? "-"
  }

  /// The 95th percentile of the worse direction.
  private static func variation(of call: RehearsedCall) -> String {
    let rows = call.assessments.filter {
      $0.metric == .rehearsalVariationUp || $0.metric == .rehearsalVariationDown
    }
    return rows.max { $0.measured.base < $1.measured.base }.map { Wording.text($0.measured) } ?? "-"
  }

  static func name(_ load: Load) -> String {
    switch load {
    case .audioCall: "sound"
    case .lowVideoCall: "low video"
    case .standardVideoCall: "standard video"
    case .hdVideoCall: "HD video"
    case .screenShareCall: "HD and a screen"
    case .idle, .download, .upload: Wording.text(load.name.bytes)
    }
  }

  static func word(_ outcome: CallRehearsal.Outcome) -> (String, Terminal.Colour) {
    switch outcome {
    case .held: ("held", .green)
    case .queue(.up): ("too fast up", .yellow)
    case .queue(.down): ("too fast down", .yellow)
    case .loss(.up): ("lost up", .yellow)
    case .loss(.down): ("lost down", .yellow)
    case .silence: ("broke off", .red)
    case .cut: ("too short", .dim)
    }
  }
}
