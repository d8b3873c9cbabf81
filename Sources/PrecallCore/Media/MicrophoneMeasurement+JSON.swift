extension MicrophoneMeasurement {
  package init(json: JSONValue) throws(JSONError) {
    var failure: MicrophoneFailure?
    if let name = json.string("failure") {
      failure = MicrophoneFailure.named(name)
      if failure == nil { throw JSONError(.expected("this is not a failure of a microphone"), path: name) }
    }
    var facts = MicrophoneFacts()
    if let json = json["facts"] { facts = try MicrophoneFacts(json: json) }
    var sound: Sound?
    if let json = json["sound"] { sound = try Sound(json: json) }
    var speaker: SpeakerFacts?
    if let json = json["speaker"] { speaker = try SpeakerFacts(json: json) }
    self.init(failure: failure, facts: facts, sound: sound, speaker: speaker)
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
    if let speaker {
      json.key("speaker")
      json.object { speaker.write(to: &$0) }
    }
  }
}

extension MicrophoneFacts {
  fileprivate init(json: JSONValue) throws(JSONError) {
    kind = json.choice("kind") { $0.name }
    port = json.choice("port") { $0.name }
    hidden = json.choice("hidden") { $0.name }
    isPluggedIn = json.bool("plugged_in")
    hasOtherMicrophonePort = json.bool("other_microphone_port")
    isMuted = json.bool("muted")
    isMasterMuted = json.bool("master_muted")
    isStreamMuted = json.bool("stream_muted")
    volume = try json.integer("volume_ppm", in: 0...1_000_000_000).map { Share(base: $0) }
    sampleRate = try json.integer("sample_rate_hz", in: 1...768_000).map { Int($0) }
    channels = try json.integer("channels_count", in: 1...256).map { Int($0) }
    isDefault = json.bool("default")
    isDefaultMonitor = json.bool("default_is_monitor")
    wasMoved = json.bool("moved")
    wasAskedToSpeak = json.bool("asked_to_speak")
    clock = try json.integer("clock_ppm", in: -1_000_000...100_000_000).map { Share(base: $0) }
    clockError = try json.integer("clock_error_ppm", in: 0...100_000_000).map { Share(base: $0) }
    isHeldByProgram = json.bool("held_by_program")
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
    if let wasAskedToSpeak { json.member("asked_to_speak", wasAskedToSpeak) }
    if let clock { json.member("clock", .share(clock)) }
    if let clockError { json.member("clock_error", .share(clockError)) }
    if let isHeldByProgram { json.member("held_by_program", isHeldByProgram) }
  }
}
