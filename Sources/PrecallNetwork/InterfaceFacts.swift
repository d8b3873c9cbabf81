import Glibc
package import PrecallCore

/// What the kernel's files tell of the interface that packets to the server leave by, and of its gateway.
/// What is not there is not known.
package struct InterfaceFacts {
  /// The interface's name, which never leaves this computer.
  let name: String
  private let root: String

  /// `root` stands before /proc and /sys; tests put described computers there.
  package init(_ name: String, root: String = "") {
    self.name = name
    self.root = root
  }

  private var folder: String { "/sys/class/net/" + name }

  /// Names can be given freely, so the kernel's own marks come first: the link's type (linux/if_arp.h) and
  /// the device's type of its uevent.
  package var kind: NetworkPath.Interface? {
    guard let type = text(folder + "/type").flatMap({ Int($0.filter(\.isNumber)) }) else { return nil }
    let device = text(folder + "/uevent") ?? ""
    if type == 772 { return .loopback }
    if device.contains("DEVTYPE=wlan") || exists("/phy80211") || exists("/wireless") { return .wifi }
    if device.contains("DEVTYPE=wwan") || name.hasPrefix("wwan") { return .mobile }
    if device.contains("DEVTYPE=wireguard") || exists("/tun_flags")
      || [512, 768, 769, 776, 778, 65_534].contains(type)
    {
      return .tunnel
    }
    return exists("/device") ? .wired : .virtual
  }

  package var mtu: ByteCount? {
    text(folder + "/mtu").flatMap { Int64($0.filter(\.isNumber)) }.map { ByteCount(base: $0) }
  }

  /// The gateway of the local network: of the default route by this interface, or by the one that carries it.
  package func gateway(version: Int64) -> String? { route(version)?.gateway }

  /// The interface by which packets leave the computer in the end: this one or, where it is a tunnel, the one
  /// of another default route.
  package func carrier(version: Int64) -> InterfaceFacts {
    guard kind == .tunnel, let route = route(version) else { return self }
    return InterfaceFacts(route.interface, root: root)
  }

  /// The default route with the least metric. A tunnel's own ends at its far end, so that another's counts
  /// first, also one of the other IP version: a tunnel carries both, and is carried by one.
  private func route(_ version: Int64) -> Route? {
    let routes = version == 6 ? [defaultRoutes6, defaultRoutes4] : [defaultRoutes4, defaultRoutes6]
    let own = routes[0].filter { $0.interface == name }
    let carriers = routes.map { $0.filter { InterfaceFacts($0.interface, root: root).kind != .tunnel } }
    let ways = kind == .tunnel ? carriers + [own] : [own]
    return ways.first { !$0.isEmpty }?.min { $0.metric < $1.metric }
  }

  private struct Route {
    var interface: String
    var gateway: String
    var metric: Int
  }

  /// `/proc/net/route`: addresses in hexadecimal digits of the machine's byte order.
  private var defaultRoutes4: [Route] {
    (text("/proc/net/route") ?? "").split(separator: "\n").compactMap { line in
      let words = line.split { $0 == "\t" || $0 == " " }.map(String.init)
      guard words.count > 7, words[1] == "00000000", words[7] == "00000000",
        let address = UInt32(words[2], radix: 16)?.littleEndian, address != 0, let metric = Int(words[6])
      else { return nil }
      let bytes = (0..<4).map { String(address >> (8 * $0) & 255) }
      return Route(interface: words[0], gateway: bytes.joined(separator: "."), metric: metric)
    }
  }

  /// `/proc/net/ipv6_route`: destination, its length, source, its length, next hop, metric, …, name.
  private var defaultRoutes6: [Route] {
    (text("/proc/net/ipv6_route") ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 10, words[1] == "00", words[4].contains(where: { $0 != "0" }),
        words[4].count == 32,
        let metric = UInt32(words[5], radix: 16)
      else { return nil }
      let groups = stride(from: 0, to: 32, by: 4).map { start in
        String(words[4].dropFirst(start).prefix(4))
      }
      let address = groups.joined(separator: ":")
      let zone = address.hasPrefix("fe80") ? "%" + words[9] : ""
      return Route(interface: words[9], gateway: address + zone, metric: Int(metric))
    }
  }

  private func exists(_ part: String) -> Bool { unsafe access(root + folder + part, F_OK) == 0 }

  /// A file's text, at most 64 kB.
  private func text(_ path: String) -> String? {
    let file = unsafe open(root + path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < 65_536 {
      let count = unsafe read(file, &part, part.count)
      guard count > 0 else { break }
      bytes += part.prefix(count)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
