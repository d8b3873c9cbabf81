/// The engine as one function from bytes to bytes: what a host without Swift calls.
package enum Judge {
  /// The longest request. A browser's measurements are a tenth of it; together with the reader's other
  /// bounds it keeps what a hostile request needs below the memory that the browser's engine may have.
  package static let maximumBytes = 2_000_000

  /// The report on `{"measurements": …, "policy": …, "complete": true, "started_at": …, "made_by": …,
  /// "texts": …}`, of which only `measurements` must be there; or `{"error": …, "path": …, "offset": …}`.
  /// Words are the request's `texts`, or `own`.
  package static func answer(to request: Text, words own: Texts = Texts(json: nil)) -> Text {
    do throws(JSONError) {
      return try report(on: request, own).json()
    } catch {
      return error.json()
    }
  }

  private static func report(on request: Text, _ own: Texts) throws(JSONError) -> Report {
    let root = try JSONObject(JSONReader.read(request, upTo: maximumBytes))
    guard let measurements = root["measurements"] else {
      throw root.error("measurements", "this is missing")
    }
    var report = Report(
      try Self.measurements(measurements), policy: try policy(root["policy"]),
      isComplete: try root.bool("complete") ?? true, startedAt: try root.timestamp("started_at"),
      madeBy: try root.text("made_by") ?? [])
    report.texts = root["texts"].map { Texts(json: $0) } ?? own
    return report
  }

  private static func measurements(_ json: JSONValue) throws(JSONError) -> Measurements {
    do throws(JSONError) { return try Measurements(json: json) } catch { throw error.within("measurements") }
  }

  private static func policy(_ json: JSONValue?) throws(JSONError) -> Policy {
    guard let json else { return .standard }
    do throws(JSONError) { return try Policy(json: json) } catch { throw error.within("policy") }
  }
}
