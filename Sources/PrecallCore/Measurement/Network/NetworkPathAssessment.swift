#if !hasFeature(Embedded)
  // What the path facts say, and where they put what the packets said.

  extension NetworkJudge {
    mutating func judge(_ path: NetworkPath, _ run: PacketRun) {
      if let signal = path.wifiSignal {
        find(.weakWiFi, note(.wifiSignal, .level(signal), samples: 1), blocked: .lowVideo)
      }
      if let rate = path.wifiRate { note(.wifiRate, .rate(rate), samples: 1) }
      if let mtu = path.pathMTU ?? path.interfaceMTU { note(.pathMTU, .size(mtu)) }
      if path.interface == .tunnel { add(Finding(.tunnelled)) }
      if path.needsSmallSegments || path.largePacketsVanish(run) { add(Finding(.largePacketsLost)) }
      if let gateway = path.gateway {
        judge(gateway)
        // Names are looked up beyond the router, or by it, from there.
        if gateway.idle != nil { place(.lookupFailed, at: .accessLine) }
      }
      judge(path.families)
      locate(FaultPlace(path), run)
    }

    private mutating func judge(_ gateway: PathLeg) {
      if let idle = gateway.idle {
        note(.gatewayTime, .time(Microseconds(base: idle.median)), samples: idle.count)
        note(.slowGatewayTime, .time(Microseconds(base: idle.percentile(95))), samples: idle.count)
      }
      guard gateway.idleSent >= 20, !gateway.idleTimes.isEmpty else { return }
      let lost = gateway.idleSent - gateway.idleTimes.count
      let (low, high) = PacketLoss.wilson(lost, of: gateway.idleSent)
      note(
        .gatewayLoss, .share(Share(lost, of: gateway.idleSent)), low: .share(low), high: .share(high),
        samples: gateway.idleSent)
    }

    /// A queue that grows by less tells of no narrow place.
    private static let narrow = Microseconds(base: 20_000)

    private mutating func locate(_ place: FaultPlace, _ run: PacketRun) {
      let idle = run.sequences(under: .idle)
      guard let trip = RoundTripTime(of: run, in: idle) else { return }
      let loss = place.ofLoss(Share(idle.count - trip.count, of: max(1, idle.count)))
      set([.highLatency], place.ofDelay(trip.median))
      set([.highJitter], place.ofVariation(trip.p95 - trip.minimum))
      set([.packetLoss], loss)
      let causes: [FindingKind] = [.packetLoss, .highJitter, .highLatency]
      set([.poorSound], findings.first { causes.contains($0.kind) && $0.located != nil }?.located)
      let increase = [Load.download, .upload].compactMap {
        WorkingLatency(of: run, under: $0, idle: trip)?.increase
      }.max()
      let queue = increase.flatMap { $0 > Self.narrow ? place.ofQueue($0) : nil }
      // What does not fit through the narrowest place waits before it, or is lost there.
      set([.bufferbloat, .slowDownload, .slowUpload], queue)
      set([.videoTooFastUp, .videoTooFastDown, .screenShareTooFast, .audioBreaksUp], queue ?? loss)
    }

    private mutating func set(_ kinds: [FindingKind], _ place: Place?) {
      guard let place else { return }
      for kind in kinds { self.place(kind, at: place) }
    }
  }

  extension NetworkPath {
    /// None of the large packets came back although the small ones did: a black hole (RFC 2923 section 2.1).
    /// Three lost by chance where four of five small ones return: under one in a hundred.
    func largePacketsVanish(_ run: PacketRun) -> Bool {
      let idle = run.sequences(under: .idle)
      let answered = run.answered(in: idle).count
      return largeSent >= 3 && largeAnswered == 0 && answered >= 20 && answered * 5 >= idle.count * 4
    }
  }
#endif
