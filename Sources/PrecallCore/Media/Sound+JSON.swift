extension Sound {
  /// One minute of windows: more than any check listens.
  private static let mostWindows = 3_000

  init(json: JSONValue) throws(JSONError) {
    sampleRate = Int(try json.required("sample_rate_hz", in: 1_000...768_000))
    channels = Int(try json.required("channels_count", in: 1...256))
    samples = Int(try json.required("samples_count", in: 0...100_000_000))
    clippedSamples = Int(try json.integer("clipped_samples_count", in: 0...100_000_000) ?? 0)
    clippedRuns = Int(try json.integer("clipped_runs_count", in: 0...100_000_000) ?? 0)
    offset = Share(base: try json.integer("offset_ppm", in: -1_000_000...1_000_000) ?? 0)
    isConstant = json.bool("constant") ?? false
    longestConstant = Int(
      try json.integer("longest_constant_count", in: 0...100_000_000) ?? (isConstant ? Int64(samples) : 0))
    activeLevel = try json.integer("active_level_mdb", in: Self.levels).map { Decibels(base: $0) }
    activity = Share(base: try json.integer("activity_ppm", in: 0...1_000_000) ?? 0)
    silentChannels = Int(try json.integer("silent_channels_count", in: 0...256) ?? 0)
    correlation = try json.integer("correlation_ppm", in: -1_000_000...1_000_000).map { Share(base: $0) }
    hum = try json.integer("hum_ppm", in: 0...1_000_000).map { Share(base: $0) }
    bandwidth = try json.integer("bandwidth_hz", in: 0...384_000).map { Frequency(base: $0) }
    gaps = Int(try json.integer("gaps_count", in: 0...1_000_000) ?? 0)
    windows = try Self.windows(json["windows"])
  }

  private static let levels: ClosedRange<Int64> = -200_000...200_000

  private static func windows(_ json: JSONValue?) throws(JSONError) -> [SoundWindow] {
    let peaks = try json?.integers("peak_mdb", in: levels) ?? []
    let means = try json?.integers("level_mdb", in: levels) ?? []
    let periodicities = try json?.integers("periodicity_ppm", in: 0...1_000_000) ?? []
    guard peaks.count == means.count, peaks.count == periodicities.count, peaks.count <= mostWindows else {
      throw JSONError("a sound needs as many peaks as levels and periodicities, at most 3000", at: "windows")
    }
    return peaks.indices.map { index in
      SoundWindow(
        peak: Decibels(base: peaks[index]), level: Decibels(base: means[index]),
        periodicity: Share(base: periodicities[index]))
    }
  }

  package func write(to json: inout JSONWriter) {
    json.member("sample_rate_hz", Int64(sampleRate))
    json.member("channels_count", Int64(channels))
    json.member("samples_count", Int64(samples))
    json.member("clipped_samples_count", Int64(clippedSamples))
    json.member("clipped_runs_count", Int64(clippedRuns))
    json.member("offset", .share(offset))
    json.member("constant", isConstant)
    json.member("longest_constant_count", Int64(longestConstant))
    if let activeLevel { json.member("active_level", .level(activeLevel)) }
    json.member("activity", .share(activity))
    json.member("silent_channels_count", Int64(silentChannels))
    if let correlation { json.member("correlation", .share(correlation)) }
    if let hum { json.member("hum", .share(hum)) }
    if let bandwidth { json.member("bandwidth", .frequency(bandwidth)) }
    json.member("gaps_count", Int64(gaps))
    json.key("windows")
    json.object { json in
      Self.write(windows.map { $0.peak.base }, as: "peak_mdb", to: &json)
      Self.write(windows.map { $0.level.base }, as: "level_mdb", to: &json)
      Self.write(windows.map { $0.periodicity.base }, as: "periodicity_ppm", to: &json)
    }
  }

  private static func write(_ numbers: [Int64], as key: StaticString, to json: inout JSONWriter) {
    json.key(key)
    json.array { json in
      for number in numbers { json.value(number) }
    }
  }
}

extension JSONValue {
  /// The whole number at `key`; nothing where there is none.
  func integer(_ key: StaticString, in range: ClosedRange<Int64>) throws(JSONError) -> Int64? {
    guard let value = self[key] else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw JSONError("this must be a whole number within its range", at: key)
    }
    return number
  }

  func required(_ key: StaticString, in range: ClosedRange<Int64>) throws(JSONError) -> Int64 {
    guard let number = try integer(key, in: range) else {
      throw JSONError("this is missing", at: key)
    }
    return number
  }

  func integers(_ key: StaticString, in range: ClosedRange<Int64>) throws(JSONError) -> [Int64] {
    var numbers: [Int64] = []
    for element in self[key]?.array ?? [] {
      guard let number = element.integer, range.contains(number) else {
        throw JSONError("these must be whole numbers within their range", at: key)
      }
      numbers.append(number)
    }
    return numbers
  }
}
