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

  /// A network before the link: its router has the prefix's first address, who is behind it the second.
  struct Network {
    var name: String
    var prefix: String
    /// Prefixes of networks behind it.
    var inner: [String] = []

    static let home = Network(name: "home", prefix: "10.97.0")
    /// With addresses as a provider's routers have them (RFC 5737).
    static let access = Network(name: "access", prefix: "203.0.113", inner: [home.prefix])
  }

  static let device = "link0"
  let server: End
  let client: End
  /// From the client's end of the link, router by router, to where the client's command runs.
  private var chain: [Int32]
  var programs: Int32 { chain[chain.count - 1] }

  /// Must be called before the process has a second thread.
  init(behind networks: [Network] = []) throws(Complaint) {
    guard access("/dev/net/tun", R_OK | W_OK) == 0 else {
      throw .skipped("this machine has no usable /dev/net/tun (\(Complaint.reason))")
    }
    try Self.enterNew()
    server = try Self.end(own: "10.98.0.1", other: "10.98.0.2", own6: "fd98::1")
    guard precall_tun_new_namespace(0) == 0 else { throw .system("to make the client's namespace") }
    client = try Self.end(own: "10.98.0.2", other: "10.98.0.1", own6: "fd98::2")
    chain = [client.namespace]
    for network in networks { chain.append(try Self.end(of: network, behind: programs)) }
    _ = precall_tun_enter(client.namespace)
  }

  deinit {
    for descriptor in [server.device, server.namespace, client.device] + chain { close(descriptor) }
  }

  /// As root, or as root of a user namespace where the kernel allows one.
  private static func enterNew() throws(Complaint) {
    if precall_tun_new_namespace(0) == 0 { return }
    guard precall_tun_new_namespace(1) == 0 else {
      throw .skipped("this machine permits no network namespace, nor a user namespace (\(Complaint.reason))")
    }
  }

  /// The far end of a cable to `router`. This thread is at the router before, and at that end after; IPv4 only.
  private static func end(of network: Network, behind router: Int32) throws(Complaint) -> Int32 {
    set("ipv4/ip_forward", "1")
    // By default Linux answers one packet a second that has lived too long; many routers answer ten.
    set("ipv4/icmp_ratelimit", "100")
    guard precall_tun_new_namespace(0) == 0 else { throw .system("to make a network's namespace") }
    set("ipv4/ping_group_range", "0 2147483647")
    let end = precall_tun_namespace()
    guard end >= 0 else { throw .system("to keep a namespace") }
    let (name, prefix) = (network.name, network.prefix)
    let path = "/proc/\(getpid())/fd/\(router)"
    try run(["link set lo up", "link add \(name)0 type veth peer name \(name)1 netns \(path)"])
    _ = precall_tun_enter(router)
    let ways = network.inner.map { "route add \($0).0/24 via \(prefix).2 dev \(name)1" }
    try run(["addr add \(prefix).1/24 dev \(name)1", "link set \(name)1 up"] + ways)
    _ = precall_tun_enter(end)
    try run([
      "addr add \(prefix).2/24 dev \(name)0", "link set \(name)0 up",
      "route add default via \(prefix).1 dev \(name)0",
    ])
    return end
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
