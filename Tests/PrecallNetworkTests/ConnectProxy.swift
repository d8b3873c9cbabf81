import Dispatch
import Glibc
import PrecallTestSupport
import Synchronization

/// A proxy that makes tunnels for CONNECT (RFC 9110 section 9.3.6), or refuses to.
final class ConnectProxy: Sendable {
  var port: UInt16 { listener.port }
  private let listener = LoopbackListener()
  private let refuses: Bool
  private let tunnels = Mutex(0)
  private let bytes = Mutex(0)

  init(refuses: Bool = false) {
    self.refuses = refuses
    listener.accept { [self] client in
      DispatchQueue(label: "connect-proxy.tunnel").async { [self] in serve(client) }
    }
  }

  func stop() { listener.stop() }

  var tunnelCount: Int { tunnels.withLock { $0 } }
  /// Passed on, both ways together.
  var byteCount: Int { bytes.withLock { $0 } }

  private func serve(_ client: Int32) {
    guard let target = Self.target(of: Self.head(client)), !refuses else {
      return answer("403 Forbidden", client, andClose: true)
    }
    tunnels.withLock { $0 += 1 }
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    LossyRelay.connect(server, to: target)
    answer("200 Connection established", client, andClose: false)
    let done = DispatchGroup()
    for (from, to) in [(client, server), (server, client)] {
      DispatchQueue(label: "connect-proxy.copy").async(group: done) { [self] in copy(from, to) }
    }
    done.wait()
    close(client)
    close(server)
  }

  /// Up to the empty line; a request of ours is short.
  private static func head(_ client: Int32) -> String {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while head.count < 8_192, !head.ends(with: "\r\n\r\n".utf8), recv(client, &byte, 1, 0) == 1 {
      head.append(byte)
    }
    return String(decoding: head, as: UTF8.self)
  }

  /// The port of `CONNECT 127.0.0.1:8443 HTTP/1.1`.
  private static func target(of head: String) -> UInt16? {
    let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
    guard words.first == "CONNECT", words.count > 1 else { return nil }
    return words[1].split(separator: ":").last.flatMap { UInt16($0) }
  }

  private func answer(_ status: String, _ client: Int32, andClose isLast: Bool) {
    let text = Array("HTTP/1.1 \(status)\r\n\(isLast ? "Content-Length: 0\r\n" : "")\r\n".utf8)
    _ = send(client, text, text.count, Int32(MSG_NOSIGNAL))
    if isLast { close(client) }
  }

  private func copy(_ from: Int32, _ to: Int32) {
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(from, &room, room.count, 0)
      guard count > 0 else { break }
      bytes.withLock { $0 += count }
      var sent = 0
      while sent < count {
        let step = room[sent..<count].withUnsafeBytes {
          send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard step > 0 else { break }
        sent += step
      }
    }
    shutdown(to, Int32(SHUT_WR))
  }
}

extension Array<UInt8> {
  fileprivate func ends(with other: String.UTF8View) -> Bool { suffix(other.count).elementsEqual(other) }
}
