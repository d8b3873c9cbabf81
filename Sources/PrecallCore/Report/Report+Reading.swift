extension Report {
  /// The longest report that is read; one that a program here writes is a hundredth of it. Refuse a longer
  /// file by its size, before reading it.
  package static let maximumBytes = 1_000_000

  /// Reads what `json()` wrote. Words come from this program's catalogue; codes it does not know are kept in
  /// `unknownCodes`, figures and keys it does not know are left out.
  package init(json text: Text) throws(JSONError) {
    let root = try JSONObject(JSONReader.read(text, upTo: Self.maximumBytes))
    let version = try root.integer("format_version")
    guard version == Self.formatVersion else {
      throw root.error("format_version", "this program reads reports of format_version 1")
    }
    let verdict = try root.object("verdict")
    guard let isComplete = try root.bool("complete") else { throw root.error("complete", "this is missing") }
    var policy = try Policy(reported: root.object("policy"))
    let results = try Self.results(root.object("checks"), &policy.sources)
    self.init(try Verdict(verdict), results, policy: policy, isComplete: isComplete)
    #if !hasFeature(Embedded)
      calls = try Self.calls(root.object("checks"))
      path = root["checks"]?[Check.network.name]?["path"].flatMap { PathFacts(json: $0) }
    #endif
    startedAt = try root.timestamp("started_at")
    madeBy = try root.text("made_by") ?? []
    for value in try root.array("findings") {
      try take(JSONObject(value, at: StaticString("findings").bytes))
    }
    if let decisive = try verdict.text("decided_by"), FindingKind.coded(decisive) == nil {
      unknownDeciding = decisive
    }
  }

  private mutating func take(_ json: JSONObject) throws(JSONError) {
    guard let code = try json.text("code") else { throw json.error("code", "this is missing") }
    guard let kind = FindingKind.coded(code) else {
      unknownCodes.append(code)
      return
    }
    let finding = Finding(
      kind, severity: try json.choice("severity") { (one: Severity) in one.name },
      cap: try json.choice("cap") { (one: Tier) in one.name }, at: json.located,
      measured: try json.quantity("measured"), limit: try json.quantity("limit"))
    for index in results.indices where results[index].check == kind.check {
      results[index].findings.append(finding)
      return
    }
    throw json.error("code", "this finding is of a check that the report does not hold")
  }

  private static func results(
    _ json: JSONObject, _ sources: inout [Text]
  ) throws(JSONError) -> [CheckResult] {
    var results: [CheckResult] = []
    for member in json.members {
      guard let check = Check.named(member.key) else { continue }
      let result = try JSONObject(member.value, at: json.path(to: member.key))
      let assessments = try Self.assessments(result.object("metrics"), &sources)
      results.append(CheckResult(check, try CheckResult.State(result), assessments: assessments))
    }
    return results
  }

  #if !hasFeature(Embedded)
    private static func calls(_ checks: JSONObject) throws(JSONError) -> [RehearsedCall] {
      guard let network = checks[Check.network.name] else { return [] }
      let place = checks.path(to: Check.network.name.bytes)
      let json = try JSONObject(network, at: place)
      guard json["rehearsal"] != nil else { return [] }
      var calls: [RehearsedCall] = []
      for value in try json.array("rehearsal") {
        let call = try JSONObject(value, at: json.path(to: StaticString("rehearsal").bytes))
        // What a newer program rehearsed and this one does not know is left out.
        guard let load = try call.text("load"), let outcome = try call.text("outcome"),
          let rate = try call.quantity("rate"), rate.unit == .bitsPerSecond,
          let load = Load.named(load), let outcome = CallRehearsal.Outcome.named(outcome)
        else { continue }
        var sources: [Text] = []
        calls.append(
          RehearsedCall(
            load, BitRate(base: rate.base), outcome, try assessments(call.object("metrics"), &sources)))
      }
      return calls
    }
  #endif

  private static func assessments(
    _ metrics: JSONObject, _ sources: inout [Text]
  ) throws(JSONError) -> [Assessment] {
    var assessments: [Assessment] = []
    for figure in metrics.members {
      guard let metric = Metric.identified(figure.key) else { continue }
      assessments.append(
        try Assessment(metric, JSONObject(figure.value, at: metrics.path(to: figure.key)), &sources))
    }
    return assessments
  }
}

extension JSONObject {
  /// Nothing where it was not measured, or where a newer program names one that this one does not know.
  fileprivate var located: Place? {
    guard (try? bool("located")) == true, let name = (try? text("place")) ?? nil else { return nil }
    for place in Place.allCases where place.name.equals(name) { return place }
    return nil
  }
}

extension Verdict {
  fileprivate init(_ json: JSONObject) throws(JSONError) {
    self.init(
      outcome: try json.choice("outcome") { (one: Outcome) in one.name },
      tier: try json.choice("tier") { (one: Tier) in one.name },
      audio: try json.choice("audio") { (one: Works) in one.name },
      video: try json.choice("video") { (one: Video) in one.name },
      screenShare: try json.choice("screen_share") { (one: Works) in one.name })
  }
}

extension CheckResult.State {
  fileprivate init(_ json: JSONObject) throws(JSONError) {
    guard let name = try json.text("state") else { throw json.error("state", "this is missing") }
    if StaticString("measured").equals(name) {
      self = .measured
      return
    }
    let reason: NotMeasured = try json.choice("reason") { (one: NotMeasured) in one.name }
    if StaticString("partial").equals(name) {
      self = .partial(reason)
    } else if StaticString("not-measured").equals(name) {
      self = .notMeasured(reason)
    } else {
      throw json.error("state", "this must be measured, partial or not-measured")
    }
  }
}

extension Assessment {
  fileprivate convenience init(
    _ metric: Metric, _ json: JSONObject, _ sources: inout [Text]
  ) throws(JSONError) {
    guard let measured = try json.quantity("measured") else {
      throw json.error("measured", "this is missing")
    }
    var limit: Limit?
    if let source = try json.text("source") {
      limit = Limit(metric, warn: try json.quantity("warn"), block: try json.quantity("block"), source: "")
      limit?.ownSource = sources.count
      sources.append(source)
    }
    self.init(
      metric, measured, low: try json.quantity("low"), high: try json.quantity("high"),
      samples: try json.integer("samples").map { Int(clamping: $0) },
      level: try json.choice("level") { (one: Level) in one.name }, limit: limit)
  }
}

extension Policy {
  /// What a report tells of its policy: the levels stand beside the figures.
  fileprivate init(reported json: JSONObject) throws(JSONError) {
    self.init(
      name: try json.text("name") ?? [], limits: [], rates: [],
      ready: try json.choice("ready") { (one: Tier) in one.name },
      minimum: try json.choice("minimum") { (one: Tier) in one.name },
      fallback: try json.text("fallback") ?? [])
  }
}
