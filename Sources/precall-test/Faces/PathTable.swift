import PrecallCore

/// What is known of the way to the server beside the figures, in words.
struct PathTable {
  let path: PathFacts?
  let width: Int

  var lines: [String] {
    guard let path else { return [] }
    var lines = ["Way to the server"]
    if let interface = path.interface { lines += row("Leaves this computer by", Self.words(interface)) }
    lines += row("Proxy", path.isProxied ? "used" : "none")
    if let gap = path.gatewayGap { lines += row("Gateway", "not measured: " + Self.words(gap)) }
    return lines
  }

  private func row(_ name: String, _ words: String) -> [String] {
    let indent = FigureTable.nameWidth
    return Paragraph.lines(
      words, width: width, indent: String(repeating: " ", count: indent),
      first: ("  " + name).padded(to: indent))
  }

  private static func words(_ interface: NetworkPath.Interface) -> String {
    switch interface {
    case .wired: "a network cable"
    case .wifi: "Wi-Fi"
    case .mobile: "a mobile network"
    case .tunnel: "a VPN or another tunnel"
    case .virtual: "a virtual interface, such as a container's"
    case .loopback: "nothing: the server runs on this computer"
    }
  }

  private static func words(_ gap: NetworkPath.Gap) -> String {
    switch gap {
    case .noGateway: "the server is reached without one"
    case .notPermitted: "this computer does not let you ping (net.ipv4.ping_group_range)"
    }
  }
}
