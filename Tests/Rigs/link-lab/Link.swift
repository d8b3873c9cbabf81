/// What a line does to packets, one direction beside the other. Every figure names where it comes from.
package struct Link {
  package var name: String
  package var summary: String
  package var up: Direction
  package var down: Direction

  /// What happens to packets that travel one way. What is absent is not imposed.
  package struct Direction: Equatable {
    package var delay: Steps<Int64> = Steps(0)
    package var variation: Variation?
    package var loss: Double = 0
    package var burstLoss: BurstLoss?
    package var reordering: Reordering?
    package var duplication: Double = 0
    package var corruption: Double = 0
    package var rate: Rate?
    package var outages: Outages?
    package var blocks: Blocks?
    package var maximum: MaximumUnit?

    package init() {}
  }

  /// Loss in bursts by two states (Gilbert 1960, Elliott 1963): every packet may change the state, and is
  /// then lost with that state's probability.
  package struct BurstLoss: Equatable {
    package var toBad: Double
    package var toGood: Double
    package var lossInBad: Double
    package var lossInGood: Double
  }

  /// A share of the packets is held back, and others overtake them.
  package struct Reordering: Equatable {
    package var share: Double
    package var hold: Int64
  }

  /// Bits of IP packets a second, and the room for what comes faster. A packet that finds the queue full is
  /// dropped (drop-tail). A bucket lets `burst` bytes pass at once; with no queue behind it, it polices.
  package struct Rate: Equatable {
    package var bitsPerSecond: Steps<Double>
    /// The longest time that a packet may wait, in nanoseconds.
    package var queueTime: Int64?
    package var queueBytes: Int?
    package var burst: Int
    /// Bytes that the line adds to each packet, as a tunnel does.
    package var overhead: Int
  }

  /// Times at which nothing passes.
  package struct Outages: Equatable {
    package var times: Steps<Bool>
    /// Packets wait for the end of the outage; otherwise they are lost.
    package var hold: Bool
  }

  /// Destinations that a firewall closes, by the server's port.
  package struct Blocks: Equatable {
    package var udp: Ports?
    package var tcp: Ports?
    /// Tell the sender by ICMP "administratively prohibited"; otherwise drop in silence.
    package var answers: Bool

    package enum Ports: Equatable {
      case only([Int])
      case allExcept([Int])

      func contains(_ port: UInt16) -> Bool {
        switch self {
        case .only(let ports): ports.contains(Int(port))
        case .allExcept(let ports): !ports.contains(Int(port))
        }
      }
    }
  }

  /// The longest IP packet that fits.
  package struct MaximumUnit: Equatable {
    package var bytes: Int
    /// Tell the sender by ICMP (RFC 1191, RFC 8201); otherwise drop in silence: a black hole (RFC 2923).
    package var answers: Bool
  }
}

extension Link.Direction {
  /// The share of packets that is lost in the long run, queues left out; nothing where outages come and go.
  var ownLoss: Double? {
    if let outages, !outages.hold { return nil }
    let burst = burstLoss.map { model in
      let bad = model.toBad / max(model.toBad + model.toGood, 1e-12)
      return bad * model.lossInBad + (1 - bad) * model.lossInGood
    }
    return 1 - (1 - loss) * (1 - (burst ?? 0)) * (1 - corruption)
  }
}
