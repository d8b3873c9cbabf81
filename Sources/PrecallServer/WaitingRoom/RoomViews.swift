package import PrecallCore

extension Room {
  /// All that `participant` may see, for a page that has just opened or missed something.
  package func json(for participant: Participant) -> Text {
    var writer = JSONWriter()
    writer.object { json in
      json.member("event", log.last)
      json.member("starts_at", Timestamp.text(of: session.startsAt))
      json.member("expires_at", Timestamp.text(of: session.expiresAt))
      json.member("provider", session.providerName)
      json.member("provider_here", isProviderHere)
      json.member("group", session.clients.count > 1)
      switch participant {
      case .provider:
        json.member("role", "provider")
        json.key("clients")
        json.array { json in
          for seat in seats where seat.stage != .empty { seat.write(to: &json, forProvider: true) }
        }
      case .client(let number):
        json.member("role", "client")
        json.key("you")
        seats[number - 1].write(to: &json, forProvider: false)
      }
      json.key("messages")
      json.array { json in
        if isTold(participant) { for message in messages { message.write(to: &json) } }
      }
    }
    return writer.text
  }

  var providerJSON: Text {
    var writer = JSONWriter()
    writer.object { $0.member("here", isProviderHere) }
    return writer.text
  }
}

extension Seat {
  func json(forProvider: Bool) -> Text {
    var writer = JSONWriter()
    write(to: &writer, forProvider: forProvider)
    return writer.text
  }

  func write(to json: inout JSONWriter, forProvider: Bool) {
    json.object { json in
      json.member("number", Int64(number))
      json.member("stage", stage.name)
      json.member("name", name)
      if stage != .empty { json.member("since", Timestamp.text(of: since)) }
      json.member("ready", isReady)
      if let outcome { json.member("verdict", outcome.name) }
      json.member("shares_details", report != nil)
      if forProvider { json.member("here", isHere) } else { json.member("known", isKnown) }
    }
  }
}

extension RoomMessage {
  var json: Text {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("number", number)
      if let seat { json.member("client", Int64(seat)) }
      json.member("name", name)
      json.member("at", Timestamp.text(of: at))
      json.member("text", text)
    }
  }
}
