/// What can be found on the way to the microphone: the sound server.
extension FindingKind {
  package static let microphoneNoServer = FindingKind(
    "microphone.no-sound-server", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "No sound service runs on this computer, so no microphone can be used.",
    remedy: "Log out and log in again, or restart the computer.",
    explanation: """
      Nothing is at the sound server's address. As the user of the desktop: systemctl --user start \
      pipewire-pulse, or systemctl --user start pulseaudio. Look at PULSE_SERVER and XDG_RUNTIME_DIR \
      if the service does run.
      """)

  package static let microphoneStaleSocket = FindingKind(
    "microphone.sound-server-gone", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service of this computer has crashed.",
    remedy: "Log out and log in again, or restart the computer.",
    explanation: """
      The sound server's socket exists, but nobody listens on it (connect: ECONNREFUSED). systemctl \
      --user restart pipewire-pulse, or pulseaudio; its journal says why it ended.
      """)

  package static let microphoneWrongUser = FindingKind(
    "microphone.wrong-user", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "This check runs as another user than the one who owns the sound.",
    remedy: "Run it as the user who is logged in, without sudo.",
    explanation: """
      The directory of the sound server's socket belongs to another user or may not be entered, or this user \
      has none while another one's session has. Under sudo, su or in a container the desktop's sound server is \
      out of reach.
      """)

  package static let microphoneAccessRefused = FindingKind(
    "microphone.access-refused", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service does not let this program use the microphone.",
    remedy: "Allow the microphone for this program in the system's privacy settings.",
    explanation: """
      The sound server answered: access denied. In a snap: sudo snap connect NAME:audio-record. In a \
      Flatpak: allow the PulseAudio socket. Over the network: the cookie does not match.
      """)

  package static let microphoneServerFull = FindingKind(
    "microphone.sound-server-full", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service accepts no more programs.",
    remedy: "Close programs that use sound, then check again.",
    explanation: """
      The socket takes connections, but the server hangs up before it has let the program in; \
      PulseAudio does that from 64 clients on. pactl list short clients shows them.
      """)

  package static let microphoneServerSilent = FindingKind(
    "microphone.sound-server-silent", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service of this computer does not answer.",
    remedy: "Restart the computer, then check again.",
    explanation: """
      Connected, but no answer within 3 s. systemctl --user restart pipewire-pulse, or pulseaudio. \
      libpulse itself would wait for 30 s.
      """)

  package static let microphoneServerDied = FindingKind(
    "microphone.sound-server-died", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service crashed while we listened.",
    remedy: "Check again; if it happens again, restart the computer.",
    explanation: """
      The sound server ended the connection while recording. Its journal says why: journalctl --user \
      -u pipewire-pulse -u pulseaudio.
      """)

  package static let microphoneNoSessionManager = FindingKind(
    "microphone.no-session-manager", .microphone, .problem, cap: .phone, at: .thisComputer,
    says: "The sound service runs only in part, so no microphone can be used.",
    remedy: "Log out and log in again, or restart the computer.",
    explanation: """
      PipeWire runs without its session manager: the default source is a placeholder and streams never \
      start. systemctl --user start wireplumber.
      """)
}
