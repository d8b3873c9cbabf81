import PrecallCore
import PrecallNetwork
import PrecallTestSupport
import Synchronization
import Testing

/// The real server, whose tickets end sooner than the watching does.
@Suite(.serialized) struct `A line watched for longer than a ticket lasts` {
  @Test func `has its ticket renewed, and not a second is missing`() async throws {
    try await withServer(["--ticket-seconds", "5"]) { server in
      let events = Mutex<[WatchEvent]>([])
      let address = try ServerAddress("http://127.0.0.1:\(server.httpPort)")
      let failure = await LineWatch(.server(address, caFile: nil), for: .seconds(8)).run { event in
        events.withLock { $0.append(event) }
      }
      #expect(failure == nil)
      let told = events.withLock { $0 }
      let seconds = told.compactMap { event in
        if case .second(let second) = event { second } else { nil }
      }
      let calls = told.compactMap { event in if case .call(let call) = event { call } else { nil } }
      #expect(calls.map(\.outcome) == [.held], "one call a minute, the first soon")
      #expect(seconds.count + calls.count == told.count, "no outage")
      #expect((7...9).contains(seconds.count))
      // The first ticket's packets would be refused from the fifth second on.
      for second in seconds.dropLast() { #expect(second.answered >= 15, "\(second)") }
    }
  }

  @Test func `tells of UDP that is blocked for a while, and of its end`() async throws {
    try await withServer { server in
      var plan = LossyRelay.Plan()
      // From the third second to the tenth, as twenty packets a second go.
      plan.dropUp = { (60..<200).contains($0) }
      let relay = LossyRelay(to: server.udpPort, plan)
      let tickets = TicketRelay(to: server.httpPort, replacing: server.udpPort, with: relay.port)
      defer {
        tickets.stop()
        relay.stop()
      }
      let events = Mutex<[WatchEvent]>([])
      let address = try ServerAddress("http://127.0.0.1:\(tickets.port)")
      var watch = WatchPlan()
      watch.firstCall = .seconds(600)
      let line = LineWatch(.server(address, caFile: nil), for: .seconds(13), plan: watch)
      #expect(await line.run { event in events.withLock { $0.append(event) } } == nil)
      let told = events.withLock { $0 }.filter { if case .second = $0 { false } else { true } }
      try #require(told.count == 3, "\(told)")
      guard case .outage(let start) = told[0], case .blocked(let known) = told[1],
        case .recovered(_, let length) = told[2]
      else {
        Issue.record("\(told)")
        return
      }
      #expect(known - start > .seconds(1) && known - start < length)
    }
  }

  /// The minutes are of five seconds. Each call needs a session of its own, and the second is played when the first
  /// ticket has ended.
  @Test func `has a call in its second minute too`() async throws {
    try await withServer(["--ticket-seconds", "8"]) { server in
      let events = Mutex<[WatchEvent]>([])
      let address = try ServerAddress("http://127.0.0.1:\(server.httpPort)")
      var plan = WatchPlan()
      #expect(plan.callSpacing == .seconds(60))
      plan.callSpacing = .seconds(5)
      let watch = LineWatch(.server(address, caFile: nil), for: .seconds(13), plan: plan)
      let failure = await watch.run { event in events.withLock { $0.append(event) } }
      #expect(failure == nil)
      let told = events.withLock { $0 }
      let calls = told.compactMap { event in if case .call(let call) = event { call } else { nil } }
      try #require(calls.map(\.outcome) == [.held, .held])
      #expect(calls[1].at >= .seconds(8) && calls[1].at - calls[0].at >= .seconds(5))
      let seconds = told.compactMap { event in if case .second(let second) = event { second } else { nil } }
      for second in seconds.dropLast() { #expect(second.answered >= 15, "\(second)") }
    }
  }
}
