import Dispatch
import Foundation
import Glibc
import PrecallTestSupport

/// Passes TCP connections on to a server and changes some words in the short answers that come back: another
/// UDP port in the tickets, so that test packets take the way through a `LossyRelay`.
final class TicketRelay: Sendable {
  var port: UInt16 { listener.port }
  private let listener = LoopbackListener()
  private let serverPort: UInt16
  private let wrong: [UInt8]
  private let right: [UInt8]

  convenience init(to serverPort: UInt16, replacing udpPort: UInt16, with relayPort: UInt16) {
    self.init(
      to: serverPort, replacing: "\"udp_port\":\(udpPort)", with: "\"udp_port\":\(relayPort)")
  }

  init(to serverPort: UInt16, replacing words: String, with others: String) {
    self.serverPort = serverPort
    wrong = Array(words.utf8)
    right = Array(others.utf8)
    precondition(wrong.count == right.count, "the answer's length stands in its header")
    listener.accept { [self] client in pass(client) }
  }

  func stop() { listener.stop() }

  private func pass(_ client: Int32) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    LossyRelay.connect(server, to: serverPort)
    let done = DispatchGroup()
    for (from, to) in [(client, server), (server, client)] {
      DispatchQueue(label: "ticket-relay.copy").async(group: done) { [self] in copy(from, to) }
    }
    done.notify(queue: .global()) {
      close(client)
      close(server)
    }
  }

  private func copy(_ from: Int32, _ to: Int32) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(from, &bytes, bytes.count, 0)
      guard count > 0 else { break }
      var part = Array(bytes[..<count])
      if count < 2_048, let found = part.firstRange(of: wrong) { part.replaceSubrange(found, with: right) }
      var rest = part[...]
      while !rest.isEmpty {
        let sent = rest.withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent > 0 else { break }
        rest = rest.dropFirst(sent)
      }
      guard rest.isEmpty else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }
}
