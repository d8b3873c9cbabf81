package import PrecallCore
import Synchronization

/// The sessions that the reflector has checked, with their counters: bounded in number, and each forgotten
/// a while after its ticket expired. Checking a ticket here costs a look-up instead of an HMAC.
package final class ReflectorSessions: Sendable {
  /// Seconds after expiry in which the count of a session can still be asked for.
  package static let keptAfterExpiry: Int64 = 30

  private struct Session {
    var ticket: Ticket
    var received: UInt32 = 0
  }

  private struct Table {
    var sessions: [UInt64: Session] = [:]
    var nextSweep: Int64 = 0
  }

  package enum Refusal: Error { case forged, expired, full }

  private let office: TicketOffice
  private let capacity: Int
  private let table = Mutex(Table())

  package init(office: TicketOffice, capacity: Int) {
    self.office = office
    self.capacity = capacity
  }

  package var count: Int { table.withLock { $0.sessions.count } }

  /// Counts a packet that carries `ticket`, and gives the reflector's sequence number for its reply.
  ///
  /// Where no more sessions fit, it is the sender's own, as a stateless reflector's (RFC 8762 section 4.3): who
  /// asks for many tickets then keeps nobody out, and only the direction of losses is lost.
  package func admit(_ ticket: Ticket, sequence: UInt32, now: Int64) throws(Refusal) -> UInt32 {
    let office = office
    let capacity = capacity
    return try table.withLock { table throws(Refusal) in
      if let number = try Self.count(ticket, in: &table, now: now) { return number }
      try Self.check(ticket, at: office, now: now)
      Self.sweep(&table, now: now, evenIfEarly: table.sessions.count >= capacity)
      guard table.sessions.count < capacity else { return sequence }
      table.sessions[ticket.nonce] = Session(ticket: ticket, received: 1)
      return 0
    }
  }

  /// How many packets of the ticket's session have arrived.
  package func received(with ticket: Ticket, now: Int64) throws(Refusal) -> UInt32 {
    let office = office
    let capacity = capacity
    return try table.withLock { table throws(Refusal) in
      if let session = table.sessions[ticket.nonce], Self.same(session.ticket, ticket) {
        return session.received
      }
      try Self.check(ticket, at: office, now: now)
      // It may have been one of those that were answered without being counted.
      guard table.sessions.count < capacity else { throw .full }
      return 0
    }
  }

  private static func count(_ ticket: Ticket, in table: inout Table, now: Int64) throws(Refusal) -> UInt32? {
    guard let index = table.sessions.index(forKey: ticket.nonce),
      same(table.sessions.values[index].ticket, ticket)
    else { return nil }
    guard now < Int64(ticket.expiry) else { throw .expired }
    defer { table.sessions.values[index].received &+= 1 }
    return table.sessions.values[index].received
  }

  private static func same(_ one: Ticket, _ other: Ticket) -> Bool {
    one.seal.matches(other.seal) && one.sessionID == other.sessionID && one.expiry == other.expiry
  }

  private static func check(_ ticket: Ticket, at office: TicketOffice, now: Int64) throws(Refusal) {
    switch office.refusal(of: ticket, now: now) {
    case .forged: throw .forged
    case .expired: throw .expired
    case nil: break
    }
  }

  /// Forgets old sessions: every ten seconds, or every second where the table is full, since a look through
  /// all of it for every packet would be an attack's lever.
  private static func sweep(_ table: inout Table, now: Int64, evenIfEarly: Bool) {
    guard now >= table.nextSweep || evenIfEarly && now > table.nextSweep - 10 else { return }
    table.nextSweep = now + 10
    table.sessions = table.sessions.filter { now < Int64($0.value.ticket.expiry) + keptAfterExpiry }
  }
}
