/// What the sound server says of the speaker or headphones, and what became of the test tone.
package struct SpeakerFacts: Sendable, Equatable {
  package enum Failure: Int, Sendable, CaseIterable {
    case noSpeaker, notFound, ambiguous
    /// The test tone could not be played.
    case streamFailed

    package var name: StaticString {
      switch self {
      case .noSpeaker: "none"
      case .notFound: "not-found"
      case .ambiguous: "ambiguous"
      case .streamFailed: "stream-failed"
      }
    }
  }

  package var failure: Failure?
  package var isMuted: Bool?
  /// The software volume; 100 % leaves the sound as it is.
  package var volume: Share?
  /// Whether the test tone was played; absent where nobody asked for it.
  package var wasPlayed: Bool?
  /// How loud the microphone heard the test tone, relative to how it was played; nothing where it did not.
  package var echo: Decibels?
  /// The speaker's name, or the names that fit. For the screen only: never written.
  package var subject: Text = []

  package init() {}
}

extension SpeakerFacts {
  init(json: JSONValue) throws(JSONError) {
    if let name = json["failure"]?.string {
      failure = Failure.allCases.first { $0.name.equals(name) }
      if failure == nil { throw JSONError(.expected("this is not a failure of a speaker"), path: name) }
    }
    isMuted = json.bool("muted")
    volume = try json.integer("volume_ppm", in: 0...1_000_000_000).map { Share(base: $0) }
    wasPlayed = json.bool("tone_played")
    echo = try json.integer("echo_mdb", in: -200_000...200_000).map { Decibels(base: $0) }
  }

  func write(to json: inout JSONWriter) {
    if let failure { json.member("failure", failure.name) }
    if let isMuted { json.member("muted", isMuted) }
    if let volume { json.member("volume", .share(volume)) }
    if let wasPlayed { json.member("tone_played", wasPlayed) }
    if let echo { json.member("echo", .level(echo)) }
  }

  func assessed(by policy: Policy) -> (assessments: [Assessment], findings: [Finding]) {
    var rows: [Assessment] = []
    var findings: [Finding] = []
    if let failure { findings.append(Finding(failure.kind)) }
    if isMuted == true { findings.append(Finding(.speakerMuted)) }
    if let volume {
      let row = Assessment(.speakerVolume, .share(volume), by: policy)
      rows.append(row)
      if row.isPast {
        findings.append(
          Finding(
            row.level == .blocking ? .speakerVolumeZero : .speakerVolumeLow, measured: row.measured,
            limit: row.passed))
      }
    }
    if let echo {
      let row = Assessment(.speakerEcho, .level(echo), by: policy)
      rows.append(row)
      if row.isPast { findings.append(row.graded(.speakerEcho)) }
    }
    return (rows, findings.about(subject))
  }
}

extension SpeakerFacts.Failure {
  package var kind: FindingKind {
    switch self {
    case .noSpeaker: .speakerNone
    case .notFound: .speakerNotFound
    case .ambiguous: .speakerAmbiguous
    case .streamFailed: .speakerFailed
    }
  }
}
