import Crypto
package import PrecallCore

/// Makes tickets and checks them, with a key that never leaves the server.
package struct TicketOffice: Sendable {
  enum Refusal { case forged, expired }

  static let minimumKeyLength = 32
  private let key: SymmetricKey
  private let lifetime: Int

  /// A random key where none is given.
  package init(key: [UInt8]?, lifetime seconds: Int) {
    self.key = key.map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256)
    lifetime = seconds
  }

  package func makeTicket(now seconds: Int64) -> Ticket {
    var ticket = Ticket(
      sessionID: UInt16.random(in: 1...UInt16.max), expiry: UInt32(clamping: seconds + Int64(lifetime)),
      nonce: UInt64.random(in: 0...UInt64.max))
    ticket.seal = seal(of: ticket)
    return ticket
  }

  /// Why a ticket is not accepted; nothing where it is.
  func refusal(of ticket: Ticket, now seconds: Int64) -> Refusal? {
    guard ticket.seal.matches(seal(of: ticket)) else { return .forged }
    return seconds < Int64(ticket.expiry) ? nil : .expired
  }

  private func seal(of ticket: Ticket) -> Ticket.Seal {
    var code = HMAC<SHA256>(key: key)
    code.update(data: ticket.encode().prefix(Ticket.sealedLength))
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, octet) in code.finalize().enumerated() where index < 16 {
      if index < 8 {
        halves.0 = halves.0 << 8 | UInt64(octet)
      } else {
        halves.1 = halves.1 << 8 | UInt64(octet)
      }
    }
    return Ticket.Seal(first: halves.0, second: halves.1)
  }
}
