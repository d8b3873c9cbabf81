package import PrecallCore

/// A watched line as one JSON object a line: written while it happens, and read again.
package enum WatchLines {
  package static func started(at seconds: Int64) -> Text {
    JSONWriter.line("watching") { json in
      json.member("format_version", 1)
      json.member("started_at", Timestamp.text(of: seconds))
    }
  }

  package static func line(_ event: WatchEvent) -> Text {
    switch event {
    case .second(let second):
      JSONWriter.line("second") { json in
        json.member("at", .time(second.at))
        json.member("sent", Int64(second.sent))
        json.member("answered", Int64(second.answered))
        if let time = second.roundTrip { json.member("round_trip", .time(time)) }
        if let jitter = second.jitter { json.member("jitter", .time(jitter)) }
      }
    case .outage(let at): JSONWriter.line("outage") { $0.member("at", .time(at)) }
    case .recovered(let at, let duration):
      JSONWriter.line("recovered") { json in
        json.member("at", .time(at))
        json.member("after", .time(duration))
      }
    case .call(let call): line(call)
    case .blocked(let at): JSONWriter.line("udp-blocked") { $0.member("at", .time(at)) }
    }
  }

  private static func line(_ call: WatchCall) -> Text {
    JSONWriter.line("call") { json in
      json.member("at", .time(call.at))
      json.member("load", call.load.name)
      json.member("rate", .rate(call.rate))
      json.member("outcome", call.outcome.name)
      if let loss = call.lossUp { json.member("loss_up", .share(loss)) }
      if let loss = call.lossDown { json.member("loss_down", .share(loss)) }
      if let time = call.roundTrip { json.member("round_trip", .time(time)) }
    }
  }
}

// MARK: Reading

extension WatchLines {
  /// When it began, and what happened; lines of kinds that are not known are passed over.
  package static func read(_ text: Text) throws(JSONError) -> (startedAt: Int64, events: [WatchEvent]) {
    var startedAt: Int64 = 0
    var events: [WatchEvent] = []
    for part in text.split(separator: 0x0A) {
      let json = try JSONReader.read(Array(part))
      let name = json.string("event") ?? []
      if StaticString("watching").equals(name) {
        startedAt = json.string("started_at").flatMap { Timestamp.seconds(of: $0) } ?? 0
      } else if let event = try event(named: name, json) {
        events.append(event)
      }
    }
    return (startedAt, events)
  }

  private static func event(named name: Text, _ json: JSONValue) throws(JSONError) -> WatchEvent? {
    if StaticString("outage").equals(name) { return .outage(at: try time(json, "at_us")) }
    if StaticString("recovered").equals(name) {
      return .recovered(at: try time(json, "at_us"), after: try time(json, "after_us"))
    }
    if StaticString("udp-blocked").equals(name) { return .blocked(at: try time(json, "at_us")) }
    if StaticString("call").equals(name) { return try call(json).map { .call($0) } }
    guard StaticString("second").equals(name) else { return nil }
    var second = WatchSecond(at: try time(json, "at_us"))
    second.sent = try count(json, "sent")
    second.answered = min(try count(json, "answered"), second.sent)
    if json["round_trip_us"] != nil { second.roundTrip = try time(json, "round_trip_us") }
    if json["jitter_us"] != nil { second.jitter = try time(json, "jitter_us") }
    return .second(second)
  }

  /// Nothing where a newer program played what this one does not know.
  private static func call(_ json: JSONValue) throws(JSONError) -> WatchCall? {
    guard let load = Load.named(json.string("load") ?? []),
      let outcome = CallRehearsal.Outcome.named(json.string("outcome") ?? [])
    else { return nil }
    guard let rate = json.integer("rate_bps"), (0..<1_000_000_000_000).contains(rate) else {
      throw JSONError("a rate in bits per second", at: "rate_bps")
    }
    var call = WatchCall(at: try time(json, "at_us"), load, BitRate(base: rate), outcome)
    call.lossUp = try share(json, "loss_up_ppm")
    call.lossDown = try share(json, "loss_down_ppm")
    if json["round_trip_us"] != nil { call.roundTrip = try time(json, "round_trip_us") }
    return call
  }

  private static func share(_ json: JSONValue, _ key: StaticString) throws(JSONError) -> Share? {
    guard json[key] != nil else { return nil }
    guard let number = json.integer(key), (0...1_000_000).contains(number) else {
      throw JSONError("a share in millionths", at: key)
    }
    return Share(base: number)
  }

  private static func time(_ json: JSONValue, _ key: StaticString) throws(JSONError) -> Microseconds {
    guard let number = json.integer(key), (0..<1_000_000_000_000).contains(number) else {
      throw JSONError("a time in microseconds", at: key)
    }
    return Microseconds(base: number)
  }

  private static func count(_ json: JSONValue, _ key: StaticString) throws(JSONError) -> Int {
    guard let number = json.integer(key), (0..<1_000_000).contains(number) else {
      throw JSONError("a count of packets", at: key)
    }
    return Int(number)
  }
}
