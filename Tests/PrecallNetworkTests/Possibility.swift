import PrecallCore

/// What no line can have, whatever was done to the packets: the figures of a report must be free of it.
struct Possibility {
  private(set) var problems: [String] = []

  init(_ measurement: NetworkMeasurement) {
    for assessment in measurement.assessed(by: .standard).assessments { look(at: assessment) }
    let offsets = measurement.packets.replies.map { $0.receivedAt - measurement.packets.sentAt[$0.sequence] }
    if offsets.contains(where: { $0 < .zero }) { problems.append("a reply before its packet") }
    var writer = JSONWriter()
    writer.object { measurement.write(to: &$0) }
    if (try? NetworkMeasurement(json: JSONReader.read(writer.text))) != measurement {
      problems.append("a measurement that can't be read back")
    }
  }

  private mutating func look(at assessment: Assessment) {
    let value = assessment.measured.base
    let isPossible =
      switch assessment.measured.unit {
      // No packet of a check that takes ten seconds was away for longer.
      case .microseconds: (0...10_000_000).contains(value)
      case .partsPerMillion: (0...1_000_000).contains(value)
      case .bitsPerSecond: (0...400_000_000_000).contains(value)
      case .thousandths: (1_000...5_000).contains(value)
      default: value >= 0
      }
    if !isPossible { problems.append("\(assessment.metric.id) of \(value)") }
    if let low = assessment.low, low.base > value {
      problems.append("\(assessment.metric.id) below its least")
    }
    if let high = assessment.high, high.base < value {
      problems.append("\(assessment.metric.id) over its most")
    }
  }
}
