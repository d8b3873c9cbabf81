package import PrecallCore

/// Whose page something is for.
package enum Participant: Hashable, Sendable {
  case provider
  case client(Int)
}

/// One thing that happened in a room, as the pages read it.
package struct RoomEvent: Sendable {
  package enum Audience: Sendable, Equatable {
    /// The provider, and every client who has said a name.
    case everyone
    case only(Participant)
  }

  package let number: Int64
  package let audience: Audience
  package let name: StaticString
  package let json: Text

  /// As Server-Sent Events have it (WHATWG HTML section 9.2). JSON on one line can't end the data early.
  package var frame: Text { Self.frame(name, json, number: number) }

  package static func frame(_ name: StaticString, _ json: Text, number: Int64) -> Text {
    var frame: Text = []
    frame += "id: "
    frame.append(decimal: number)
    frame += "\nevent: "
    frame += name
    frame += "\ndata: "
    frame += json
    frame += "\n\n"
    return frame
  }
}

/// The last events of a room, so that a page that was cut off gets what it missed.
package struct RoomLog: Sendable {
  package static let capacity = 64
  /// The number of the last event.
  package private(set) var last: Int64 = 0
  private var events: [RoomEvent] = []

  mutating func append(_ name: StaticString, for audience: RoomEvent.Audience, _ json: Text) {
    last += 1
    if events.count == Self.capacity { events.removeFirst() }
    events.append(RoomEvent(number: last, audience: audience, name: name, json: json))
  }

  /// What came after event `number`; nothing where some of it is no longer here, or never was.
  package func events(after number: Int64) -> ArraySlice<RoomEvent>? {
    guard number <= last, number >= last - Int64(events.count) else { return nil }
    return events.suffix(Int(last - number))
  }
}
