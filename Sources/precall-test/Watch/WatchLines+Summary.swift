import PrecallCore
import PrecallNetwork

extension WatchLines {
  static func line(_ summary: WatchSummary, by policy: Policy) -> Text {
    JSONWriter.line("summary") { json in
      json.member("outcome", summary.outcome(by: policy).name)
      if summary.isBlocked { json.member("finding", FindingKind.udpBlocked.code) }
      json.member("length", .time(summary.length))
      json.member("sent", Int64(summary.sent))
      json.member("lost", Int64(summary.lost))
      json.key("outages")
      json.array { json in
        for outage in summary.outages {
          json.object { json in
            json.member("at", .time(outage.at))
            if let duration = outage.duration { json.member("duration", .time(duration)) }
            if outage.isBlocked { json.member("finding", FindingKind.udpBlocked.code) }
          }
        }
      }
      json.key("minutes")
      json.array { json in
        for minute in summary.minutes { json.object { write(minute, by: policy, summary, to: &$0) } }
      }
    }
  }

  private static func write(
    _ minute: WatchSummary.Minute, by policy: Policy, _ summary: WatchSummary, to json: inout JSONWriter
  ) {
    json.member("minute", minute.number)
    json.member("loss", .share(minute.loss))
    if let time = minute.roundTrip { json.member("round_trip", .time(time)) }
    if let jitter = minute.jitter { json.member("jitter", .time(jitter)) }
    if let call = minute.call { json.member("call", call.outcome.name) }
    json.member("level", summary.level(of: minute, by: policy).name)
  }
}
