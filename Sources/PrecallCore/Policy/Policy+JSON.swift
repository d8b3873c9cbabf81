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
    sources = [StaticString("this clinic's policy").bytes]
    guard let members = root.members else { throw JSONError(.expected("a policy is an object { … }")) }
    guard let version = root.integer("format_version") else {
      throw JSONError("format_version must be a whole number", at: "format_version")
    }
    guard version == Self.formatVersion else {
      throw JSONError("this program reads format_version 1", at: "format_version")
    }
    for member in members { try take(member) }
    guard minimum <= ready else {
      throw JSONError("minimum must not be above ready", at: "minimum")
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
    if member.isNamed("format_version") {
    } else if member.isNamed("name") {
      name = try Self.string(member)
    } else if member.isNamed("fallback") {
      fallback = try Self.string(member)
    } else if member.isNamed("ready") {
      ready = try Self.tier(member)
    } else if member.isNamed("minimum") {
      minimum = try Self.tier(member)
    } else if member.isNamed("limits") {
      for limit in try JSONObject(member.value, at: member.key).members { try takeLimit(limit) }
    } else if member.isNamed("rates") {
      for rate in try JSONObject(member.value, at: member.key).members { try takeRate(rate) }
    } else {
      throw JSONError(.unknownKey, path: member.key)
    }
  }

  private mutating func takeLimit(_ member: JSONValue.Member) throws(JSONError) {
    let place = path("limits.") + member.key
    guard let metric = Metric.identified(member.key) else { throw JSONError(.unknownKey, path: place) }
    var limit = limit(of: metric) ?? Limit(metric, source: "")
    limit.ownSource = 0
    let levels = try JSONObject(member.value, at: place)
    for level in levels.members { try take(level, into: &limit, at: levels.path(to: level.key)) }
    limits.removeAll { $0.metric == metric }
    limits.append(limit)
  }

  private mutating func take(
    _ level: JSONValue.Member, into limit: inout Limit, at path: Text
  ) throws(JSONError) {
    if level.isNamed("source") {
      limit.ownSource = sources.count
      sources.append(try Self.string(level, at: path))
    } else if let quantity = try Self.quantity(level, named: "warn", in: limit.metric.unit, at: path) {
      limit.warn = quantity
    } else if let quantity = try Self.quantity(level, named: "block", in: limit.metric.unit, at: path) {
      limit.block = quantity
    } else {
      throw JSONError(.unknownKey, path: path)
    }
  }

  private mutating func takeRate(_ member: JSONValue.Member) throws(JSONError) {
    let place = path("rates.") + member.key
    if let quantity = try Self.quantity(member, named: "screen-share", in: .bitsPerSecond, at: place) {
      screenShare = BitRate(base: quantity.base)
      return
    }
    for tier in Tier.allCases where tier > .phone {
      guard let quantity = try Self.quantity(member, named: tier.name, in: .bitsPerSecond, at: place) else {
        continue
      }
      rates.removeAll { $0.tier == tier }
      rates.append(TierRate(tier: tier, rate: BitRate(base: quantity.base)))
      return
    }
    throw JSONError(.unknownKey, path: place)
  }

  private func path(_ text: StaticString) -> Text { text.bytes }
}

extension Policy {
  @inline(never)
  private static func string(_ member: JSONValue.Member, at path: Text? = nil) throws(JSONError) -> Text {
    guard let string = member.value.string, string.count <= 500 else {
      throw JSONError(.expected("this must be text of at most 500 bytes"), path: path ?? member.key)
    }
    return string
  }

  @inline(never)
  private static func tier(_ member: JSONValue.Member) throws(JSONError) -> Tier {
    guard let name = member.value.string, let tier = Tier.named(name) else {
      throw JSONError(
        .expected("this must be hd-video, standard-video, low-video, audio-only or phone"), path: member.key)
    }
    return tier
  }

  /// The value of `name_ms` or another written unit of `unit`; nothing where the key is another.
  @inline(never)
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
      // It is multiplied where things are judged by it: a thousandfold still fits.
      guard number.magnitude * written.base <= 1e15 else {
        throw JSONError(.expected("this number is out of range"), path: path)
      }
      return unit.quantity(rounded(number * written.base))
    }
    return nil
  }
}
