import PrecallCore

/// What is so in one waiting room, and the rules by which it changes. Knows no sockets and no clock.
package struct Room: Sendable {
  package static let messageLimit = 100

  package let session: VisitSession
  package private(set) var seats: [Seat]
  package private(set) var messages: [RoomMessage] = []
  package private(set) var isProviderHere = false
  package private(set) var log = RoomLog()

  package init(_ session: VisitSession) {
    self.session = session
    seats = session.clients.indices.map { Seat(number: $0 + 1) }
  }

  /// Whether events for everyone are also for `participant`.
  package func isTold(_ participant: Participant) -> Bool {
    switch participant {
    case .provider: true
    case .client(let number): seats[number - 1].stage != .empty && seats[number - 1].stage != .declined
    }
  }

  /// Whether `participant` receives what is for `audience`.
  package func concerns(_ participant: Participant, _ audience: RoomEvent.Audience) -> Bool {
    switch audience {
    case .everyone: isTold(participant)
    case .only(let other): other == participant
    }
  }

  package mutating func apply(
    _ action: RoomAction, by participant: Participant, now: Int64
  ) throws(RoomRefusal) {
    if case .say(let text) = action { return try say(text, by: participant, now: now) }
    switch participant {
    case .provider: try apply(byProvider: action)
    case .client(let number): try apply(action, toSeat: number - 1, now: now)
    }
  }

  /// The page of `participant` is open, or has been closed for longer than a reload takes.
  package mutating func setPresence(of participant: Participant, _ isHere: Bool) {
    switch participant {
    case .provider:
      guard isProviderHere != isHere else { return }
      isProviderHere = isHere
      log.append("provider", for: .everyone, providerJSON)
    case .client(let number):
      guard seats[number - 1].isHere != isHere else { return }
      seats[number - 1].isHere = isHere
      if seats[number - 1].stage != .empty { tellProvider(of: number - 1) }
    }
  }

  /// The token that lets the client into the visit, for its page; each call makes the earlier one void.
  package mutating func makeAdmission(for number: Int) throws(RoomRefusal) -> LinkToken {
    guard seats[number - 1].stage == .admitted else { throw .wrongStage }
    let token = LinkToken()
    seats[number - 1].admission = token.hash
    return token
  }

  /// Takes the token in, once.
  package mutating func redeem(_ admission: LinkHash) -> Seat? {
    guard let index = seats.firstIndex(where: { $0.admission == admission }) else { return nil }
    guard seats[index].stage == .admitted else { return nil }
    seats[index].stage = .joined
    tell(index)
    return seats[index]
  }
}

// MARK: What clients do

extension Room {
  private mutating func apply(
    _ action: RoomAction, toSeat index: Int, now: Int64
  ) throws(RoomRefusal) {
    switch action {
    case .name(let name):
      guard seats[index].stage == .empty || seats[index].stage == .waiting else { throw .wrongStage }
      if seats[index].stage == .empty { sitDown(index, now) }
      seats[index].name = name
    case .ready(let isReady):
      try requireWaiting(index)
      seats[index].isReady = isReady
    case .check(let outcome, let report):
      try requireWaiting(index)
      seats[index].outcome = outcome
      seats[index].report = report
    case .withhold:
      guard seats[index].stage != .empty else { throw .namelessClient }
      seats[index].report = nil
    case .comeBack:
      guard seats[index].stage == .joined else { throw .wrongStage }
      sitDown(index, now)
      seats[index].isReady = true
      seats[index].admission = nil
    case .admit, .decline, .seen, .say: throw .notYours
    }
    tell(index)
  }

  private mutating func sitDown(_ index: Int, _ now: Int64) {
    seats[index].stage = .waiting
    seats[index].since = now
  }

  private func requireWaiting(_ index: Int) throws(RoomRefusal) {
    if seats[index].stage == .empty { throw .namelessClient }
    guard seats[index].stage == .waiting else { throw .wrongStage }
  }
}

// MARK: What the provider does

extension Room {
  private mutating func apply(byProvider action: RoomAction) throws(RoomRefusal) {
    switch action {
    // One by name is let in also before they are ready; all are those who are.
    case .admit(let choice): try move(to: .admitted, choice) { choice != .all || $0.isReady }
    case .decline(let choice): try move(to: .declined, choice) { _ in true }
    case .seen(let event):
      for index in seats.indices where seats[index].toldBy <= min(event, log.last) && !seats[index].isKnown {
        guard seats[index].stage != .empty else { continue }
        seats[index].isKnown = true
        tellClient(index)
      }
    case .name, .ready, .check, .withhold, .comeBack, .say: throw .notYours
    }
  }

  /// Clients who are there already stay as they are, so that pressing twice does nothing twice.
  private mutating func move(
    to stage: Seat.Stage, _ choice: RoomAction.Choice, where isMeant: (Seat) -> Bool
  ) throws(RoomRefusal) {
    for seat in seats where choice.includes(seat) && choice != .all {
      guard seat.stage == .waiting || seat.stage == stage else { throw .wrongStage }
    }
    for index in seats.indices where choice.includes(seats[index]) && seats[index].stage == .waiting {
      guard isMeant(seats[index]) else { continue }
      seats[index].stage = stage
      tell(index)
    }
  }
}

// MARK: What everyone does

extension Room {
  private mutating func say(_ text: Text, by participant: Participant, now: Int64) throws(RoomRefusal) {
    var (seat, name): (Int?, Text) = (nil, session.providerName)
    if case .client(let number) = participant {
      guard seats[number - 1].stage != .empty else { throw .namelessClient }
      guard seats[number - 1].stage != .declined else { throw .wrongStage }
      (seat, name) = (number, seats[number - 1].name)
    }
    let message = RoomMessage(number: log.last + 1, seat: seat, name: name, at: now, text: text)
    if messages.count == Self.messageLimit { messages.removeFirst() }
    messages.append(message)
    log.append("message", for: .everyone, message.json)
  }
}

// MARK: Telling

extension Room {
  private mutating func tell(_ index: Int) {
    tellProvider(of: index)
    tellClient(index)
  }

  private mutating func tellProvider(of index: Int) {
    seats[index].toldBy = log.last + 1
    seats[index].isKnown = false
    log.append("client", for: .only(.provider), seats[index].json(forProvider: true))
  }

  private mutating func tellClient(_ index: Int) {
    log.append(
      "you", for: .only(.client(seats[index].number)), seats[index].json(forProvider: false))
  }
}
