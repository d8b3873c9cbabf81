extension CallPath {
  private static let path = StaticString("call").bytes

  init(json: JSONValue) throws(JSONError) {
    for item in json["attempts"]?.array ?? [] {
      guard attempts.count < 16 else { throw JSONError(.expected("fewer attempts"), path: Self.path) }
      attempts.append(try Attempt(json: item))
    }
    duration = try json.duration()
    if let stream = json["audio"] { audio = try Stream(json: stream) }
    if let stream = json["video"] { video = try Stream(json: stream) }
    roundTrips = try Pings.times(json["round_trip_us"])
    jitters = try Pings.times(json["jitter_us"])
  }

  func write(to json: inout JSONWriter) {
    json.key("attempts")
    json.array { json in
      for attempt in attempts {
        json.object { json in
          json.member("transport", attempt.transport.name)
          json.member("outcome", attempt.outcome.name)
          if let connect = attempt.connect { json.member("connect", .time(connect)) }
        }
      }
    }
    if let duration { json.member("duration", .time(duration)) }
    for (key, stream) in [("audio" as StaticString, audio), ("video", video)] {
      guard let stream else { continue }
      json.key(key)
      json.object { stream.write(to: &$0) }
    }
    Pings.write(roundTrips, as: "round_trip_us", to: &json)
    Pings.write(jitters, as: "jitter_us", to: &json)
  }
}

extension CallPath.Attempt {
  fileprivate init(json: JSONValue) throws(JSONError) {
    let transport = json["transport"]?.string ?? []
    let outcome = json["outcome"]?.string ?? []
    guard let transport = CallPath.Transport.allCases.first(where: { $0.name.equals(transport) }),
      let outcome = CallPath.Outcome.allCases.first(where: { $0.name.equals(outcome) })
    else { throw JSONError(.expected("a known transport and outcome"), path: StaticString("attempts").bytes) }
    let connect = try json.integer("connect_us", in: 0...3_600_000_000)
    self.init(transport, outcome, connect: connect.map { Microseconds(base: $0) })
  }
}

extension CallPath.Stream {
  private static let counts: ClosedRange<Int64> = 0...1_000_000_000

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      received: try json.required("received_count", in: Self.counts),
      lost: try json.required("lost_count", in: Self.counts),
      bytes: try json.required("received_bytes", in: 0...1_000_000_000_000),
      frames: try json.integer("frames_count", in: Self.counts), duration: try json.duration())
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.member("received_count", received)
    json.member("lost_count", lost)
    json.member("received_bytes", bytes)
    if let frames { json.member("frames_count", frames) }
    if let duration { json.member("duration", .time(duration)) }
  }
}

extension JSONValue {
  fileprivate func duration() throws(JSONError) -> Microseconds? {
    try integer("duration_us", in: 0...3_600_000_000).map { Microseconds(base: $0) }
  }
}
