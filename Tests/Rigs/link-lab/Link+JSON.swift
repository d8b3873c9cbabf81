import PrecallCore

extension Link {
  /// Reads a link file: `description`, and what `both`, `up` (client to server) and `down` do to packets.
  ///
  /// Every part of a direction is an object with a `source` for its figures; a source that begins with
  /// `chosen:` says that the figure is ours, and why.
  package init(json text: Text, name: String) throws(LinkProblem) {
    let value: JSONValue
    do { value = try JSONReader.read(text, upTo: 1_000_000) } catch {
      let place = error.offset.map { "byte \($0)" } ?? String(decoding: error.path, as: UTF8.self)
      throw LinkProblem(path: place, words: "\(String(decoding: error.problem.words.bytes, as: UTF8.self))")
    }
    var fields = try Fields(value, at: "")
    self.name = name
    summary = try fields.text("description")
    let both = try Direction(reading: fields.object("both"))
    up = try both.with(fields.object("up"))
    down = try both.with(fields.object("down"))
    try fields.finish()
  }
}

extension Link.Direction {
  init(reading fields: Fields?) throws(LinkProblem) { self = try Self().with(fields) }

  /// This direction with the parts that `fields` name in place of its own.
  func with(_ fields: Fields?) throws(LinkProblem) -> Self {
    guard var fields else { return self }
    var changed = self
    if var part = try Part(&fields, "delay") { changed.delay = try part.delay() }
    if var part = try Part(&fields, "variation") { changed.variation = try part.variation() }
    if var part = try Part(&fields, "loss") { changed.loss = try part.onlyShare() }
    if var part = try Part(&fields, "burst_loss") { changed.burstLoss = try part.burstLoss() }
    if var part = try Part(&fields, "reordering") { changed.reordering = try part.reordering() }
    if var part = try Part(&fields, "duplication") { changed.duplication = try part.onlyShare() }
    if var part = try Part(&fields, "corruption") { changed.corruption = try part.onlyShare() }
    if var part = try Part(&fields, "rate") { changed.rate = try part.rate() }
    if var part = try Part(&fields, "outages") { changed.outages = try part.outages() }
    if var part = try Part(&fields, "block") { changed.blocks = try part.blocks() }
    if var part = try Part(&fields, "mtu") { changed.maximum = try part.maximum() }
    try fields.finish()
    return changed
  }
}

/// One part of a direction, as `rate`: its figures and their source.
private struct Part {
  var fields: Fields

  init?(_ direction: inout Fields, _ key: String) throws(LinkProblem) {
    guard var fields = try direction.object(key) else { return nil }
    _ = try fields.text("source")
    self.fields = fields
  }

  mutating func delay() throws(LinkProblem) -> Steps<Int64> {
    guard let first = try fields.milliseconds("ms") else { throw fields.problem("ms", "this is missing") }
    var steps = Steps(first)
    try read(&steps) { step throws(LinkProblem) in
      guard let delay = try step.milliseconds("ms") else { throw step.problem("ms", "this is missing") }
      return delay
    }
    try fields.finish()
    return steps
  }

  mutating func variation() throws(LinkProblem) -> Variation {
    let word = try fields.choice("distribution", of: Variation.Distribution.allCases.map(\.rawValue))
    let distribution = Variation.Distribution(rawValue: word) ?? .normal
    let lowest = distribution == .pareto ? 1.1 : 0.5
    let variation = Variation(
      distribution: distribution, spread: try fields.number("ms", in: 0...60_000) * 1e6,
      shape: try fields.optionalNumber("shape", in: lowest...100) ?? 2.5,
      cap: (try fields.optionalNumber("cap_ms", in: 0...60_000) ?? 1_000) * 1e6,
      correlation: (try fields.optionalNumber("correlation_ms", in: 0...60_000) ?? 0) * 1e6)
    try fields.finish()
    return variation
  }

  mutating func onlyShare() throws(LinkProblem) -> Double {
    let share = try fields.share("percent")
    try fields.finish()
    return share
  }

  mutating func burstLoss() throws(LinkProblem) -> Link.BurstLoss {
    let model = Link.BurstLoss(
      toBad: try fields.share("good_to_bad_percent"), toGood: try fields.share("bad_to_good_percent"),
      lossInBad: try fields.share("loss_in_bad_percent"), lossInGood: try fields.share("loss_in_good_percent")
    )
    try fields.finish()
    return model
  }

  mutating func reordering() throws(LinkProblem) -> Link.Reordering {
    let share = try fields.share("percent")
    guard let hold = try fields.milliseconds("ms") else { throw fields.problem("ms", "this is missing") }
    try fields.finish()
    return Link.Reordering(share: share, hold: hold)
  }

  mutating func rate() throws(LinkProblem) -> Link.Rate {
    var steps = Steps(try fields.number("kbit_s", in: 1...10_000_000) * 1000)
    try read(&steps) { step throws(LinkProblem) in try step.number("kbit_s", in: 1...10_000_000) * 1000 }
    let rate = Link.Rate(
      bitsPerSecond: steps, queueTime: try fields.milliseconds("queue_ms"),
      queueBytes: try fields.optionalNumber("queue_bytes", in: 0...1e9).map { Int($0) },
      burst: Int(try fields.optionalNumber("burst_bytes", in: 0...1e9) ?? 0),
      overhead: Int(try fields.optionalNumber("overhead_bytes", in: 0...1000) ?? 0))
    guard rate.queueTime != nil || rate.queueBytes != nil else {
      throw fields.problem("queue_ms", "a rate needs a finite queue: queue_ms or queue_bytes")
    }
    try fields.finish()
    return rate
  }

  mutating func outages() throws(LinkProblem) -> Link.Outages {
    let hold = try fields.choice("packets", of: ["lost", "held"]) == "held"
    var times = Steps(false)
    for var step in try fields.objects("at") {
      let start = Int64(try step.number("s", in: 0...86_400) * 1e9)
      let length = Int64(try step.number("ms", in: 1...3_600_000) * 1e6)
      times.steps += [.init(time: start, value: true), .init(time: start + length, value: false)]
      try step.finish()
    }
    try period(of: &times)
    try fields.finish()
    return Link.Outages(times: times, hold: hold)
  }

  mutating func blocks() throws(LinkProblem) -> Link.Blocks {
    let answers = try fields.choice("answer", of: ["silence", "icmp"]) == "icmp"
    let blocks = Link.Blocks(udp: try ports("udp"), tcp: try ports("tcp"), answers: answers)
    try fields.finish()
    return blocks
  }

  mutating func maximum() throws(LinkProblem) -> Link.MaximumUnit {
    let maximum = Link.MaximumUnit(
      bytes: Int(try fields.number("bytes", in: 576...1500)),
      answers: try fields.choice("answer", of: ["silence", "icmp"]) == "icmp")
    try fields.finish()
    return maximum
  }

  private mutating func ports(_ key: String) throws(LinkProblem) -> Link.Blocks.Ports? {
    guard var rule = try fields.object(key) else { return nil }
    var ports = Link.Blocks.Ports.allExcept([])
    if let closed = rule.take("only") {
      ports = .only(try Self.list(closed, at: rule.place("only")))
    } else if let open = rule.take("except") {
      ports = .allExcept(try Self.list(open, at: rule.place("except")))
    }
    try rule.finish()
    return ports
  }

  private static func list(_ value: JSONValue, at place: String) throws(LinkProblem) -> [Int] {
    let ports = value.array?.compactMap { $0.integer }.filter { (1...65_535).contains($0) }.map { Int($0) }
    guard let ports, ports.count == value.array?.count else {
      throw LinkProblem(path: place, words: "this must be a list of ports, each from 1 to 65535")
    }
    return ports
  }

  /// `steps`: a list of changes, each at `s` seconds; `repeat_s` begins them anew.
  private mutating func read<Value>(
    _ steps: inout Steps<Value>, _ value: (inout Fields) throws(LinkProblem) -> Value
  ) throws(LinkProblem) {
    guard var holder = try fields.object("steps") else { return }
    for var step in try holder.objects("at") {
      let time = Int64(try step.number("s", in: 0...86_400) * 1e9)
      steps.steps.append(.init(time: time, value: try value(&step)))
      try step.finish()
    }
    swap(&fields, &holder)
    try period(of: &steps)
    try fields.finish()
    swap(&fields, &holder)
  }

  private mutating func period<Value>(of steps: inout Steps<Value>) throws(LinkProblem) {
    steps.period = try fields.optionalNumber("repeat_s", in: 0.001...86_400).map { Int64($0 * 1e9) }
    let times = steps.steps.map(\.time)
    guard times == times.sorted(), times.last ?? 0 <= steps.period ?? .max else {
      throw fields.problem("at", "the times must grow, and end before repeat_s")
    }
  }
}
