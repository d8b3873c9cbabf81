import Glibc

/// Ports for servers of tests.
package enum LoopbackPort {
  /// A port where nobody listens, neither by TCP nor by UDP.
  package static func free() throws -> UInt16 {
    for _ in 0..<20 {
      let stream = bound(SOCK_STREAM, 0)
      let packets = bound(SOCK_DGRAM, stream.port ?? 0)
      close(stream.socket)
      close(packets.socket)
      if let port = stream.port, packets.port == port { return port }
    }
    throw RigError("no free port")
  }

  /// A socket at a port of loopback, and that port; none where it is taken.
  private static func bound(_ type: __socket_type, _ port: UInt16) -> (socket: Int32, port: UInt16?) {
    let made = socket(AF_INET, Int32(type.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(made, plain, length) == 0 && getsockname(made, plain, &length) == 0
      }
    }
    return (made, isBound ? UInt16(bigEndian: address.sin_port) : nil)
  }

  /// Whether somebody takes connections there.
  package static func isServed(_ port: UInt16, at host: String = "127.0.0.1") -> Bool {
    (try? connected(host, port, SOCK_STREAM)).map { close($0) } != nil
  }

  /// A socket that is connected to an address, and to be closed.
  package static func connected(_ host: String, _ port: UInt16, _ type: __socket_type) throws -> Int32 {
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", nil, &found) == 0, let found else { throw RigError("no address") }
    defer { freeaddrinfo(found) }
    let made = socket(found.pointee.ai_family, Int32(type.rawValue), 0)
    guard connect(made, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
      close(made)
      throw RigError("no connection: \(errno)")
    }
    return made
  }
}
