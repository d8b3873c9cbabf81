package import PrecallCore
import PrecallWire

/// Makes tickets and checks them, with a key that never leaves the server.
package struct TicketOffice: Sendable {
  enum Refusal { case forged, expired }

  static let minimumKeyLength = 32
  private let key: [UInt8]
  private let lifetime: Int

  /// A random key where none is given.
  package init(key: [UInt8]?, lifetime seconds: Int) {
    var random = SystemRandomNumberGenerator()
    self.key = key ?? (0..<Self.minimumKeyLength).map { _ in UInt8.random(in: 0...255, using: &random) }
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
    let code = Digest.sha256.code(of: Array(ticket.encode().prefix(Ticket.sealedLength)), key: key)
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, octet) in code.enumerated() where index < 16 {
      if index < 8 {
        halves.0 = halves.0 << 8 | UInt64(octet)
      } else {
        halves.1 = halves.1 << 8 | UInt64(octet)
      }
    }
    return Ticket.Seal(first: halves.0, second: halves.1)
  }
}
