/// The words that a report has for its codes: sentence and remedy of a finding, definition and source of a
/// figure.
///
/// A native program's own are the catalogue's. The browser's engine has none: whoever asks it hands over what
/// `catalogue` wrote, and words that it was not handed are left out.
package struct Texts: Sendable {
  private let findings: JSONValue?
  private let metrics: JSONValue?

  /// Those of a request.
  package init(json: JSONValue?) {
    findings = json?["findings"] ?? .null
    metrics = json?["metrics"] ?? .null
  }

  /// The program's own.
  package init() {
    findings = nil
    metrics = nil
  }

  @inline(never)
  func write(of kind: FindingKind, to json: inout JSONWriter) {
    guard let findings else { return Self.writeOwn(of: kind, to: &json) }
    let words = findings[kind.code]
    Self.write("sentence", of: words, to: &json)
    Self.write("remedy", of: words, to: &json)
  }

  @inline(never)
  func write(of metric: Metric, _ limit: Limit?, by policy: Policy, to json: inout JSONWriter) {
    guard let metrics else { return Self.writeOwn(of: metric, limit, by: policy, to: &json) }
    let words = metrics[metric.id]
    if let own = limit?.ownSource {
      json.member("source", policy.sources[own])
    } else if limit != nil {
      Self.write("source", of: words, to: &json)
    }
    Self.write("definition", of: words, to: &json)
  }

  @inline(never)
  private static func write(_ key: StaticString, of words: JSONValue?, to json: inout JSONWriter) {
    if let text = words?.string(key) { json.member(key, text) }
  }
}

#if hasFeature(Embedded)
  extension Texts {
    private static func writeOwn(of kind: FindingKind, to json: inout JSONWriter) {}
    private static func writeOwn(
      of metric: Metric, _ limit: Limit?, by policy: Policy, to json: inout JSONWriter
    ) {}
  }
#else
  extension Texts {
    private static func writeOwn(of kind: FindingKind, to json: inout JSONWriter) {
      json.member("sentence", kind.sentence)
      json.member("remedy", kind.remedy)
    }

    private static func writeOwn(
      of metric: Metric, _ limit: Limit?, by policy: Policy, to json: inout JSONWriter
    ) {
      if let limit { json.member("source", policy.source(of: limit)) }
      json.member("definition", metric.definition)
    }

    /// All words there are, as a request of the browser's engine carries them.
    package static var catalogue: Text {
      let policy = Policy.standard
      var writer = JSONWriter()
      writer.object { json in
        json.key("findings")
        json.object { json in
          for kind in FindingKind.all {
            json.key(kind.code)
            json.object { writeOwn(of: kind, to: &$0) }
          }
        }
        json.key("metrics")
        json.object { json in
          for metric in Metric.all {
            json.key(metric.id)
            json.object { writeOwn(of: metric, policy.limit(of: metric), by: policy, to: &$0) }
          }
        }
      }
      return writer.text
    }
  }
#endif
