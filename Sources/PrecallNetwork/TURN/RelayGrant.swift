package import PrecallCore
package import PrecallWire

/// The server's answer to `POST /v1/turn-credentials`: where a relay is, and a short-lived way in.
package struct RelayGrant: Equatable {
  package var addresses: [RelayAddress]
  package var credentials: TURNCredentials

  /// Nothing where it names no relay that can be tried, or no credentials.
  package init?(json: JSONValue) {
    guard let urls = json["urls"]?.array, urls.count <= 16, let username = json["username"]?.string,
      let credential = json["credential"]?.string, username.count <= 512, credential.count <= 512
    else { return nil }
    addresses = urls.compactMap { $0.string.flatMap(RelayAddress.init) }
    guard !addresses.isEmpty else { return nil }
    credentials = TURNCredentials(username: username, password: credential)
  }

  /// The first address for a transport.
  func address(over transport: CallPath.Transport) -> RelayAddress? {
    addresses.first { $0.transport == transport }
  }
}

/// Where a relay is: a URI of RFC 7065, as `turns:turn.example.org:443?transport=tcp`.
package struct RelayAddress: Equatable {
  package var transport: CallPath.Transport
  /// Without the brackets of an IPv6 address.
  package var host: String
  package var port: UInt16

  package init?(_ text: Text) {
    let whole = String(decoding: text, as: UTF8.self)
    let parts = whole.split(separator: "?", maxSplits: 1)
    guard let first = parts.first, let colon = first.firstIndex(of: ":") else { return nil }
    let scheme = first[..<colon].lowercased()
    let isTCP = parts.count > 1 && parts[1] == "transport=tcp"
    guard scheme == "turn" || scheme == "turns" && isTCP else { return nil }
    transport = scheme == "turns" ? .tls : isTCP ? .tcp : .udp
    // The rules of hosts and ports are those of a server's address; the scheme gives no default here.
    guard let server = try? ServerAddress("http://" + first[first.index(after: colon)...]) else { return nil }
    host = server.host
    let hasPort = server.port != 80 || first.hasSuffix(":80")
    port = hasPort ? server.port : transport == .tls ? 5_349 : 3_478
  }
}
