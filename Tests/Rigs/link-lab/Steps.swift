/// A value that changes at given times, in nanoseconds from the start, and may begin anew after `period`.
package struct Steps<Value: Equatable>: Equatable {
  package struct Step: Equatable {
    package var time: Int64
    package var value: Value
  }

  /// The value before the first step.
  package var first: Value
  /// In order of time.
  package var steps: [Step] = []
  package var period: Int64?

  package init(_ first: Value) { self.first = first }

  /// The value at `time` and until when it holds.
  package func value(at time: Int64) -> (value: Value, until: Int64) {
    guard !steps.isEmpty, time >= 0 else { return (first, steps.first?.time ?? .max) }
    let start = period.map { time / $0 * $0 } ?? 0
    let end = period.map { start + $0 } ?? .max
    var current = first
    for step in steps {
      guard start + step.time <= time else { return (current, min(start + step.time, end)) }
      current = step.value
    }
    return (current, end)
  }
}

extension Steps<Double> {
  /// When `bits` have passed if they begin at `start`, where the value is a rate in bits a second.
  package func end(of bits: Double, from start: Int64) -> Int64 {
    if steps.isEmpty { return start + Int64((bits / first * 1e9).rounded()) }
    var (rest, time) = (bits, start)
    while true {
      let (rate, until) = value(at: time)
      let room = until == .max ? .infinity : Double(until - time) / 1e9 * rate
      if rest <= room, rate > 0 { return time + Int64((rest / rate * 1e9).rounded()) }
      if until == .max { return .max / 2 }
      rest -= room
      time = until
    }
  }
}
