import Dispatch
import Glibc

/// A plain blocking socket to a server on this machine, used from threads of its own, so that a test can
/// stop reading, send half a request or never close.
final class TestConnection: Sendable {
  let socket: Int32

  struct Failure: Error { var call: String; var code = errno }

  /// A connected socket; each wait ends after `seconds`.
  init(
    port: UInt16, udp: Bool = false, seconds: Int = 20, receiveBuffer: Int32? = nil,
    at host: String = "127.0.0.1"
  ) throws {
    let family = host.contains(":") ? AF_INET6 : AF_INET
    let kind = udp ? SOCK_DGRAM : SOCK_STREAM
    socket = Glibc.socket(family, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var wait = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBuffer {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
    }
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", nil, &found) == 0, let found else {
      throw Failure(call: "getaddrinfo")
    }
    defer { freeaddrinfo(found) }
    guard connect(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
      throw Failure(call: "connect")
    }
  }

  deinit { close(socket) }

  func send(_ octets: [UInt8]) throws {
    var sent = 0
    while sent < octets.count {
      let count = octets[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(call: "send") }
      sent += count
    }
  }

  func send(_ text: String) throws { try send([UInt8](text.utf8)) }

  /// What comes next; empty at the end.
  func receive() throws -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &octets, octets.count, 0)
    guard count >= 0 else { throw Failure(call: "recv") }
    return [UInt8](octets.prefix(count))
  }

  /// Everything up to the end of the connection.
  func receiveAll() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let part = try receive()
      if part.isEmpty { return all }
      all += part
    }
  }

  /// Everything up to the end, as text.
  func receiveText() throws -> String { String(decoding: try receiveAll(), as: UTF8.self) }

  /// Sends a request that asks to close, and gives the whole answer.
  static func answer(
    _ port: UInt16, _ request: String, body: [UInt8] = [], headers: String = ""
  ) async throws -> String {
    try await onThread {
      let connection = try TestConnection(port: port)
      let length = body.isEmpty ? "" : "Content-Length: \(body.count)\r\n"
      try connection.send("\(request) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\(length)\(headers)\r\n")
      try connection.send(body)
      return try connection.receiveText()
    }
  }
}

/// Runs what blocks on a thread outside the cooperative pool, which the server under test needs.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue(label: "test").async { continuation.resume(with: Swift.Result { try body() }) }
  }
}
