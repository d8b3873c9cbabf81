/// What can be found of the speaker or headphones; they belong to the check of the microphone, the other half
/// of a conversation.
extension FindingKind {
  package static var speaker: [FindingKind] {
    [
      speakerNone, speakerNotFound, speakerAmbiguous, speakerFailed, speakerMuted, speakerVolumeZero,
      speakerVolumeLow, speakerEcho,
    ]
  }

  package static let speakerNone = FindingKind(
    "speaker.none", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This computer has no speaker or headphones, so you would hear nothing.",
    remedy: "Plug in headphones or a speaker, then check again.",
    explanation: """
      The sound server has no sink, or only the dummy output that it makes where there is none. Look at \
      pactl list short cards: a card may be set to a profile without output.
      """)

  package static let speakerNotFound = FindingKind(
    "speaker.not-found", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The speaker you named is not on this computer.",
    remedy: "Plug it in, or choose another: precall-test devices lists them.",
    explanation: "No sink has this name or number, or holds this text in its description.")

  package static let speakerAmbiguous = FindingKind(
    "speaker.ambiguous", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "More than one speaker fits the name you gave.",
    remedy: "Give the full name or the number; precall-test devices lists them.",
    explanation: "The text is part of several descriptions. Nothing was played.")

  package static let speakerFailed = FindingKind(
    "speaker.failed", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The test sound could not be played.",
    remedy: "Choose another speaker in the sound settings, then check again.",
    explanation: """
      The playback stream did not get ready within 3 s, or ended with an error. The device may be \
      suspended, unplugged, or held by another program.
      """)

  package static let speakerMuted = FindingKind(
    "speaker.muted", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your speaker is muted, so you would hear nothing.",
    remedy: "Turn the sound on with the speaker key or in the sound settings.",
    explanation: "The sink's mute flag is set: pactl set-sink-mute NAME 0.")

  package static let speakerVolumeZero = FindingKind(
    "speaker.volume-zero", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your speaker's volume is at zero, so you would hear nothing.",
    remedy: "Turn the volume up.",
    explanation: "The sink's software volume is 0: pactl set-sink-volume NAME 70%.")

  package static let speakerVolumeLow = FindingKind(
    "speaker.volume-low", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your speaker's volume is very low.",
    remedy: "Turn the volume up until you hear well.",
    explanation: "The sink's software volume is under the limit. An amplifier behind it may make up for it."
  )

  package static let speakerEcho = FindingKind(
    "speaker.echo", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone hears your speaker, so others may hear themselves.",
    remedy: "Use headphones.",
    explanation: """
      The test tone came back through the microphone louder than the limit, by matched filter. Calls \
      cancel echo (a faint one is but a note), but a strong one costs quality \
      when both speak. Headphones, a lower volume or more distance take it away.
      """)
}
