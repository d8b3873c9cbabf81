#if !hasFeature(Embedded)
  /// One step of the call rehearsal in a report: what the line did with the packets of such a call, and whether it held.
  package struct RehearsedCall: Sendable {
    package var load: Load
    package var rate: BitRate
    package var outcome: CallRehearsal.Outcome
    /// Of this step's packets alone: loss and its longest run by direction, round trip, and delay variation where a
    /// de-jitter buffer cares (RFC 5481, 95th and 99th percentile).
    package var assessments: [Assessment]

    package init(_ load: Load, _ rate: BitRate, _ outcome: CallRehearsal.Outcome, _ assessments: [Assessment])
    {
      self.load = load
      self.rate = rate
      self.outcome = outcome
      self.assessments = assessments
    }
  }

  extension CallRehearsal.Outcome {
    private static let all: [Self] = [
      .held, .queue(.up), .queue(.down), .loss(.up), .loss(.down), .silence, .cut,
    ]

    package var name: StaticString {
      switch self {
      case .held: "held"
      case .queue(.up): "queue-up"
      case .queue(.down): "queue-down"
      case .loss(.up): "loss-up"
      case .loss(.down): "loss-down"
      case .silence: "silence"
      case .cut: "cut"
      }
    }

    package static func named(_ name: some Collection<UInt8>) -> Self? {
      for one in all where one.name.equals(name) { return one }
      return nil
    }
  }

  extension Measurements {
    package func rehearsedCalls(by policy: Policy) -> [RehearsedCall] {
      switch network {
      case .measured(let network), .partial(let network, _): network.rehearsedCalls(by: policy)
      case .notMeasured: []
      }
    }
  }

  extension NetworkMeasurement {
    package func rehearsedCalls(by policy: Policy) -> [RehearsedCall] {
      let account = ReflectorAccount(of: packets)
      let packets = account.isClockSteady ? self.packets : self.packets.withoutReflectorClock
      let fates = PacketFates(of: packets)
      guard let rehearsal = CallRehearsal(of: packets, fates) else { return [] }
      return rehearsal.steps.map { step in
        var judge = NetworkJudge(policy: policy)
        judge.believesClock = account.isClockSteady
        judge.noteStep(step.phase.sequences, packets, fates)
        return RehearsedCall(step.phase.load, step.phase.rate ?? .zero, step.outcome, judge.assessments)
      }
    }
  }
#endif
