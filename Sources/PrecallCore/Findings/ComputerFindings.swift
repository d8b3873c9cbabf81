/// What can be found of the computer itself: never more than a warning, since a call adapts to a slow computer.
extension FindingKind {
  package static var computer: [FindingKind] {
    [
      computerBusy, computerLittleMemory, computerFewCores, computerSlowed, computerHot, computerSavesPower,
      computerBatteryLow,
    ]
  }

  package static let computerBusy = FindingKind(
    "computer.busy", .computer, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your computer is busy with other work, so the video may stutter.",
    remedy: "Close other programs and browser tabs before the visit.",
    explanation: """
      Before the checks began, programs waited for a processor core: the load average of the last \
      minute for each core, or the pressure in /proc/pressure/cpu, is past the limit. top shows which.
      """)

  package static let computerLittleMemory = FindingKind(
    "computer.little-memory", .computer, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your computer is short of memory, so the video may freeze.",
    remedy: "Close other programs and browser tabs before the visit.",
    explanation: """
      MemAvailable in /proc/meminfo is under the limit, or programs waited for memory \
      (/proc/pressure/memory). A browser needs about 500 MB for a call.
      """)

  package static let computerFewCores = FindingKind(
    "computer.few-cores", .computer, .warning, cap: .standardVideo, at: .thisComputer,
    says: "Your computer may be too weak for smooth video.",
    remedy: "Close all other programs, or use a newer computer or phone for the visit.",
    explanation: """
      A call encodes one picture and decodes another at the same time; fewer than two cores can't do \
      both in high definition.
      """)

  package static let computerSlowed = FindingKind(
    "computer.slowed", .computer, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your computer is set to run slower than it can.",
    remedy: "Plug in the charger and choose the normal or fast power mode.",
    explanation: """
      scaling_max_freq of every core is well under cpuinfo_max_freq: a power mode, a thermal daemon, or \
      an administrator's limit.
      """)

  package static let computerHot = FindingKind(
    "computer.hot", .computer, .warning, cap: .hdVideo, at: .thisComputer,
    says: "Your computer is too hot and slows itself down.",
    remedy: "Put it on a hard, flat place, close other programs and let it cool.",
    explanation: """
      The kernel counted thermal throttling in the first second of the checks (thermal_throttle in \
      /sys/devices/system/cpu).
      """)

  package static let computerSavesPower = FindingKind(
    "computer.saves-power", .computer, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your computer is in its power-saving mode.",
    remedy: "Plug in the charger, or choose the normal power mode for the visit.",
    explanation: """
      The platform profile is low-power, or the processor's energy preference is power: powerprofilesctl set \
      balanced.
      """)

  package static let computerBatteryLow = FindingKind(
    "computer.battery-low", .computer, .note, cap: .hdVideo, at: .thisComputer,
    says: "Your battery is low and no charger is plugged in.",
    remedy: "Plug in the charger before the visit.",
    explanation: "No supply is online and the battery is under 20 %; a video call uses much power.")
}
