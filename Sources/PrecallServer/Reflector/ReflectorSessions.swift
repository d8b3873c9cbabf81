package import PrecallCore
import Synchronization

/// What the reply to a packet has of its session.
struct PlaceInSession {
  /// The reflector's own count.
  var number: UInt32
  /// Nanoseconds by which the clock of its stamps is ahead of the steady one: what the session's first packet
  /// found, so that differences between stamps are those of one clock, whoever sets the other.
  var lead: Int64
}

/// The sessions that the reflector has checked, with their counters: bounded in number, and each forgotten
/// a while after its ticket expired. Checking a ticket here costs a look-up instead of an HMAC.
package final class ReflectorSessions: Sendable {
  /// Seconds after expiry in which the count of a session can still be asked for.
  package static let keptAfterExpiry: Int64 = 30

  private struct Session {
    var ticket: Ticket
    /// Nanoseconds of the steady clock: setting the other one in the middle ends no session.
    let end: Int64
    let lead: Int64
    var received: UInt32 = 0

    /// The ticket must have been checked.
    init(_ ticket: Ticket, now: ServerTime) {
      self.ticket = ticket
      end = now.steady + Int64(ticket.expiry) * 1_000_000_000 - now.wall
      lead = now.lead
    }

    /// Counts a packet.
    mutating func next() -> PlaceInSession {
      defer { received &+= 1 }
      return PlaceInSession(number: received, lead: lead)
    }
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

  /// Counts a packet that carries `ticket`.
  ///
  /// Where no more sessions fit, its number is the sender's own, as a stateless reflector's (RFC 8762 section
  /// 4.3): who asks for many tickets then keeps nobody out, and only the direction of losses is lost.
  func admit(_ ticket: Ticket, sequence: UInt32, now: ServerTime) throws(Refusal) -> PlaceInSession {
    let office = office
    let capacity = capacity
    return try table.withLock { table throws(Refusal) in
      if let place = try Self.count(ticket, in: &table, now: now) { return place }
      try Self.check(ticket, at: office, now: now)
      Self.sweep(&table, now: now, evenIfEarly: table.sessions.count >= capacity)
      guard table.sessions.count < capacity else { return PlaceInSession(number: sequence, lead: now.lead) }
      var session = Session(ticket, now: now)
      defer { table.sessions[ticket.nonce] = session }
      return session.next()
    }
  }

  /// How many packets of the ticket's session have arrived, and whether it takes no more.
  package func received(
    with ticket: Ticket, now: ServerTime
  ) throws(Refusal) -> (count: UInt32, hasEnded: Bool) {
    let office = office
    let capacity = capacity
    return try table.withLock { table throws(Refusal) in
      if let session = table.sessions[ticket.nonce], Self.same(session.ticket, ticket) {
        return (session.received, now.steady >= session.end)
      }
      try Self.check(ticket, at: office, now: now)
      // It may have been one of those that were answered without being counted.
      guard table.sessions.count < capacity else { throw .full }
      return (0, false)
    }
  }

  private static func count(
    _ ticket: Ticket, in table: inout Table, now: ServerTime
  ) throws(Refusal) -> PlaceInSession? {
    guard let index = table.sessions.index(forKey: ticket.nonce),
      same(table.sessions.values[index].ticket, ticket)
    else { return nil }
    guard now.steady < table.sessions.values[index].end else { throw .expired }
    return table.sessions.values[index].next()
  }

  private static func same(_ one: Ticket, _ other: Ticket) -> Bool {
    one.seal.matches(other.seal) && one.sessionID == other.sessionID && one.expiry == other.expiry
  }

  private static func check(_ ticket: Ticket, at office: TicketOffice, now: ServerTime) throws(Refusal) {
    switch office.refusal(of: ticket, now: now.wallSeconds) {
    case .forged: throw .forged
    case .expired: throw .expired
    case nil: break
    }
  }

  /// Forgets old sessions: every ten seconds, or every second where the table is full, since a look through
  /// all of it for every packet would be an attack's lever.
  private static func sweep(_ table: inout Table, now: ServerTime, evenIfEarly: Bool) {
    let second = now.steadySeconds
    guard second >= table.nextSweep || evenIfEarly && second > table.nextSweep - 10 else { return }
    table.nextSweep = second + 10
    table.sessions = table.sessions.filter { now.steady < $0.value.end + keptAfterExpiry * 1_000_000_000 }
  }
}
