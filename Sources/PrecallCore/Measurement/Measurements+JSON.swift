extension Measurements {
  /// Reads recorded measurements; a check that is not named was not asked for.
  package init(json text: Text) throws(JSONError) {
    try self.init(json: JSONReader.read(text))
  }

  package init(json root: JSONValue) throws(JSONError) {
    guard root.integer("format_version") == Self.formatVersion else {
      throw JSONError("format_version must be 1", at: "format_version")
    }
    self.init(
      network: try Self.read(root["network"]),
      microphone: try Self.read(root["microphone"]),
      camera: try Self.read(root["camera"]),
      computer: try Self.read(root["computer"]))
  }

  private static func read<Value>(_ json: JSONValue?) throws(JSONError) -> Measured<Value> {
    guard let json else { return .notMeasured(.notAsked) }
    if let name = json.string("not_measured") {
      return .notMeasured(try reason(name))
    }
    let value = try Value(json: json)
    guard let name = json.string("partial") else { return .measured(value) }
    return .partial(value, try reason(name))
  }

  private static func reason(_ name: Text) throws(JSONError) -> NotMeasured {
    for reason in NotMeasured.allCases where reason.name.equals(name) { return reason }
    throw JSONError(.expected("this is not a reason for not measuring"), path: name)
  }

  package func json(indent: Int = 0) -> Text {
    var writer = JSONWriter(indent: indent)
    writer.object { json in
      json.member("format_version", Self.formatVersion)
      Self.write(network, to: &json)
      Self.write(microphone, to: &json)
      Self.write(camera, to: &json)
      Self.write(computer, to: &json)
    }
    return writer.text
  }

  private static func write<Value>(_ measured: Measured<Value>, to json: inout JSONWriter) {
    if case .notMeasured(.notAsked) = measured { return }
    json.key(Value.check.name)
    json.object { json in
      switch measured {
      case .measured(let value): value.write(to: &json)
      case .partial(let value, let why):
        json.member("partial", why.name)
        value.write(to: &json)
      case .notMeasured(let why): json.member("not_measured", why.name)
      }
    }
  }
}
