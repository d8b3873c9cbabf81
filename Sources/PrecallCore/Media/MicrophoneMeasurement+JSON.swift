extension MicrophoneMeasurement {
  package init(json: JSONValue) throws(JSONError) {
    var failure: MicrophoneFailure?
    if let name = json["failure"]?.string {
      failure = MicrophoneFailure.named(name)
      if failure == nil { throw JSONError(.expected("this is not a failure of a microphone"), path: name) }
    }
    var facts = MicrophoneFacts()
    if let json = json["facts"] { facts = try MicrophoneFacts(json: json) }
    var sound: Sound?
    if let json = json["sound"] { sound = try Sound(json: json) }
    self.init(failure: failure, facts: facts, sound: sound)
    refusal = try BrowserRefusal(json: json["refusal"])
  }

  package func write(to json: inout JSONWriter) {
    if let failure { json.member("failure", failure.name) }
    if let refusal { json.member("refusal", refusal.name) }
    json.key("facts")
    json.object { facts.write(to: &$0) }
    if let sound {
      json.key("sound")
      json.object { sound.write(to: &$0) }
    }
  }
}

extension MicrophoneFacts {
  fileprivate init(json: JSONValue) throws(JSONError) {
    if let name = json["kind"]?.string { kind = Kind.allCases.first { $0.name.equals(name) } }
    if let name = json["port"]?.string { port = Port.allCases.first { $0.name.equals(name) } }
    if let name = json["hidden"]?.string { hidden = Hidden.allCases.first { $0.name.equals(name) } }
    isPluggedIn = json["plugged_in"]?.bool
    hasOtherMicrophonePort = json["other_microphone_port"]?.bool
    isMuted = json["muted"]?.bool
    isMasterMuted = json["master_muted"]?.bool
    isStreamMuted = json["stream_muted"]?.bool
    volume = try json.integer("volume_ppm", in: 0...1_000_000_000).map { Share(base: $0) }
    sampleRate = try json.integer("sample_rate_hz", in: 1...768_000).map { Int($0) }
    channels = try json.integer("channels_count", in: 1...256).map { Int($0) }
    isDefault = json["default"]?.bool
    isDefaultMonitor = json["default_is_monitor"]?.bool
    wasMoved = json["moved"]?.bool
  }

  fileprivate func write(to json: inout JSONWriter) {
    if let kind { json.member("kind", kind.name) }
    if let port { json.member("port", port.name) }
    if let hidden { json.member("hidden", hidden.name) }
    if let isPluggedIn { json.member("plugged_in", isPluggedIn) }
    if let hasOtherMicrophonePort { json.member("other_microphone_port", hasOtherMicrophonePort) }
    if let isMuted { json.member("muted", isMuted) }
    if let isMasterMuted { json.member("master_muted", isMasterMuted) }
    if let isStreamMuted { json.member("stream_muted", isStreamMuted) }
    if let volume { json.member("volume", .share(volume)) }
    if let sampleRate { json.member("sample_rate_hz", Int64(sampleRate)) }
    if let channels { json.member("channels_count", Int64(channels)) }
    if let isDefault { json.member("default", isDefault) }
    if let isDefaultMonitor { json.member("default_is_monitor", isDefaultMonitor) }
    if let wasMoved { json.member("moved", wasMoved) }
  }
}
