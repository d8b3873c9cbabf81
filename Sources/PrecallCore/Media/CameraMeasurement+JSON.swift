extension CameraMeasurement {
  package func write(to json: inout JSONWriter) {
    if let failure { json.member("failure", failure.name) }
    if let refusal { json.member("refusal", refusal.name) }
    if let passedOver { json.member("passed_over", passedOver.name) }
    if let facts { facts.write(to: &json) }
    if let isIn = desktop.isInPipeWire { json.member("in_pipewire", isIn) }
    if let isRefused = desktop.isRefusedByPortal { json.member("refused_by_portal", isRefused) }
    json.key("frames")
    json.array { json in
      for frame in frames { frame.write(to: &json) }
    }
  }

  package init(json: JSONValue) throws(JSONError) {
    self.init()
    failure = try CameraFailure.read(json["failure"])
    refusal = try BrowserRefusal(json: json["refusal"])
    passedOver = try CameraFailure.read(json["passed_over"])
    if let facts = json["picture"] { self.facts = try Facts(json: facts) }
    desktop = DesktopCamera(
      isInPipeWire: json.bool("in_pipewire"), isRefusedByPortal: json.bool("refused_by_portal"))
    guard let frames = json.array("frames"), frames.count <= Self.maximumFrames else {
      throw JSONError("frames must be a list of at most 3600", at: "camera.frames")
    }
    for frame in frames { self.frames.append(try FrameSample(json: frame)) }
  }
}

extension CameraFailure {
  fileprivate static func read(_ json: JSONValue?) throws(JSONError) -> CameraFailure? {
    guard let json else { return nil }
    for failure in allCases where json.string.map({ failure.name.equals($0) }) ?? false { return failure }
    throw JSONError("this is not a camera's failure", at: "camera.failure")
  }
}

extension CameraMeasurement.Facts {
  fileprivate func write(to json: inout JSONWriter) {
    json.key("picture")
    json.object { json in
      json.member("width", width)
      json.member("height", height)
      if let rate { json.member("promised", .frameRate(rate)) }
      json.member("format", format)
      json.member("driver", driver.name)
      if let privacy { json.member("privacy", privacy) }
      if let slowsInTheDark { json.member("slows_in_the_dark", slowsInTheDark) }
      if let asked {
        json.member("asked_width", asked.width)
        json.member("asked_height", asked.height)
      }
    }
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let path: StaticString = "camera.picture"
    let size = try PictureSize(json, "width", "height")
    guard let format = json.string("format"), format.count <= 16 else {
      throw JSONError("format must be a short text", at: path)
    }
    guard let driver: CameraDriver = json.choice("driver", { $0.name }) else {
      throw JSONError("this is not a kind of driver", at: path)
    }
    self.init(
      width: size.width, height: size.height, rate: json.integer("promised_mhz").map { FrameRate(base: $0) },
      format: format, driver: driver, privacy: json.bool("privacy"),
      slowsInTheDark: json.bool("slows_in_the_dark"), asked: try PictureSize(asked: json))
  }
}

extension PictureSize {
  /// Nothing where the driver gave what it was asked for.
  fileprivate init?(asked json: JSONValue) throws(JSONError) {
    guard json["asked_width"] != nil || json["asked_height"] != nil else { return nil }
    try self.init(json, "asked_width", "asked_height")
  }

  /// Sides longer than any camera's are refused: areas of them would overflow.
  @inline(never)
  fileprivate init(_ json: JSONValue, _ width: StaticString, _ height: StaticString) throws(JSONError) {
    let sides: ClosedRange<Int64> = 1...(1 << 20)
    guard let width = json.integer(width), let height = json.integer(height), sides.contains(width),
      sides.contains(height)
    else { throw JSONError("a size must be two whole numbers from 1 to 1048576", at: "camera.picture") }
    self.init(width: width, height: height)
  }
}

extension FrameSample {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("at_us", arrivedAt.base)
      if let sequence { json.member("sequence", sequence) }
      if let fault { json.member("fault", fault.name) }
      if isRepeat { json.member("repeat", true) }
      guard let picture else { return }
      json.member("luma_milli", picture.luma)
      json.member("deviation_milli", picture.deviation)
      json.member("dark_ppm", picture.dark.base)
      json.member("bright_ppm", picture.bright.base)
      json.member("blue_milli", picture.blue)
      json.member("red_milli", picture.red)
      if let sharpness = picture.sharpness { json.member("sharpness_ppm", sharpness.base) }
    }
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let path: StaticString = "camera.frames"
    guard let at = json.integer("at_us"), (0...Int64(1) << 50).contains(at) else {
      throw JSONError("at_us must be microseconds from the start", at: path)
    }
    self.init(arrivedAt: Microseconds(base: at), isRepeat: json.bool("repeat") ?? false)
    if let sequence = json["sequence"] {
      guard let count = sequence.integer, (0...Int64(UInt32.max)).contains(count) else {
        throw JSONError("sequence must be a 32-bit count", at: path)
      }
      self.sequence = count
    }
    if json.string("fault") != nil {
      fault = json.choice("fault") { $0.name }
      guard fault != nil else { throw JSONError("this is not a fault of a frame", at: path) }
    }
    picture = try PictureStatistics(json: json)
  }
}

extension PictureStatistics {
  /// Nothing where the frame was not looked at.
  fileprivate init?(json: JSONValue) throws(JSONError) {
    guard json["luma_milli"] != nil else { return nil }
    func number(_ key: StaticString, upTo most: Int64) throws(JSONError) -> Int64 {
      guard let value = json[key]?.integer, (0...most).contains(value) else {
        throw JSONError("this figure of a picture is missing or out of range", at: key)
      }
      return value
    }
    let isJudged = json["sharpness_ppm"] != nil
    let sharpness = isJudged ? Share(base: try number("sharpness_ppm", upTo: 1_000_000)) : nil
    self.init(
      luma: try number("luma_milli", upTo: 255_000), deviation: try number("deviation_milli", upTo: 255_000),
      dark: Share(base: try number("dark_ppm", upTo: 1_000_000)),
      bright: Share(base: try number("bright_ppm", upTo: 1_000_000)),
      blue: try number("blue_milli", upTo: 255_000), red: try number("red_milli", upTo: 255_000),
      sharpness: sharpness)
  }
}
