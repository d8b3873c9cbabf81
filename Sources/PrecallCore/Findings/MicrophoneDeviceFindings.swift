/// What can be found of the device and its settings.
extension FindingKind {
  package static let microphoneNone = FindingKind(
    "microphone.none", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "No microphone is connected to this computer.",
    remedy: "Plug in a headset or a microphone, then check again.",
    explanation: """
      The sound server has no source at all. Look at pactl list short cards: a card without a source \
      may be set to a profile without input, or be held by another program.
      """)

  package static let microphoneOnlyMonitors = FindingKind(
    "microphone.only-monitors", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "No microphone is connected; we found only recordings of your own speakers.",
    remedy: "Plug in a headset or a microphone, then check again.",
    explanation: """
      Every source is a monitor of a sink. Recording one works, but gives what the speakers play. A \
      call would send that, or silence.
      """)

  package static let microphoneNotFound = FindingKind(
    "microphone.not-found", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone you named is not on this computer.",
    remedy: "Plug it in, or choose another: precall-test devices lists them.",
    explanation: "No source has this name or number, or holds this text in its description.")

  package static let microphoneAmbiguous = FindingKind(
    "microphone.ambiguous", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "More than one microphone fits the name you gave.",
    remedy: "Give the full name or the number; precall-test devices lists them.",
    explanation: """
      The text is part of several descriptions. Nothing was recorded, since the wrong one could have \
      been taken.
      """)

  package static let microphoneNoData = FindingKind(
    "microphone.no-data", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone opens, but it sends nothing.",
    remedy: "Unplug the microphone and plug it in again.",
    explanation: """
      The recording started, but no data came within 3 s: a dead device, a driver that hangs, or a \
      virtual source that no program feeds.
      """)

  package static let microphoneSuspended = FindingKind(
    "microphone.suspended", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone is paused by the system, so it sends nothing.",
    remedy: "Restart the computer, or ask the helpdesk to wake the microphone.",
    explanation: """
      The source stayed suspended after it was opened: somebody suspended it by hand, or another \
      program holds the device (JACK, ALSA). pactl suspend-source NAME 0.
      """)

  package static let microphoneStalled = FindingKind(
    "microphone.stalled", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone stopped sending while we listened.",
    remedy: "Unplug the microphone and plug it in again, at another socket.",
    explanation: """
      Data came at first and then not for 2 s. A USB hub, a power-saving port or a hanging driver; \
      dmesg may name it.
      """)

  package static let microphoneStreamFailed = FindingKind(
    "microphone.stream-failed", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service could not open the microphone.",
    remedy: "Close other programs that use the microphone, then check again.",
    explanation: """
      The sound server refused or ended the recording. Another program may hold the device for itself: \
      fuser -v /dev/snd/*.
      """)

  package static let microphoneVirtualIdle = FindingKind(
    "microphone.virtual-idle", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone is made by a program, and that program sends no sound.",
    remedy: "Start that program, or choose a real microphone.",
    explanation: """
      The source is neither a sound card nor a headset (a pipe, a filter, a virtual device). It opened, and \
      nothing came for 3 s: the program or device behind it does not run.
      """)

  package static let microphoneUnplugged = FindingKind(
    "microphone.unplugged", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone was unplugged while we listened.",
    remedy: "Plug it in firmly, then check again.",
    explanation: """
      The source went away while it was recorded. A loose plug, a hub without power, an empty headset \
      battery. A call would go on with another source without saying so.
      """)

  package static let microphoneMoved = FindingKind(
    "microphone.moved", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "While we listened, the system switched to another microphone.",
    remedy: "Check the plug of your microphone, then check again.",
    explanation: """
      The sound server moved the recording to another source, the one named here, since the first went away or \
      the default changed. The figures mix both; mute and volume are the new one's.
      """)

  package static let microphoneMuted = FindingKind(
    "microphone.muted", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "Your microphone is muted.",
    remedy: "Turn the microphone on in the sound settings or with its mute key.",
    explanation: "The source has its mute flag set. pactl set-source-mute @DEFAULT_SOURCE@ 0.")

  package static let microphoneMasterMuted = FindingKind(
    "microphone.master-muted", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "Your microphone is muted one step behind the one you see.",
    remedy: "Turn on every microphone in the sound settings.",
    explanation: """
      The chosen source is a filter; the source behind it (device.master_device) is muted. pactl set- \
      source-mute NAME 0.
      """)

  package static let microphoneStreamMuted = FindingKind(
    "microphone.stream-muted", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The microphone is muted for this program only.",
    remedy: "Open the volume control, Recording tab, and turn this program on.",
    explanation: """
      The recording itself is muted (source output), not the device. The sound server remembers this \
      for each program. Calls in another program are not touched by it.
      """)

  package static let microphoneVolumeZero = FindingKind(
    "microphone.volume-zero", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "Your microphone's volume is at zero.",
    remedy: "Turn the microphone's volume up in the sound settings.",
    explanation: "The source's volume is 0 %. pactl set-source-volume @DEFAULT_SOURCE@ 100%.")

  package static let microphoneVolumeLow = FindingKind(
    "microphone.volume-low", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone's volume is set very low.",
    remedy: "Turn the microphone's volume up in the sound settings.",
    explanation: "The source's volume is under the limit. pactl set-source-volume @DEFAULT_SOURCE@ 100%.")

  package static let microphoneVolumeHigh = FindingKind(
    "microphone.volume-high", .microphone, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone's volume is set so high that it distorts your voice.",
    remedy: "Set the microphone's volume to 100 % or less in the sound settings.",
    explanation: """
      Samples stand at full scale, and the source's software volume is over 100 %: it amplifies past what \
      16 bits hold. pactl set-source-volume @DEFAULT_SOURCE@ 100%.
      """)

  package static let microphoneVolumeBoosted = FindingKind(
    "microphone.volume-boosted", .microphone, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your microphone's volume is set above 100 %.",
    remedy: "Nothing to do, unless others say that you sound distorted: then set it to 100 %.",
    explanation: """
      The source's software volume amplifies by as many decibels as are told. Nothing is cut off yet. \
      pactl set-source-volume @DEFAULT_SOURCE@ 100%.
      """)
}
