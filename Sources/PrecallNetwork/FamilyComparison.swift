import CLinuxNet
import Glibc
import PrecallCore

/// A few TCP handshakes with the server over IPv4 and over IPv6, at the same time, where its name has addresses
/// of both and this computer has a way to both. Asks nothing, and is over in a fraction of a second.
struct FamilyComparison {
  let host: String
  let port: UInt16
  /// How long the first connection took.
  let connect: Microseconds

  private static let attempts = 3
  private static let longestLookup = Moment.Span.milliseconds(300)
  private static let shortest = Moment.Span.milliseconds(300)
  private static let longest = Moment.Span.milliseconds(2_000)

  /// Four times as long as the handshake that worked; a version that is slower than that is as good as broken.
  private var bound: Moment.Span {
    let patience = Moment.Span(nanoseconds: connect.base * 4_000) + .milliseconds(100)
    return min(max(patience, Self.shortest), Self.longest)
  }

  /// Nothing where there are not two to compare.
  func run(_ stop: StopSignal) -> [FamilyLeg] {
    let addresses = FamilyLeg.Version.allCases.compactMap { version -> (FamilyLeg.Version, String)? in
      guard case .found(let address) = HostLookup(host, version, within: Self.longestLookup) else {
        return nil
      }
      return (version, address)
    }
    guard addresses.count == 2 else { return [] }
    var handshakes = addresses.flatMap { version, address in
      (0..<Self.attempts).compactMap { _ in Handshake(version, address, port) }
    }
    defer { for handshake in handshakes { handshake.close() } }
    let end = Moment.now + bound
    while !stop.isSet, Moment.now < end, handshakes.contains(where: \.isOpen) { Self.wait(&handshakes, end) }
    let legs = addresses.map { version, _ in Self.leg(version, handshakes.filter { $0.version == version }) }
    return legs.allSatisfy { $0.attempts > 0 } ? legs : []
  }

  private static func wait(_ handshakes: inout [Handshake], _ end: Moment) {
    let open = handshakes.indices.filter { handshakes[$0].isOpen }
    var polled = open.map { pollfd(fd: handshakes[$0].descriptor, events: Int16(POLLOUT), revents: 0) }
    let left = min((end - Moment.now).nanoseconds / 1_000_000 + 1, 20)
    guard unsafe poll(&polled, nfds_t(polled.count), Int32(max(0, left))) > 0 else { return }
    let now = Moment.now
    for (index, one) in zip(open, polled) where one.revents != 0 { handshakes[index].end(at: now) }
  }

  private static func leg(_ version: FamilyLeg.Version, _ handshakes: [Handshake]) -> FamilyLeg {
    var leg = FamilyLeg(version)
    leg.attempts = handshakes.count
    leg.times = handshakes.compactMap(\.time)
    leg.isRefused = leg.times.isEmpty && handshakes.contains { $0.isRefused }
    return leg
  }
}

/// One TCP handshake that nobody waits for.
private struct Handshake {
  let version: FamilyLeg.Version
  let descriptor: Int32
  private let start = Moment.now
  private(set) var isOpen = true
  private(set) var time: Microseconds?
  private(set) var isRefused = false

  /// Nothing where this computer has no way there at all.
  init?(_ version: FamilyLeg.Version, _ address: String, _ port: UInt16) {
    self.version = version
    descriptor = unsafe precall_net_tcp(address, port)
    guard descriptor < 0 else { return }
    // This computer itself may refuse at once.
    guard descriptor == -ECONNREFUSED else { return nil }
    (isOpen, isRefused) = (false, true)
  }

  mutating func end(at now: Moment) {
    isOpen = false
    switch precall_net_error(descriptor) {
    case 0: time = Microseconds(base: (now - start).nanoseconds / 1_000)
    case ECONNREFUSED: isRefused = true
    default: break
    }
  }

  func close() {
    if descriptor >= 0 { precall_net_close(descriptor) }
  }
}
