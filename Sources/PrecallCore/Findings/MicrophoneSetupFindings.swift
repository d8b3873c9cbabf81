/// What can be found of the choice of microphone: the wrong one, the wrong port, the wrong profile.
extension FindingKind {
  package static let microphoneDefaultMonitor = FindingKind(
    "microphone.default-is-monitor", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your calls would send what your speakers play, not your voice.",
    remedy: "Choose your microphone as the input in the sound settings.",
    explanation: """
      The default source is a monitor of a sink. We tested the best real microphone instead. pactl \
      set-default-source NAME.
      """)

  package static let microphoneIsMonitor = FindingKind(
    "microphone.is-monitor", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "What we listened to is a recording of your speakers, not a microphone.",
    remedy: "Choose a microphone; precall-test devices lists them.",
    explanation: "The source that was asked for is a monitor of a sink.")

  package static let microphoneNotDefault = FindingKind(
    "microphone.not-default", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "You tested one microphone; your calls may use another.",
    remedy: "Choose the same microphone in the call, or as the input in the sound settings.",
    explanation: "The source that was asked for is not the default source.")

  package static let microphoneFiltered = FindingKind(
    "microphone.filtered", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "A program changes the sound of your microphone before calls get it.",
    remedy: "Nothing to do; if your voice sounds odd, choose the microphone itself.",
    explanation: """
      The source is a filter (device.class, device.master_device or a PipeWire link group): echo or noise \
      suppression, a remapped channel. What we measured is the filter's sound.
      """)

  package static let microphoneTelephone = FindingKind(
    "microphone.telephone-quality", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your headset sends your voice in old telephone quality.",
    remedy: "Use the headset with a cable, or choose its better codec (mSBC).",
    explanation: """
      The source runs at 8 kHz: a Bluetooth headset on the CVSD codec. In the card's profiles choose \
      headset-head-unit with mSBC, where the headset has it.
      """)

  package static let microphoneNarrowband = FindingKind(
    "microphone.narrow-band", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone sounds like an old telephone.",
    remedy: "If you use a wireless headset, use the device's own microphone instead.",
    explanation: """
      Nothing of the voice lies above 5 kHz: the sound has passed through something with the 4 kHz of a \
      telephone, most often a Bluetooth headset in its oldest codec (CVSD), sometimes an effect or a virtual \
      device.
      """)

  package static let microphoneWideband = FindingKind(
    "microphone.wideband", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone sends your voice in the usual quality of calls.",
    remedy: "Nothing to do; one with a cable may sound a little clearer.",
    explanation: """
      Nothing of the voice lies above 8 kHz (wideband, ITU-T G.722), or the source runs at 16 kHz: a Bluetooth \
      headset on the mSBC codec, or a simple microphone. Normal for calls.
      """)

  package static let microphoneHeld = FindingKind(
    "microphone.held-by-program", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "Another program keeps the microphone for itself.",
    remedy: "Close that program, then check again.",
    explanation: """
      A process has a recording device under /dev/snd open past the sound server (/proc/*/fd), so the \
      server has no source for it or gets no sound from it.
      """)

  package static let microphoneHeadsetMusic = FindingKind(
    "microphone.headset-plays-music", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your headset is in music mode, where its microphone is off.",
    remedy: "Switch the headset to Headset or Handsfree mode in the sound settings.",
    explanation: """
      A Bluetooth card is on an A2DP profile, which has no microphone, and has a headset profile. \
      pactl set-card-profile CARD headset-head-unit.
      """)

  package static let microphoneOutputProfile = FindingKind(
    "microphone.output-profile", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "A sound card is set to output only, so its microphone is off.",
    remedy: "Choose a profile with input for the card in the sound settings.",
    explanation: """
      A card has profiles with sources, but none is active. pactl list cards shows them; pactl set- \
      card-profile CARD PROFILE.
      """)

  package static let microphoneWrongPort = FindingKind(
    "microphone.wrong-port", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Another input than the microphone is selected.",
    remedy: "Choose Microphone as the port in the sound settings.",
    explanation: """
      The source's active port is a line input, and it has a port for a microphone. pactl set-source- \
      port NAME PORT.
      """)

  package static let microphoneNothingPlugged = FindingKind(
    "microphone.nothing-plugged-in", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Nothing is plugged into the microphone socket.",
    remedy: "Plug the microphone into the pink or the headset socket.",
    explanation: "The active port reports that no plug is in it.")
}
