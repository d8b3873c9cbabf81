import CCurl
import CLinuxNet
import PrecallCore
import PrecallProbes
import PrecallWire

/// A way for frames to a relay and back. Used by one thread.
protocol RelayPath: AnyObject {
  var isIPv6: Bool { get }
  /// False where the way is gone.
  func send(_ frame: [UInt8]) -> Bool
  /// Hands on each frame that has come, with the moment; false where the way is gone.
  func receive(_ take: ([UInt8], Moment) -> Void) -> Bool
  /// Waits for something to come, at most until `moment`.
  func wait(until moment: Moment)
}

/// UDP: a frame is a packet. One that the kernel could not send is as lost as any other.
final class RelayDatagrams: RelayPath {
  private let socket: UDPSocket

  init?(_ address: RelayAddress, within bound: Moment.Span) {
    guard case .found(let host) = HostLookup(address.host, within: bound),
      let socket = UDPSocket(address: host, port: address.port)
    else { return nil }
    self.socket = socket
  }

  var isIPv6: Bool { precall_net_is_ipv6(socket.descriptor) }

  func send(_ frame: [UInt8]) -> Bool {
    _ = socket.send(frame)
    return true
  }

  func receive(_ take: ([UInt8], Moment) -> Void) -> Bool {
    socket.receive { packet, moment in take(packet.indices.map { packet[$0] }, moment) }
    return true
  }

  func wait(until moment: Moment) { precall_net_wait(socket.descriptor, moment.nanoseconds) }
}

/// TCP or TLS, which libcurl opens and checks as for any secure page, and then leaves to us.
@safe final class RelayStream: RelayPath {
  private let easy: UnsafeMutableRawPointer
  private let multi = CurlMulti()
  private var frames = TURNFrames()
  private var buffer = [UInt8](repeating: 0, count: 4_096)
  private var socket: curl_socket_t = -1

  /// Blocks until the connection stands; nothing where it does not by `deadline`, or where it was stopped.
  init?(_ address: RelayAddress, caFile: String?, until deadline: Moment, _ stop: StopSignal) {
    guard let made = unsafe precall_curl_easy_init() else { return nil }
    unsafe easy = made
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    let scheme = address.transport == .tls ? "https" : "http"
    unsafe precall_curl_set_string(easy, CURLOPT_URL, "\(scheme)://\(host):\(address.port)")
    unsafe precall_curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
    unsafe precall_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    unsafe precall_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    // It speaks TURN, not HTTP.
    unsafe precall_curl_set_long(easy, CURLOPT_SSL_ENABLE_ALPN, 0)
    if let caFile { unsafe precall_curl_set_string(easy, CURLOPT_CAINFO, caFile) }
    guard unsafe multi.connect(easy, until: deadline, stop) else { return nil }
    unsafe precall_curl_get_socket(easy, &socket)
  }

  deinit {
    unsafe multi.release(easy)
    unsafe precall_curl_easy_cleanup(easy)
  }

  var isIPv6: Bool { precall_net_is_ipv6(socket) }

  func send(_ frame: [UInt8]) -> Bool {
    var sent = 0
    // A frame is small; a socket that does not take it at once is stuck.
    return unsafe precall_curl_easy_send(easy, frame, frame.count, &sent) == CURLE_OK && sent == frame.count
  }

  func receive(_ take: ([UInt8], Moment) -> Void) -> Bool {
    while true {
      var count = 0
      let result = unsafe precall_curl_easy_recv(easy, &buffer, buffer.count, &count)
      guard result == CURLE_OK, count > 0 else { return result == CURLE_AGAIN && !frames.isBroken }
      let now = Moment.now
      frames.append(Array(buffer[..<count]))
      while let frame = frames.next() { take(frame, now) }
    }
  }

  func wait(until moment: Moment) { precall_net_wait(socket, moment.nanoseconds) }
}
