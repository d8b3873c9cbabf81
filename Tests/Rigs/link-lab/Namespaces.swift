import CTun
import FoundationEssentials
import Glibc

/// Two network namespaces without names, each with one end of the link. They live as long as their
/// descriptors and processes, so that nothing can be left behind.
final class Namespaces {
  struct End {
    var device: Int32
    var namespace: Int32
  }

  static let device = "link0"
  let server: End
  let client: End
  /// Where the client's command runs: behind the client's end as its gateway, or at it.
  private(set) var programs: Int32

  /// Must be called before the process has a second thread.
  init(withGateway: Bool = false) throws(Complaint) {
    guard access("/dev/net/tun", R_OK | W_OK) == 0 else {
      throw .skipped("this machine has no usable /dev/net/tun (\(Complaint.reason))")
    }
    try Self.enterNew()
    server = try Self.end(own: "10.98.0.1", other: "10.98.0.2", own6: "fd98::1")
    guard precall_tun_new_namespace(0) == 0 else { throw .system("to make the client's namespace") }
    client = try Self.end(own: "10.98.0.2", other: "10.98.0.1", own6: "fd98::2")
    programs = client.namespace
    if withGateway { programs = try Self.home(behind: client.namespace) }
  }

  deinit {
    if programs != client.namespace { close(programs) }
    for descriptor in [server.device, server.namespace, client.device, client.namespace] { close(descriptor) }
  }

  /// As root, or as root of a user namespace where the kernel allows one.
  private static func enterNew() throws(Complaint) {
    if precall_tun_new_namespace(0) == 0 { return }
    guard precall_tun_new_namespace(1) == 0 else {
      throw .skipped("this machine permits no network namespace, nor a user namespace (\(Complaint.reason))")
    }
  }

  /// A home network whose router is the link's client end, joined by a cable; IPv4 only.
  private static func home(behind router: Int32) throws(Complaint) -> Int32 {
    set("ipv4/ip_forward", "1")
    guard precall_tun_new_namespace(0) == 0 else { throw .system("to make the home's namespace") }
    set("ipv4/ping_group_range", "0 2147483647")
    let home = precall_tun_namespace()
    guard home >= 0 else { throw .system("to keep a namespace") }
    let path = "/proc/\(getpid())/fd/\(router)"
    try run(["link set lo up", "link add home0 type veth peer name home1 netns \(path)"])
    _ = precall_tun_enter(router)
    try run(["addr add 10.97.0.1/24 dev home1", "link set home1 up"])
    _ = precall_tun_enter(home)
    try run([
      "addr add 10.97.0.2/24 dev home0", "link set home0 up", "route add default via 10.97.0.1 dev home0",
    ])
    _ = precall_tun_enter(router)
    return home
  }

  private static func end(own: String, other: String, own6: String) throws(Complaint) -> End {
    let descriptor = precall_tun_open(device)
    guard descriptor >= 0 else { throw .skipped("this machine makes no TUN device (\(Complaint.reason))") }
    set("ipv6/conf/\(device)/addr_gen_mode", "1")
    set("ipv6/conf/\(device)/router_solicitations", "0")
    set("ipv4/ping_group_range", "0 2147483647")
    try run([
      "link set lo up", "link set \(device) mtu 1500 txqueuelen 10000 up",
      "addr add \(own) peer \(other) dev \(device)", "-6 addr add \(own6)/64 dev \(device) nodad",
      "route add default via \(other) dev \(device)",
    ])
    let namespace = precall_tun_namespace()
    guard namespace >= 0 else { throw .system("to keep a namespace") }
    return End(device: descriptor, namespace: namespace)
  }

  /// A kernel setting of this namespace; where it can't be set, its default serves too.
  private static func set(_ name: String, _ value: String) {
    let descriptor = open("/proc/sys/net/" + name, O_WRONLY)
    guard descriptor >= 0 else { return }
    _ = value.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }

  private static func run(_ commands: [String]) throws(Complaint) {
    let namespace = precall_tun_namespace()
    defer { close(namespace) }
    for command in commands {
      let words = ["ip"] + command.split(separator: " ").map(String.init)
      let child = Process.start(words, environment: Process.environment, in: namespace, output: -1)
      guard child > 0, Process.wait(child) == 0 else {
        throw .failed("I tried `ip \(command)`, but it failed; install Debian's iproute2.")
      }
    }
  }

  /// Whether something listens on a TCP port of the server; asked from the server's namespace, so that the
  /// link carries nothing of it.
  func isListening(_ port: UInt16) -> Bool {
    _ = precall_tun_enter(server.namespace)
    defer { _ = precall_tun_enter(client.namespace) }
    let tail = ":" + String(format(port))
    for table in ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"] {
      guard let text = try? String(contentsOfFile: table, encoding: .utf8) else { continue }
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count > 3, words[1].hasSuffix(tail), words[3] == "0A" { return true }
      }
    }
    return false
  }

  private func format(_ port: UInt16) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Packets that the kernel dropped before the lab could read them: the lab was too slow.
  func droppedBeforeTheLink() -> Int {
    [server, client].map { end in
      _ = precall_tun_enter(end.namespace)
      let text = (try? String(contentsOfFile: "/proc/thread-self/net/dev", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.contains(Self.device + ":") }
      let words = line?.split(separator: ":").last?.split(separator: " ") ?? []
      return words.count > 11 ? Int(words[11]) ?? 0 : 0
    }.reduce(0, +)
  }
}
