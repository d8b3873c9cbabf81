import PrecallCore
import Testing

import PrecallServer

/// The rules of a room, without sockets and clock.
@Suite struct WaitingRoomRulesTests {
  static func room(clients: Int = 2) -> Room {
    Room(WaitingRoomStoreTests.order(clients: clients).session().session)
  }

  static func text(_ string: String) -> Text { Text(string.utf8) }

  @Test func `a client waits, is known to the provider once its page says so, and is admitted once`() throws {
    var room = Self.room()
    try room.apply(.name(Self.text("Ana")), by: .client(1), now: 50)
    try room.apply(.ready(true), by: .client(1), now: 60)
    #expect(room.seats[0].since == 50 && room.seats[0].isReady && !room.seats[0].isKnown)
    try room.apply(.seen(room.log.last - 2), by: .provider, now: 61)
    #expect(!room.seats[0].isKnown, "an earlier event is not this one")
    try room.apply(.seen(.max), by: .provider, now: 61)
    #expect(room.seats[0].isKnown && !room.seats[1].isKnown)
    try room.apply(.admit(.these([1])), by: .provider, now: 62)
    let events = room.log.last
    try room.apply(.admit(.these([1])), by: .provider, now: 63)
    #expect(room.seats[0].stage == .admitted && room.log.last == events)
    let first = try room.makeAdmission(for: 1)
    let second = try room.makeAdmission(for: 1)
    #expect(room.redeem(first.hash) == nil && room.redeem(second.hash)?.number == 1)
    #expect(room.redeem(second.hash) == nil && room.seats[0].stage == .joined)
    #expect(throws: RoomRefusal.self) { try room.makeAdmission(for: 1) }
  }

  @Test func `all that are ready are admitted together, and all that wait declined`() throws {
    var room = Self.room(clients: 4)
    for number in 1...3 { try room.apply(.name(Self.text("C\(number)")), by: .client(number), now: 0) }
    for number in 1...2 { try room.apply(.ready(true), by: .client(number), now: 0) }
    try room.apply(.admit(.all), by: .provider, now: 1)
    #expect(room.seats.map(\.stage) == [.admitted, .admitted, .waiting, .empty])
    try room.apply(.decline(.all), by: .provider, now: 2)
    #expect(room.seats.map(\.stage) == [.admitted, .admitted, .declined, .empty])
  }

  @Test func `nobody does what is the other side's, or out of its time`() throws {
    var room = Self.room()
    let before = room.log.last
    for action: RoomAction in [.admit(.all), .decline(.all), .seen(1)] {
      #expect(throws: RoomRefusal.notYours) { try room.apply(action, by: .client(1), now: 0) }
    }
    for action: RoomAction in [
      .name([65]), .ready(true), .check(.ready, report: nil), .withhold, .comeBack,
    ] {
      #expect(throws: RoomRefusal.notYours) { try room.apply(action, by: .provider, now: 0) }
    }
    for action: RoomAction in [.ready(true), .check(.ready, report: nil), .withhold, .say([65])] {
      #expect(throws: RoomRefusal.namelessClient) { try room.apply(action, by: .client(1), now: 0) }
    }
    #expect(throws: RoomRefusal.wrongStage) { try room.apply(.admit(.these([1])), by: .provider, now: 0) }
    #expect(throws: RoomRefusal.wrongStage) { try room.apply(.comeBack, by: .client(1), now: 0) }
    #expect(room.log.last == before, "a refused action changes nothing")
    try room.apply(.name([65]), by: .client(1), now: 0)
    try room.apply(.decline(.these([1])), by: .provider, now: 0)
    for action: RoomAction in [.ready(true), .name([66]), .say([65])] {
      #expect(throws: RoomRefusal.wrongStage) { try room.apply(action, by: .client(1), now: 0) }
    }
  }

  @Test func `the chat reaches those in the room, and neither strangers nor the declined`() throws {
    var room = Self.room(clients: 3)
    try room.apply(.name(Self.text("Ana")), by: .client(1), now: 0)
    try room.apply(.name(Self.text("Bo")), by: .client(2), now: 0)
    try room.apply(.decline(.these([2])), by: .provider, now: 0)
    try room.apply(.say(Self.text("hello")), by: .provider, now: 9)
    #expect(
      [Participant.provider, .client(1), .client(2), .client(3)].map { room.concerns($0, .everyone) } == [
        true, true, false, false,
      ])
    let read = { (participant: Participant) in
      try JSONReader.read(room.json(for: participant))["messages"]?.array?.count
    }
    #expect(try read(.client(1)) == 1 && read(.client(2)) == 0 && read(.client(3)) == 0)
    for _ in 0..<300 { try room.apply(.say(Self.text("x")), by: .client(1), now: 0) }
    #expect(room.messages.count == Room.messageLimit)
  }

  @Test func `a client sees neither other clients nor their checks`() throws {
    var room = Self.room()
    try room.apply(.name(Self.text("Ana")), by: .client(1), now: 0)
    try room.apply(.check(.notReady, report: Self.text(#"{"secret":1}"#)), by: .client(1), now: 0)
    let other = String(decoding: room.json(for: .client(2)), as: UTF8.self)
    #expect(!other.contains("Ana") && !other.contains("not-ready"))
    let provider = String(decoding: room.json(for: .provider), as: UTF8.self)
    #expect(provider.contains("not-ready") && !provider.contains("secret"), "details are asked for")
    #expect(room.log.events(after: 0)?.contains { room.concerns(.client(2), $0.audience) } == false)
  }

  @Test func `the log replays what was missed, or says that it can't`() throws {
    var room = Self.room()
    try room.apply(.name(Self.text("Ana")), by: .client(1), now: 0)
    let seen = room.log.last
    for _ in 0..<10 { try room.apply(.say([65]), by: .client(1), now: 0) }
    #expect(room.log.events(after: seen)?.map(\.number) == Array((seen + 1)...(seen + 10)))
    #expect(room.log.events(after: room.log.last)?.isEmpty == true)
    #expect(room.log.events(after: room.log.last + 1) == nil, "another server's number")
    for _ in 0..<RoomLog.capacity { try room.apply(.say([65]), by: .client(1), now: 0) }
    #expect(room.log.events(after: seen) == nil)
    #expect(room.log.events(after: room.log.last - Int64(RoomLog.capacity))?.count == RoomLog.capacity)
  }

  @Test func `who comes back from the visit waits again and needs a new admission`() throws {
    var room = Self.room()
    try room.apply(.name([65]), by: .client(1), now: 0)
    try room.apply(.admit(.these([1])), by: .provider, now: 0)
    let token = try room.makeAdmission(for: 1)
    _ = room.redeem(token.hash)
    try room.apply(.comeBack, by: .client(1), now: 100)
    #expect(room.seats[0].stage == .waiting && room.seats[0].since == 100)
    #expect(room.redeem(token.hash) == nil)
  }

  @Test(arguments: [
    "{}", "[]", #"{"do":"fly"}"#, #"{"do":"name"}"#, #"{"do":"name","name":""}"#, #"{"do":"name","name":7}"#,
    #"{"do":"say","text":" "}"#, #"{"do":"ready","ready":"yes"}"#, #"{"do":"admit"}"#,
    #"{"do":"admit","clients":[]}"#, #"{"do":"admit","clients":[0]}"#, #"{"do":"admit","clients":["1"]}"#,
    #"{"do":"admit","clients":[99999999999]}"#, #"{"do":"check"}"#, #"{"do":"check","measurements":{}}"#,
    #"{"do":"check","measurements":{"format_version":1},"share":"yes"}"#, #"{"do":"seen","event":1.5}"#,
  ]) func `an action that can't be understood is refused`(json: String) {
    #expect(throws: JSONError.self) { try RoomAction(json: JSONReader.read(Self.text(json))) }
  }

  @Test func `the server's own verdict counts, and details stay out without consent`() throws {
    let json = #"{"do":"check","measurements":{"format_version":1},"share":SHARE,"verdict":"ready"}"#
    for share in [true, false] {
      let text = Self.text(json.replacing("SHARE", with: "\(share)"))
      guard case .check(let outcome, let report) = try RoomAction(json: JSONReader.read(text)) else {
        fatalError("not a check")
      }
      #expect(outcome == .notMeasured && (report != nil) == share)
    }
  }
}
