extension Report {
  /// The report as JSON (schema: `Fixtures/reports/report.schema.json`); the same bytes in every host.
  package func json(indent: Int = 2) -> Text {
    var writer = JSONWriter(indent: indent)
    writer.object { json in
      json.member("format_version", Self.formatVersion)
      if let startedAt { json.member("started_at", Timestamp.text(of: startedAt)) }
      if !madeBy.isEmpty { json.member("made_by", madeBy) }
      json.member("complete", isComplete)
      writeVerdict(to: &json)
      json.key("findings")
      json.array { json in
        for finding in findings { json.object { finding.write(texts, to: &$0) } }
      }
      json.key("checks")
      json.object { json in
        for result in results { write(result, to: &json) }
      }
      writePolicy(to: &json)
    }
    return writer.text
  }

  private func writeVerdict(to json: inout JSONWriter) {
    json.key("verdict")
    json.object { json in
      json.member("outcome", verdict.outcome.name)
      json.member("tier", verdict.tier.name)
      json.member("audio", verdict.audio.name)
      json.member("video", verdict.video.name)
      json.member("screen_share", verdict.screenShare.name)
      if let deciding { json.member("decided_by", deciding.kind.code) }
      if let unknownDeciding { json.member("decided_by", unknownDeciding) }
    }
  }

  private func write(_ result: CheckResult, to json: inout JSONWriter) {
    json.key(result.check.name)
    json.object { json in
      switch result.state {
      case .measured: json.member("state", "measured")
      case .partial(let why):
        json.member("state", "partial")
        json.member("reason", why.name)
      case .notMeasured(let why):
        json.member("state", "not-measured")
        json.member("reason", why.name)
      }
      json.key("metrics")
      json.object { json in
        for assessment in result.assessments {
          json.key(assessment.metric.id)
          json.object { json in
            assessment.writeFigure(to: &json)
            if let warn = assessment.limit?.warn { json.member("warn", warn) }
            if let block = assessment.limit?.block { json.member("block", block) }
            texts.write(of: assessment.metric, assessment.limit, by: policy, to: &json)
          }
        }
      }
      #if !hasFeature(Embedded)
        if result.check == .network { writeWay(to: &json) }
      #endif
    }
  }

  #if !hasFeature(Embedded)
    private func writeWay(to json: inout JSONWriter) {
      if let path {
        json.key("path")
        json.object { path.write(to: &$0) }
      }
      guard !calls.isEmpty else { return }
      json.key("rehearsal")
      json.array { json in
        for call in calls {
          json.object { json in
            json.member("load", call.load.name)
            json.member("rate", .rate(call.rate))
            json.member("outcome", call.outcome.name)
            json.key("metrics")
            json.object { json in
              for assessment in call.assessments {
                json.key(assessment.metric.id)
                json.object { assessment.writeFigure(to: &$0) }
              }
            }
          }
        }
      }
    }
  #endif

  private func writePolicy(to json: inout JSONWriter) {
    json.key("policy")
    json.object { json in
      json.member("name", policy.name)
      json.member("ready", policy.ready.name)
      json.member("minimum", policy.minimum.name)
      if !policy.fallback.isEmpty { json.member("fallback", policy.fallback) }
    }
  }
}

extension Finding {
  fileprivate func write(_ texts: Texts, to json: inout JSONWriter) {
    json.member("code", kind.code)
    json.member("check", kind.check.name)
    json.member("severity", severity.name)
    json.member("cap", cap.name)
    json.member("place", place.name)
    if located != nil { json.member("located", true) }
    if let measured { json.member("measured", measured) }
    if let limit { json.member("limit", limit) }
    texts.write(of: kind, to: &json)
  }
}

extension Assessment {
  fileprivate func writeFigure(to json: inout JSONWriter) {
    json.member("measured", measured)
    if let low { json.member("low", low) }
    if let high { json.member("high", high) }
    if let samples { json.member("samples", Int64(samples)) }
    json.member("level", level.name)
  }
}
