import CLinuxNet
import PrecallCore

/// Looks at the way to the server beside the packets that go its whole length: the interface, the gateway by
/// ICMP echo, the first hops by packets of limited life. Works a little at a time, in the session's loop.
final class PathProbe {
  private var path = NetworkPath()
  private let address: String
  private let port: UInt16
  private let isReached: Bool
  private var echo: EchoSocket?
  private var gateway = LegRecord()
  private var hops: [HopProbe] = []
  private var nextEcho = Moment(nanoseconds: 0)
  private var nextHop = Moment(nanoseconds: 0)
  private var turn = 0

  /// Twenty echoes a second: no burden to a router, and enough to see loss of some percent.
  private static let echoSpacing = Moment.Span.milliseconds(50)
  /// Each hop is asked eight times a second at most; many routers answer ten times at least.
  private static let hopSpacing = Moment.Span.milliseconds(30)
  private static let mostHops = 4

  /// Nothing where the system has no way to the server. Of one that was not reached only this computer's end is
  /// looked at: the interface and the gateway.
  init?(to address: String, port: UInt16, isReached: Bool = true) {
    guard let socket = UDPSocket(address: address, port: port) else { return nil }
    (self.address, self.port, self.isReached) = (address, port, isReached)
    guard let name = Self.interface(of: socket) else { return }
    let facts = InterfaceFacts(name)
    let version: Int64 = address.contains(":") ? 6 : 4
    path.interface = facts.kind
    path.interfaceMTU = facts.mtu
    note(radio: facts.carrier(version: version))
    guard path.interface != .loopback else {
      path.gatewayGap = .noGateway
      return
    }
    if let gateway = facts.gateway(version: version) {
      echo = EchoSocket(gateway)
      if echo == nil { path.gatewayGap = .notPermitted }
    } else {
      path.gatewayGap = .noGateway
    }
    guard isReached else { return }
    hops = (1...Self.mostHops).compactMap { HopProbe(to: address, port: port, hops: $0) }
  }

  /// How the Wi-Fi is heard, also that which carries a tunnel.
  private func note(radio: InterfaceFacts) {
    guard radio.kind == .wifi else { return }
    let link = WirelessLink(of: radio)
    (path.wifiSignal, path.wifiRate) = (link.signal, link.rate)
  }

  private static func interface(of socket: UDPSocket) -> String? {
    var name = [CChar](repeating: 0, count: 64)
    guard unsafe precall_net_interface(socket.descriptor, &name, name.count) == 0 else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Sends what is due and takes in what has come; `load` is what the line carries now, nothing while no
  /// packets are measured. One packet leaves instead of `times` as usual.
  func work(under load: Load?, at now: Moment, insteadOf times: Int64) {
    receive()
    guard let load else { return }
    if let echo, now >= nextEcho {
      nextEcho = now + Moment.Span(nanoseconds: Self.echoSpacing.nanoseconds * times)
      if echo.send() { gateway.send(under: load) }
    }
    if !hops.isEmpty, now >= nextHop {
      nextHop = now + Moment.Span(nanoseconds: Self.hopSpacing.nanoseconds * times)
      hops[turn % hops.count].send(under: load)
      turn += 1
    }
  }

  private func receive() {
    echo?.receive { gateway.answer($0, after: $1) }
    for hop in hops { hop.receive() }
  }

  /// Octets of data in the largest packet that leaves this computer whole, of at most 1,500 octets: the reflector
  /// answers no longer ones.
  var largestData: Int {
    let packet = min(1_500, Int(path.interfaceMTU?.base ?? 1_500))
    return max(PacketSender.length, packet - (address.contains(":") ? 48 : 28))
  }

  /// Whether as many echoes have come back as make a figure, or none will.
  var hasHeardGateway: Bool { echo == nil || gateway.leg.idleTimes.count >= PathLeg.fewest }

  /// What was learnt; `large` are the large packets that left and came back.
  func finish(large: (sent: Int, answered: Int)) -> NetworkPath {
    receive()
    path.largeSent = large.sent
    path.largeAnswered = large.answered
    if isReached { path.pathMTU = pathMTU }
    if echo != nil { path.gateway = gateway.leg }
    let known = hops.filter { !$0.address.isEmpty }
    let places = HopPlace.places(of: known.map(\.address), inTunnel: path.interface == .tunnel)
    path.hops = zip(places, known).map { PathHop(at: $0, $1.record.leg) }
    return path
  }

  /// By a socket of now: one that is connected keeps what was known when it was.
  private var pathMTU: ByteCount? {
    let mtu = UDPSocket(address: address, port: port).map { precall_net_path_mtu($0.descriptor) } ?? -1
    return mtu > 0 ? ByteCount(base: Int64(mtu)) : nil
  }
}
