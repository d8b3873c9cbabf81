extension Policy {
  /// Reads a clinic's policy: what it names takes the place of the built-in level, the rest stays.
  ///
  /// Keys end in their unit (`warn_ms`, `block_percent`, `hd-video` rates in `_kbps`); an unknown key or a
  /// level of the wrong unit is refused with its path, since a misspelt limit would silently not hold.
  package init(json text: Text) throws(JSONError) {
    try self.init(json: JSONReader.read(text, upTo: 1_000_000))
  }

  package init(json root: JSONValue) throws(JSONError) {
    self = .standard
    guard let members = root.members else { throw JSONError(.expected("a policy is an object { … }")) }
    guard let version = root["format_version"]?.integer else {
      throw JSONError(.expected("format_version must be a whole number"), path: path("format_version"))
    }
    guard version == Self.formatVersion else {
      throw JSONError(.expected("this program reads format_version 1"), path: path("format_version"))
    }
    for member in members { try take(member) }
    guard minimum <= ready else {
      throw JSONError(.expected("minimum must not be above ready"), path: path("minimum"))
    }
    try requireOrder()
  }

  /// A better visit needs a higher rate, and a figure limits a visit before it blocks it.
  private func requireOrder() throws(JSONError) {
    var last: BitRate = .zero
    for tier in Tier.allCases {
      guard let rate = need(of: tier) else { continue }
      guard rate > last else {
        throw JSONError(
          .expected("a better visit must need a higher rate"), path: path("rates.") + tier.name.bytes)
      }
      last = rate
    }
    for limit in limits {
      guard let warn = limit.warn, let block = limit.block else { continue }
      guard limit.metric.worse == .higher ? warn.base <= block.base : warn.base >= block.base else {
        throw JSONError(
          .expected("warn must be reached before block"), path: path("limits.") + limit.metric.id.bytes)
      }
    }
  }

  private mutating func take(_ member: JSONValue.Member) throws(JSONError) {
    let key = member.key
    if key == path("format_version") {
    } else if key == path("name") {
      name = try Self.string(member)
    } else if key == path("fallback") {
      fallback = try Self.string(member)
    } else if key == path("ready") {
      ready = try Self.tier(member)
    } else if key == path("minimum") {
      minimum = try Self.tier(member)
    } else if key == path("limits") {
      for limit in try Self.object(member) { try takeLimit(limit) }
    } else if key == path("rates") {
      for rate in try Self.object(member) { try takeRate(rate) }
    } else {
      throw JSONError(.unknownKey, path: key)
    }
  }

  private mutating func takeLimit(_ member: JSONValue.Member) throws(JSONError) {
    let place = path("limits.") + member.key
    guard let metric = Metric.identified(member.key) else { throw JSONError(.unknownKey, path: place) }
    var limit = limit(of: metric) ?? Limit(metric, source: "")
    limit.source = StaticString("this clinic's policy").bytes
    for level in try Self.object(member, at: place) {
      let here = place + path(".") + level.key
      if level.key == path("source") {
        limit.source = try Self.string(level, at: here)
      } else if let quantity = try Self.quantity(level, named: "warn", in: metric.unit, at: here) {
        limit.warn = quantity
      } else if let quantity = try Self.quantity(level, named: "block", in: metric.unit, at: here) {
        limit.block = quantity
      } else {
        throw JSONError(.unknownKey, path: here)
      }
    }
    limits.removeAll { $0.metric.id.equals(member.key) }
    limits.append(limit)
  }

  private mutating func takeRate(_ member: JSONValue.Member) throws(JSONError) {
    let place = path("rates.") + member.key
    for tier in Tier.allCases where tier > .phone {
      guard let quantity = try Self.quantity(member, named: tier.name, in: .bitsPerSecond, at: place),
        case .rate(let rate) = quantity
      else { continue }
      rates.removeAll { $0.tier == tier }
      rates.append(TierRate(tier: tier, rate: rate, source: StaticString("this clinic's policy").bytes))
      return
    }
    throw JSONError(.unknownKey, path: place)
  }

  private func path(_ text: StaticString) -> Text { text.bytes }
}

extension Policy {
  private static func string(_ member: JSONValue.Member, at path: Text? = nil) throws(JSONError) -> Text {
    guard let string = member.value.string, string.count <= 500 else {
      throw JSONError(.expected("this must be text of at most 500 bytes"), path: path ?? member.key)
    }
    return string
  }

  private static func tier(_ member: JSONValue.Member) throws(JSONError) -> Tier {
    guard let name = member.value.string, let tier = Tier.named(name) else {
      throw JSONError(
        .expected("this must be hd-video, standard-video, low-video, audio-only or phone"), path: member.key)
    }
    return tier
  }

  private static func object(
    _ member: JSONValue.Member, at path: Text? = nil
  ) throws(JSONError) -> [JSONValue.Member] {
    guard let members = member.value.members else {
      throw JSONError(.expected("this must be an object { … }"), path: path ?? member.key)
    }
    return members
  }

  /// The value of `name_ms` or another written unit of `unit`; nothing where the key is another.
  private static func quantity(
    _ member: JSONValue.Member, named name: StaticString, in unit: QuantityUnit, at path: Text
  ) throws(JSONError) -> Quantity? {
    for written in unit.written {
      var key = name.bytes
      key.append(UInt8(ascii: "_"))
      key += written.suffix
      guard member.key == key else { continue }
      guard let number = member.value.number else {
        throw JSONError(.expected("this must be a number"), path: path)
      }
      return unit.quantity(rounded(number * written.base))
    }
    return nil
  }
}
