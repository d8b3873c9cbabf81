package import PrecallWire

/// What answers while a line is watched.
package enum WatchTarget: Sendable {
  /// A Precall server; `caFile` holds certificates to trust beside the system's.
  case server(ServerAddress, caFile: String?)
  /// Anybody's STAMP or TWAMP Light reflector, with the key of authenticated STAMP where it asks for one.
  case reflector(ReflectorAddress, STAMPKey?)

  package var host: String {
    switch self {
    case .server(let server, _): server.host
    case .reflector(let reflector, _): reflector.host
    }
  }
}

/// Where a reflector is, as `stamp://host` or `stamp://host:port`.
package struct ReflectorAddress: Sendable, Hashable {
  package let host: String
  package let port: UInt16
  package static let scheme = "stamp://"
  /// RFC 8762 section 4.1.
  private static let usualPort: UInt16 = 862

  package init(_ text: String) throws(ServerAddressError) {
    guard text.hasPrefix(Self.scheme) else { throw ServerAddressError(.scheme) }
    let (host, port) = try ServerAddress.authority(text.dropFirst(Self.scheme.count))
    self.host = host
    self.port = port ?? Self.usualPort
  }
}
