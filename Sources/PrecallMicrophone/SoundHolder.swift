internal import Glibc

/// Which programs hold a sound card's input for themselves, past the sound server, as far as /proc lets us look.
enum SoundHolder {
  private static let servers = ["pulseaudio", "pipewire", "pipewire-pulse", "pipewire-media-", "wireplumber"]

  /// As `name (process)`; `root` is /proc.
  static func names(in root: String) -> [String] {
    let own = "\(getpid())"
    var found: [String] = []
    for process in names(of: root) where process != own && process.allSatisfy(\.isNumber) {
      guard names(of: "\(root)/\(process)/fd").contains(where: { isInput("\(root)/\(process)/fd/\($0)") })
      else { continue }
      let name = line(of: "\(root)/\(process)/comm") ?? "a program"
      if !servers.contains(name) { found.append("\(name) (\(process))") }
    }
    return found
  }

  /// Whether a descriptor leads to a recording device, as `/dev/snd/pcmC0D0c`.
  private static func isInput(_ link: String) -> Bool {
    var text = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(link, &text, text.count)
    guard count > 0 else { return false }
    let target = String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.hasPrefix("/dev/snd/pcm") && target.hasSuffix("c")
  }

  static func names(of path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
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

  private static func line(of path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
  }
}
