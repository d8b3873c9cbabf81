/// The server's answer to `POST /v1/tickets`: one for both ends of the wire.
package struct TicketGrant: Sendable, Equatable {
  /// What the server will carry in one request at most.
  package struct Limits: Sendable, Equatable {
    package var download: ByteCount
    package var upload: ByteCount
    package var time: Microseconds

    package init(download: ByteCount, upload: ByteCount, time: Microseconds) {
      self.download = download
      self.upload = upload
      self.time = time
    }
  }

  package static let formatVersion: Int64 = 1
  /// The year 2100: a server that says later is none of ours.
  private static let latestTime: Int64 = 4_102_444_800_000_000
  /// To be put into each test packet as it is.
  package var ticket: [UInt8]
  package var sessionID: UInt16
  package var udpPort: UInt16
  package var expiresIn: Microseconds
  /// The server's clock, in microseconds since 1970, when it answered.
  package var serverTime: Microseconds
  package var limits: Limits

  package init(
    ticket: [UInt8], sessionID: UInt16, udpPort: UInt16, expiresIn: Microseconds, serverTime: Microseconds,
    limits: Limits
  ) {
    self.ticket = ticket
    self.sessionID = sessionID
    self.udpPort = udpPort
    self.expiresIn = expiresIn
    self.serverTime = serverTime
    self.limits = limits
  }
}

extension TicketGrant {
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("format_version", Self.formatVersion)
      json.member("ticket", Base64URL.encode(ticket))
      json.member("session_id", Int64(sessionID))
      json.member("udp_port", Int64(udpPort))
      json.member("expires_in_s", expiresIn.base / 1_000_000)
      json.member("server_time_us", serverTime.base)
      json.key("limits")
      json.object { json in
        json.member("download_bytes", limits.download.base)
        json.member("upload_bytes", limits.upload.base)
        json.member("seconds", limits.time.base / 1_000_000)
      }
    }
  }

  /// Reads an answer; members it does not know are left alone, so that a newer server may say more.
  package init(json: JSONValue) throws(JSONError) {
    guard json.integer("format_version") == Self.formatVersion else {
      throw Self.expected("a format_version of 1", at: "format_version")
    }
    guard let ticket = json.string("ticket").flatMap(Base64URL.decode), !ticket.isEmpty,
      ticket.count <= 1_024
    else { throw Self.expected("a ticket", at: "ticket") }
    self.ticket = ticket
    sessionID = UInt16(try Self.number(json, "session_id", 1...65_535))
    udpPort = UInt16(try Self.number(json, "udp_port", 1...65_535))
    expiresIn = Microseconds(base: try Self.number(json, "expires_in_s", 1...86_400) * 1_000_000)
    serverTime = Microseconds(base: try Self.number(json, "server_time_us", 0...Self.latestTime))
    guard let limits = json["limits"] else { throw Self.expected("limits", at: "limits") }
    self.limits = Limits(
      download: ByteCount(base: try Self.number(limits, "download_bytes", 1...Int64.max)),
      upload: ByteCount(base: try Self.number(limits, "upload_bytes", 1...Int64.max)),
      time: Microseconds(base: try Self.number(limits, "seconds", 1...86_400) * 1_000_000))
  }

  private static func number(
    _ json: JSONValue, _ key: StaticString, _ range: ClosedRange<Int64>
  ) throws(JSONError) -> Int64 {
    guard let number = json[key]?.integer, range.contains(number) else {
      throw expected("a whole number within its range", at: key)
    }
    return number
  }

  private static func expected(_ what: StaticString, at key: StaticString) -> JSONError {
    JSONError(.expected(what), path: key.bytes)
  }
}
