import CLinuxNet
package import PrecallCore

/// Packets to the server that live for a given number of hops only, and the router that says so (RFC 792
/// type 11): needs no privilege.
@safe final class HopProbe {
  private let socket: UDPSocket
  private var sentAt: [Moment] = []
  private var isAnswered: [Bool] = []
  private var buffer = [UInt8](repeating: 0, count: 64)
  private(set) var record = LegRecord()
  /// Who answered; stays in this process.
  private(set) var address = ""

  init?(to address: String, port: UInt16, hops: Int) {
    guard let socket = UDPSocket(address: address, port: port) else { return nil }
    self.socket = socket
    guard precall_net_limit_hops(socket.descriptor, Int32(hops)) == 0 else { return nil }
  }

  func send(under load: Load) {
    let packet = HopQuote.packet(sentAt.count)
    let now = Moment.now
    guard socket.send(packet) else { return }
    sentAt.append(now)
    isAnswered.append(false)
    record.send(under: load)
  }

  func receive() {
    var sender = [CChar](repeating: 0, count: 64)
    while true {
      var moment = Moment(nanoseconds: 0)
      let count = unsafe precall_net_expired(
        socket.descriptor, &sender, sender.count, &buffer, buffer.count, &moment.nanoseconds)
      guard count > 0 else { return }
      address = String(decoding: sender.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let number = HopQuote.number(in: buffer.prefix(count), newest: sentAt.count - 1)
      guard sentAt.indices.contains(number), !isAnswered[number] else { continue }
      isAnswered[number] = true
      record.answer(number, after: moment - sentAt[number])
    }
  }
}

/// What a packet of limited life carries, and what a router's message quotes of it.
package enum HopQuote {
  /// No STAMP packet: should it reach the server, it is passed over.
  package static func packet(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  /// Many routers quote no more than the headers; then it is the newest.
  package static func number(in quote: ArraySlice<UInt8>, newest: Int) -> Int {
    quote.count >= 4 ? quote.prefix(4).reduce(0) { $0 << 8 | Int($1) } : newest
  }
}

package enum HopPlace {
  /// Where the hops lie, in order: those with an address of a private network (RFC 1918, RFC 4193,
  /// link-local) in the local one, the first other on the access line, all after it in the far network. None
  /// of a tunnel's is local: the first is its far end.
  package static func places(of addresses: [String], inTunnel: Bool = false) -> [Place] {
    var isOutside = false
    return addresses.map { address in
      if isOutside { return .farNetwork }
      if isPrivate(address), !inTunnel { return .localNetwork }
      isOutside = true
      return .accessLine
    }
  }

  static func isPrivate(_ address: String) -> Bool {
    if address.contains(":") {
      let start = address.lowercased()
      return start.hasPrefix("fe80:") || start.hasPrefix("fc") || start.hasPrefix("fd")
    }
    let parts = address.split(separator: ".").compactMap { UInt8($0) }
    guard parts.count == 4 else { return false }
    return parts[0] == 10 || parts[0] == 172 && (16..<32).contains(parts[1])
      || parts[0] == 192 && parts[1] == 168 || parts[0] == 169 && parts[1] == 254
  }
}
