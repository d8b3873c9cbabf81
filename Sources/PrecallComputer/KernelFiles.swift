internal import Glibc
internal import PrecallCore

/// The files in which the kernel tells of the computer. What is not there is not known.
struct KernelFiles: Sendable {
  let root: String
  private static let processors = "/sys/devices/system/cpu"
  private static let supplies = "/sys/class/power_supply"

  /// The file without the space at its end; at most 16 kB.
  func text(_ path: String) -> String? {
    let file = unsafe open(root + path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).prefix { $0 != 0 }, as: UTF8.self).trimmed
  }

  private func number(_ path: String) -> Int64? { text(path).flatMap { Int64($0) } }

  private func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(root + path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private var cores: [String] {
    names(in: Self.processors).filter { $0.hasPrefix("cpu") && $0.dropFirst(3).allSatisfy(\.isNumber) }
      .filter { $0 != "cpu" }.map { "\(Self.processors)/\($0)" }
  }

  var onlineCores: Int? { text(Self.processors + "/online").flatMap { Self.count($0) } }

  /// Those that run, that this process may use, and that its container has the time of.
  var usableCores: Int? {
    guard let online = onlineCores else { return nil }
    let allowed = line("Cpus_allowed_list:", of: "/proc/self/status").flatMap { Self.count($0) }
    return [allowed, coresOfTime].compactMap { $0 }.reduce(online) { min($0, $1) }
  }

  /// Of a list as `0-3,6`.
  private static func count(_ list: String) -> Int? {
    var count = 0
    for range in list.split(separator: ",") {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first >= 0, last >= first, last < 1 << 20 else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  /// `200000 100000` are 200 ms of processors' time every 100 ms: two cores. `max` is no bound.
  private var coresOfTime: Int? {
    guard let words = text("/sys/fs/cgroup/cpu.max")?.split(separator: " "), words.count == 2,
      let quota = Int64(words[0]), let period = Int64(words[1]), quota > 0, period > 0, quota < 1 << 50
    else { return nil }
    return Int((quota + period - 1) / period)
  }

  private func line(_ key: String, of path: String) -> String? {
    for line in text(path)?.split(separator: "\n") ?? [] where line.hasPrefix(key) {
      return String(line.dropFirst(key.count).drop { $0.isWhitespace })
    }
    return nil
  }

  /// Whether the person asked for less power: by the firmware's profile, or by the processor's own preference, which
  /// desktops set to `power` then, also where the firmware's least is called `quiet` or `cool`.
  var savesPower: Bool? {
    let profile = text("/sys/firmware/acpi/platform_profile")
    if profile == "low-power" { return true }
    let preferences = cores.compactMap { text($0 + "/cpufreq/energy_performance_preference") }
    return preferences.isEmpty ? profile.map { _ in false } : preferences.allSatisfy { $0 == "power" }
  }

  /// `some avg10=1.23 …`: pressure stall information of the kernel.
  func pressure(_ what: String) -> Share? {
    guard let text = text("/proc/pressure/\(what)"), text.hasPrefix("some avg10=") else { return nil }
    return Double(text.dropFirst(11).prefix { $0 != " " }).map { .percent($0) }
  }

  /// `MemTotal:  16307184 kB`.
  func memory(_ key: String) -> ByteCount? {
    guard let kilobytes = line(key, of: "/proc/meminfo")?.split(separator: " ").first.flatMap({ Int64($0) }),
      kilobytes < 1 << 50
    else { return nil }
    return ByteCount(base: kilobytes * 1_024)
  }

  /// Of the core that may run fastest: on some computers only some cores are slow by design.
  var clockAllowed: Share? {
    cores.compactMap { core -> Share? in
      guard let now = number(core + "/cpufreq/scaling_max_freq"),
        let highest = number(core + "/cpufreq/cpuinfo_max_freq"), now >= 0, highest > 0, highest < 1 << 40
      else { return nil }
      return Share(Int(min(now, highest)), of: Int(highest))
    }.max()
  }

  /// How often cores were slowed down for heat since the computer started.
  var throttleCount: Int64? {
    let counts = cores.compactMap { number($0 + "/thermal_throttle/core_throttle_count") }
    return counts.isEmpty ? nil : counts.reduce(0, &+)
  }

  /// Whether the computer runs on its battery, and how full that is; a mouse's battery does not count.
  var battery: (isUsed: Bool?, charge: Share?) {
    var charge: Share?
    var isDischarging = false
    var isPlugged = false
    for name in names(in: Self.supplies) {
      let supply = "\(Self.supplies)/\(name)"
      if text(supply + "/type") == "Battery" {
        guard text(supply + "/scope") != "Device" else { continue }
        if let percent = number(supply + "/capacity"), (0...100).contains(percent) {
          charge = max(charge ?? .zero, .percent(Double(percent)))
        }
        if text(supply + "/status") == "Discharging" { isDischarging = true }
      } else if number(supply + "/online") == 1 {
        isPlugged = true
      }
    }
    return charge == nil ? (nil, nil) : (isDischarging && !isPlugged, charge)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
