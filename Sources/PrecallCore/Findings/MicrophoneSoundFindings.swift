/// What can be found of the sound itself.
extension FindingKind {
  package static let microphoneSilent = FindingKind(
    "microphone.silent", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone is on, but it sends no sound at all.",
    remedy: "Look for a mute switch on the headset or a mute key on the keyboard.",
    explanation: """
      For a second or longer every sample was the same, which no real microphone gives, not even in a quiet \
      room; and the system's own mute and volume are not the cause. A hardware switch, a driver, a cable, a dead \
      device, or a filter that closes between words.
      """)

  package static let microphoneNoVoice = FindingKind(
    "microphone.no-voice", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "The microphone works; we heard no voice.",
    remedy: "Check again and say a sentence to see how loud you are.",
    explanation: """
      There was sound, but nothing with the pitch of a voice (80 to 400 Hz). A quiet room is no fault. \
      If somebody did speak, this may be the wrong microphone.
      """)

  package static let microphoneAskedSilent = FindingKind(
    "microphone.asked-but-silent", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "We asked you to speak, and the microphone brought no voice.",
    remedy: "Check the mute switch of the headset or the mute key, then speak and check again.",
    explanation: """
      The system says that the microphone is on, and its noise came, but no voice within the time that the \
      person was given. A switch of the hardware, a boom arm turned up, or the wrong microphone. If nobody \
      spoke, check again and speak, or use --no-speech.
      """)

  package static let microphoneNoiseOnly = FindingKind(
    "microphone.noise-only", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "We hear noise but no voice.",
    remedy: "Say a sentence and check again; if it stays, choose another microphone.",
    explanation: """
      There was loud sound without the pitch of a voice, steady (a fan) or not (keys, traffic); or it is the \
      wrong input.
      """)

  package static let microphoneTooQuiet = FindingKind(
    "microphone.too-quiet", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your voice is very quiet.",
    remedy: "Speak closer to the microphone, or turn its volume up.",
    explanation: """
      The active speech level (ITU-T P.56) is under the limit. The difference to -22 dBFS is the gain \
      that is missing. Look for a boost control, a low volume, or a far microphone.
      """)

  package static let microphoneClipping = FindingKind(
    "microphone.clipping", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone is too loud; your voice sounds distorted.",
    remedy: "Turn the microphone's volume down, or move away from it.",
    explanation: """
      Runs of three or more samples stand at full scale; a problem where it is more than 1 % of the sound or \
      happens ten times a second. A software volume over 100 % or a boost \
      control is the usual cause.
      """)

  package static let microphoneTooLoud = FindingKind(
    "microphone.too-loud", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your voice is very loud; it may distort when you speak up.",
    remedy: "Turn the microphone's volume down a little.",
    explanation: """
      The active speech level (ITU-T P.56) is over -14 dBFS, 8 dB above what calls aim at. Nothing is cut off \
      yet.
      """)

  package static let microphoneNoisy = FindingKind(
    "microphone.noisy", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "There is a lot of noise around you.",
    remedy: "Go to a quieter place, or use a headset.",
    explanation: "The noise floor, or the distance from voice to noise, is past the limit.")

  package static let microphoneSomeNoise = FindingKind(
    "microphone.some-noise", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "There is some noise around you.",
    remedy: "Nothing to do; a quieter place or a headset would sound better.",
    explanation: """
      The noise floor, or the distance from voice to noise, is between good and poor: others hear it, and \
      understand you all the same.
      """)

  package static let microphoneHum = FindingKind(
    "microphone.hum", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone picks up a hum from the power line.",
    remedy: "Unplug the charger or move the cable, then check again.",
    explanation: """
      Most of the noise lies at 50 or 60 Hz and harmonics: a ground loop, a charger, an unshielded \
      cable. Worth a note where it is quiet or a part of the noise.
      """)

  package static let microphoneOffset = FindingKind(
    "microphone.offset", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The microphone has an electrical fault that you may not hear.",
    remedy: "Try another socket or another microphone.",
    explanation: "The mean of all samples is far from zero (DC offset): a cheap or damaged sound card.")

  package static let microphoneChannelsCancel = FindingKind(
    "microphone.channels-cancel", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The two sides of your microphone cancel each other out in a call.",
    remedy: "Set the microphone's balance to one side in the sound settings.",
    explanation: """
      Left and right are mirror images (correlation below -0.8). Calls mix them to one, which leaves \
      silence. Known of digital microphone arrays whose driver inverts a side.
      """)

  package static let microphoneDeadChannel = FindingKind(
    "microphone.dead-channel", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "Only one side of your microphone has sound.",
    remedy: "Nothing to do in most calls; try another plug if you sound faint.",
    explanation: """
      One channel gives a single value throughout. A call mixes both to one, 6 dB lower. A mono plug \
      in a stereo socket does this.
      """)

  package static let microphoneClockWrong = FindingKind(
    "microphone.clock-wrong", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The sound from your microphone runs too fast or too slow.",
    remedy: "Unplug the microphone and plug it in again, or choose another.",
    explanation: """
      The samples do not come at the promised rate, by the monotonic clock. 8 % is a mix-up of 44.1 and \
      48 kHz, a factor of 2 one of channels: a driver, a virtual device, an overloaded USB hub.
      """)

  package static let microphoneDropouts = FindingKind(
    "microphone.drop-outs", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "The sound from your microphone breaks up.",
    remedy: "Close other programs, and plug the microphone in without a hub.",
    explanation: """
      The sound server reported holes, or the sound fell behind the clock by 30 ms or more at once and never \
      caught up, or none came for more than 200 ms. CPU load, a USB hub, a weak Bluetooth link.
      """)
}
