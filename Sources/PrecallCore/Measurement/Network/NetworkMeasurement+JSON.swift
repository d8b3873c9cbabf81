extension NetworkMeasurement {
  package func write(to json: inout JSONWriter) {
    json.key("reach")
    json.object { reach.write(to: &$0) }
    if let failure {
      json.key("failure")
      json.object { json in
        json.member("step", failure.step.name)
        json.member("reason", failure.reason.name)
        if let status = failure.status { json.member("status", status) }
      }
    }
    json.key("packets")
    json.object { packets.write(to: &$0) }
    json.key("transfers")
    json.array { json in
      for transfer in transfers { json.object { transfer.write(to: &$0) } }
    }
    if let pings {
      json.key("pings")
      json.object { pings.write(to: &$0) }
    }
    #if !hasFeature(Embedded)
      if let path {
        json.key("path")
        json.object { path.write(to: &$0) }
      }
    #endif
    if let call {
      json.key("call")
      json.object { call.write(to: &$0) }
    }
  }

  package init(json: JSONValue) throws(JSONError) {
    self.init()
    if let reach = json["reach"] { self.reach = try Reach(json: reach) }
    if let packets = json["packets"] { self.packets = try PacketRun(json: packets) }
    for json in json.array("transfers") ?? [] {
      let one = try Transfer(json: json)
      // A report has room for one figure of each.
      guard transfer(one.direction) == nil else {
        throw JSONError("one transfer of each direction", at: "transfers")
      }
      transfers.append(one)
    }
    if let pings = json["pings"] { self.pings = try Pings(json: pings) }
    if let call = json["call"] { self.call = try CallPath(json: call) }
    #if !hasFeature(Embedded)
      if let path = json["path"] { self.path = try NetworkPath(json: path) }
    #endif
    if let failure = json["failure"] { self.failure = try NetworkFailure(json: failure) }
  }
}

extension Reach {
  fileprivate func write(to json: inout JSONWriter) {
    if let nameLookup { json.member("name_lookup", .time(nameLookup)) }
    if let connect { json.member("connect", .time(connect)) }
    if let tls { json.member("tls", .time(tls)) }
    if let firstByte { json.member("first_byte", .time(firstByte)) }
    if let addressFamily { json.member("address_family", addressFamily) }
    if let clockOffset { json.member("clock_offset", .time(clockOffset)) }
    json.member("proxied", isProxied)
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init()
    nameLookup = try json.time("name_lookup_us")
    connect = try json.time("connect_us")
    tls = try json.time("tls_us")
    firstByte = try json.time("first_byte_us")
    clockOffset = try json.time("clock_offset_us")
    addressFamily = json.integer("address_family")
    isProxied = json.bool("proxied") ?? false
  }
}

extension NetworkFailure {
  fileprivate init(json: JSONValue) throws(JSONError) {
    guard let step: Step = json.choice("step", { $0.name }),
      let reason: Reason = json.choice("reason", { $0.name })
    else { throw JSONError("a known step and reason", at: "failure") }
    self.init(step, reason, status: json.integer("status"))
  }
}

extension PacketRun {
  fileprivate func write(to json: inout JSONWriter) {
    json.key("sent_us")
    json.array { json in
      for time in sentAt { json.value(time.base) }
    }
    json.key("phases")
    json.array { json in
      for phase in phases {
        json.object { json in
          json.member("load", phase.load.name)
          json.member("from", Int64(phase.sequences.lowerBound))
          json.member("to", Int64(phase.sequences.upperBound))
          if let rate = phase.rate { json.member("rate_bps", rate.base) }
        }
      }
    }
    if let reflectorReceived { json.member("reflector_received", Int64(reflectorReceived)) }
    // Sequence, T2, T3, the reflector's sequence, T4: times in microseconds.
    json.key("replies")
    json.array { json in
      for reply in replies { json.array { reply.write(to: &$0) } }
    }
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init()
    sentAt = try json.numbers("sent_us", within: JSONValue.timeRange).map { Microseconds(base: $0) }
    for phase in json.array("phases") ?? [] {
      guard let load = Load.named(phase.string("load") ?? []), let from = phase.integer("from"),
        let to = phase.integer("to"), from >= 0, from <= to, to <= sentAt.count
      else { throw JSONError("a load and its packets", at: "phases") }
      phases.append(Phase(load, Int(from)..<Int(to), rate: try Self.rate(phase["rate_bps"])))
    }
    for reply in json.array("replies") ?? [] {
      replies.append(try PacketReply(json: reply, sent: sentAt.count))
    }
    if let received = json.integer("reflector_received"), (0...JSONValue.mostPackets).contains(received) {
      reflectorReceived = Int(received)
    }
  }

  private static func rate(_ json: JSONValue?) throws(JSONError) -> BitRate? {
    guard let json else { return nil }
    guard let rate = json.integer, (1...1_000_000_000_000).contains(rate) else {
      throw JSONError("a rate in bits a second", at: "rate_bps")
    }
    return BitRate(base: rate)
  }
}

extension PacketReply {
  fileprivate func write(to json: inout JSONWriter) {
    json.value(Int64(sequence))
    json.value(reflectorReceivedAt.base)
    json.value(reflectorSentAt.base)
    json.value(Int64(reflectorSequence))
    json.value(receivedAt.base)
  }

  fileprivate init(json: JSONValue, sent: Int) throws(JSONError) {
    let numbers = (json.array ?? []).compactMap { $0.integer }
    guard numbers.count == 5, (0..<Int64(sent)).contains(numbers[0]),
      (0...JSONValue.mostPackets).contains(numbers[3]), JSONValue.timeRange.contains(numbers[1]),
      JSONValue.timeRange.contains(numbers[2]), JSONValue.timeRange.contains(numbers[4])
    else { throw JSONError("five whole numbers", at: "replies") }
    self.init(
      sequence: Int(numbers[0]), reflectorReceivedAt: Microseconds(base: numbers[1]),
      reflectorSentAt: Microseconds(base: numbers[2]), reflectorSequence: Int(numbers[3]),
      receivedAt: Microseconds(base: numbers[4]))
  }
}

extension Transfer {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("direction", direction == .down ? "down" : "up")
    json.member("flows", Int64(flows))
    json.member("counted_by", counter.name)
    if let startedAt { json.member("started", .time(startedAt)) }
    json.member("duration", .time(duration))
    if isCut { json.member("cut", true) }
    json.key("bytes_per_50_ms")
    json.array { json in
      for bytes in bins { json.value(bytes) }
    }
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let direction = json.string("direction") ?? []
    guard let counter: Transfer.Counter = json.choice("counted_by", { $0.name }),
      let duration = try json.time("duration_us"), duration >= .zero, let flows = json.integer("flows"),
      (1...64).contains(flows), StaticString("down").equals(direction) || StaticString("up").equals(direction)
    else { throw JSONError("a transfer", at: "transfers") }
    let bins = try json.numbers("bytes_per_50_ms", within: 0...1_000_000_000_000)
    let isDown = StaticString("down").equals(direction)
    self.init(isDown ? .down : .up, flows: Int(flows), counter: counter, duration: duration, bins: bins)
    startedAt = try json.time("started_us")
    isCut = json.bool("cut") ?? false
  }
}

extension JSONValue {
  /// A century either way: what lies beyond is no time of ours, and sums of these can't overflow.
  fileprivate static let timeRange: ClosedRange<Int64> = -3_200_000_000_000_000...3_200_000_000_000_000
  fileprivate static let mostPackets: Int64 = 1_000_000

  fileprivate func time(_ key: StaticString) throws(JSONError) -> Microseconds? {
    guard let value = self[key] else { return nil }
    guard let number = value.integer, Self.timeRange.contains(number) else {
      throw JSONError("a time in microseconds", at: key)
    }
    return Microseconds(base: number)
  }

  fileprivate func numbers(
    _ key: StaticString, within range: ClosedRange<Int64>
  ) throws(JSONError) -> [Int64] {
    guard let list = self[key]?.array, list.count <= Self.mostPackets else {
      throw JSONError("a list of whole numbers", at: key)
    }
    var numbers: [Int64] = []
    for item in list {
      guard let number = item.integer, range.contains(number) else {
        throw JSONError("a list of whole numbers", at: key)
      }
      numbers.append(number)
    }
    return numbers
  }
}
