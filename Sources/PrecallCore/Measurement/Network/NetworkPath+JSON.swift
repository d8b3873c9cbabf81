#if !hasFeature(Embedded)
  extension NetworkPath {
    private static let mostPackets: Int64 = 100_000

    func write(to json: inout JSONWriter) {
      if let interface { json.member("interface", interface.name) }
      if let wifiSignal { json.member("wifi_signal", .level(wifiSignal)) }
      if let wifiRate { json.member("wifi_rate", .rate(wifiRate)) }
      if let interfaceMTU { json.member("interface_mtu", .size(interfaceMTU)) }
      if let pathMTU { json.member("path_mtu", .size(pathMTU)) }
      json.member("large_sent", Int64(largeSent))
      json.member("large_answered", Int64(largeAnswered))
      if needsSmallSegments { json.member("needs_small_segments", true) }
      if let gatewayGap { json.member("gateway_gap", gatewayGap.name) }
      if let gateway {
        json.key("gateway")
        json.object { gateway.write(to: &$0) }
      }
      json.key("hops")
      json.array { json in
        for hop in hops {
          json.object { json in
            json.member("place", hop.place.name)
            hop.leg.write(to: &json)
          }
        }
      }
      guard !families.isEmpty else { return }
      json.key("families")
      json.array { json in
        for leg in families { json.object { leg.write(to: &$0) } }
      }
    }

    init(json: JSONValue) throws(JSONError) {
      interface = json.choice("interface") { (one: Interface) in one.name }
      wifiSignal = json.integer("wifi_signal_mdb").flatMap { Self.sane($0).map { Decibels(base: $0) } }
      wifiRate = json.integer("wifi_rate_bps").flatMap { Self.sane($0).map { BitRate(base: $0) } }
      interfaceMTU = json.integer("interface_mtu_bytes").flatMap { Self.sane($0).map { ByteCount(base: $0) } }
      pathMTU = json.integer("path_mtu_bytes").flatMap { Self.sane($0).map { ByteCount(base: $0) } }
      largeSent = try Self.count(json, "large_sent")
      largeAnswered = min(try Self.count(json, "large_answered"), largeSent)
      needsSmallSegments = json["needs_small_segments"]?.bool == true
      gatewayGap = json.choice("gateway_gap") { (one: Gap) in one.name }
      if let leg = json["gateway"] { gateway = try PathLeg(json: leg) }
      for hop in (json.array("hops") ?? []).prefix(64) {
        guard let place = hop.choice("place", { (one: Place) in one.name }) else {
          throw JSONError("a known place", at: "hops")
        }
        hops.append(PathHop(at: place, try PathLeg(json: hop)))
      }
      for leg in (json.array("families") ?? []).prefix(2) { families.append(try FamilyLeg(json: leg)) }
    }

    private static func sane(_ number: Int64) -> Int64? { number.magnitude < 1 << 40 ? number : nil }

    fileprivate static func count(_ json: JSONValue, _ key: StaticString) throws(JSONError) -> Int {
      let number = json.integer(key) ?? 0
      guard (0...mostPackets).contains(number) else { throw JSONError("a count of packets", at: key) }
      return Int(number)
    }
  }

  extension PathLeg {
    fileprivate func write(to json: inout JSONWriter) {
      json.member("idle_sent", Int64(idleSent))
      Pings.write(idleTimes, as: "idle_us", to: &json)
      json.member("loaded_sent", Int64(loadedSent))
      Pings.write(loadedTimes, as: "loaded_us", to: &json)
    }

    fileprivate init(json: JSONValue) throws(JSONError) {
      idleTimes = try Pings.times(json["idle_us"])
      loadedTimes = try Pings.times(json["loaded_us"])
      idleSent = max(try NetworkPath.count(json, "idle_sent"), idleTimes.count)
      loadedSent = max(try NetworkPath.count(json, "loaded_sent"), loadedTimes.count)
    }
  }
#endif
