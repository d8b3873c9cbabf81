#if !hasFeature(Embedded)
  /// What is known of the way to the server besides the packets that went its whole length. A browser can
  /// learn none of it, so its engine does not hold it.
  package struct NetworkPath: Sendable, Hashable {
    /// The kind of interface that packets to the server leave by.
    package enum Interface: Int, Sendable, Hashable, CaseIterable {
      case wired, wifi, mobile, tunnel, virtual, loopback

      package var name: StaticString {
        switch self {
        case .wired: "wired"
        case .wifi: "wifi"
        case .mobile: "mobile"
        case .tunnel: "tunnel"
        case .virtual: "virtual"
        case .loopback: "loopback"
        }
      }
    }

    /// Why a leg has no figures. Never a pass.
    package enum Gap: Int, Sendable, Hashable, CaseIterable {
      /// The server is reached without a gateway.
      case noGateway
      /// The system lets this person send no ICMP echo (net.ipv4.ping_group_range).
      case notPermitted

      package var name: StaticString {
        switch self {
        case .noGateway: "no-gateway"
        case .notPermitted: "not-permitted"
        }
      }
    }

    package var interface: Interface?
    /// Strength of the Wi-Fi's signal in dBm.
    package var wifiSignal: Decibels?
    /// The bit rate at which the Wi-Fi sends.
    package var wifiRate: BitRate?
    package var interfaceMTU: ByteCount?
    /// The largest IP packet that the kernel believes to pass (RFC 1191).
    package var pathMTU: ByteCount?
    /// Test packets as large as the interface sends, of at most 1,500 octets: how many left, and how many came back.
    package var largeSent = 0
    package var largeAnswered = 0
    /// Whether the server was reached only when it was told to send small segments.
    package var needsSmallSegments = false
    /// ICMP echo to the default gateway.
    package var gateway: PathLeg?
    package var gatewayGap: Gap?
    /// The hops that answered packets of limited life, in order from this computer.
    package var hops: [PathHop] = []
    /// IPv4 and IPv6 beside each other; none where there are not both.
    package var families: [FamilyLeg] = []

    package init() {}
  }

  /// Round trips to one point of the way, on the idle line and while the line was loaded.
  package struct PathLeg: Sendable, Hashable {
    package var idleSent = 0
    package var idleTimes: [Microseconds] = []
    package var loadedSent = 0
    package var loadedTimes: [Microseconds] = []

    package init() {}

    /// Fewer replies than this make no figure.
    package static let fewest = 5

    var idle: OrderStatistics? { Self.order(idleTimes) }
    var loaded: OrderStatistics? { Self.order(loadedTimes) }

    private static func order(_ times: [Microseconds]) -> OrderStatistics? {
      times.count < fewest ? nil : OrderStatistics(times.map(\.base))
    }
  }

  /// A hop, known by where it lies and by nothing else: its address is not kept.
  package struct PathHop: Sendable, Hashable {
    package var place: Place
    package var leg: PathLeg

    package init(at place: Place, _ leg: PathLeg) {
      self.place = place
      self.leg = leg
    }
  }
#endif
