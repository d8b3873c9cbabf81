package import PrecallCore

/// What a person in a room can do, read from a request and bounded.
package enum RoomAction: Sendable, Hashable {
  // A client's.
  case name(Text)
  case ready(Bool)
  case check(Verdict.Outcome, report: Text?)
  /// The provider no longer reads the details of the client's check.
  case withhold
  /// The client was in the visit and is at the door again.
  case comeBack
  // The provider's.
  case admit(Choice)
  case decline(Choice)
  /// The provider's page has received everything up to this event.
  case seen(Int64)
  // Everyone's.
  case say(Text)

  /// Which clients an action of the provider is for.
  package enum Choice: Sendable, Hashable {
    case all
    case these([Int])

    func includes(_ seat: Seat) -> Bool {
      switch self {
      case .all: true
      case .these(let numbers): numbers.contains(seat.number)
      }
    }
  }
}

extension RoomAction {
  /// Reads `{"do":"say","text":"…"}` and the like.
  package init(json: JSONValue, policy: Policy = .standard) throws(JSONError) {
    let object = try JSONObject(json)
    switch try object.text("do").map({ String(decoding: $0, as: UTF8.self) }) {
    case "name":
      guard let name = try object.text("name").flatMap(ShownText.name) else {
        throw object.error("name", "this must be a name of 1 to 60 letters")
      }
      self = .name(name)
    case "ready": self = .ready(try object.bool("ready") ?? true)
    case "check": self = try Self.check(object, policy)
    case "withhold": self = .withhold
    case "come-back": self = .comeBack
    case "admit": self = .admit(try Self.choice(object))
    case "decline": self = .decline(try Self.choice(object))
    case "seen": self = .seen(try object.integer("event") ?? 0)
    case "say":
      guard let text = try object.text("text").flatMap(ShownText.message) else {
        throw object.error("text", "this must be a text of 1 to 1000 letters")
      }
      self = .say(text)
    default: throw object.error("do", "this is not a word that the server knows here")
    }
  }

  /// The server judges by itself what the page measured, and keeps the report only where it may.
  private static func check(_ object: JSONObject, _ policy: Policy) throws(JSONError) -> RoomAction {
    guard let json = object["measurements"] else {
      throw object.error("measurements", "this is missing")
    }
    let report = Report(try Measurements(json: json), policy: policy)
    let isShared = try object.bool("share") ?? false
    return .check(report.verdict.outcome, report: isShared ? report.json(indent: 0) : nil)
  }

  private static func choice(_ object: JSONObject) throws(JSONError) -> Choice {
    if object["clients"]?.string == Text("all".utf8) { return .all }
    let values = try object.array("clients")
    let numbers = values.compactMap(\.integer).filter { (1...Int64(SessionOrder.clientLimit)).contains($0) }
    guard !numbers.isEmpty, numbers.count == values.count else {
      throw object.error("clients", "this must be a list of clients' numbers, or \"all\"")
    }
    return .these(numbers.map(Int.init))
  }
}

/// Why an action is not done.
package enum RoomRefusal: Error, Sendable {
  /// It is the other side's to do.
  case notYours
  /// The client has not said a name yet.
  case namelessClient
  /// The client is no longer waiting, or not yet admitted.
  case wrongStage
}
