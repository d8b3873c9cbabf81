/// The figures of the speaker, and the limits that hold where a clinic sets none.
extension Metric {
  package static var speaker: [Metric] { [speakerVolume, speakerEcho] }

  package static let speakerVolume = Metric(
    "speaker.volume", .microphone, title: "Speaker volume", in: .partsPerMillion, worse: .lower,
    definition: "Software volume of the sink; 100 % leaves the sound as it is")
  package static let speakerEcho = Metric(
    "speaker.echo", .microphone, title: "Echo from the speaker", in: .millidecibels, worse: .higher,
    definition: "Level of a 300 to 3400 Hz sweep in the microphone, relative to the sweep as it was played")
}

extension Limit {
  package static var speaker: [Limit] {
    [
      Limit(
        .speakerVolume, warn: .share(.percent(20)), block: .share(Share(base: 1)),
        source: "Precall: as for the microphone's volume"),
      Limit(
        .speakerEcho, warn: .level(Decibels(-40)), block: .level(Decibels(-20)),
        source: "Precall: an echo within 20 dB needs more than a call's echo canceller leaves inaudible"),
    ]
  }
}
