import PrecallCore
import Synchronization

/// The sessions of senders without a ticket: told apart by address, port and session identifier (RFC 8972
/// section 3), bounded in number, and each forgotten after a while of silence.
package final class SenderSessions: Sendable {
  /// Seconds of silence that end a session.
  private static let silence: Int64 = 60

  private struct Key: Hashable {
    var address: SenderAddress
    var sessionID: UInt16
  }

  private struct Session {
    var received: UInt32 = 0
    let lead: Int64
    /// Seconds of the steady clock.
    var last: Int64
  }

  private struct Table {
    var sessions: [Key: Session] = [:]
    var nextSweep: Int64 = 0
  }

  private let capacity: Int
  private let table = Mutex(Table())
  private let limit: AddressLimit

  /// - Parameters:
  ///   - burst: packets that one address may send at once, where it has no key.
  ///   - perSecond: and so many a second after that.
  package init(capacity: Int = 10_000, burst: Double = 200, perSecond: Double = 100) {
    self.capacity = capacity
    limit = AddressLimit(burst: burst, perSecond: perSecond)
  }

  package var count: Int { table.withLock { $0.sessions.count } }

  /// Whether a stranger may have one more answer.
  func admits(_ sender: SenderAddress, now: ServerTime) -> Bool {
    limit.take(sender.text, now: now.steadySeconds)
  }

  /// Counts a packet. Where no more sessions fit, its number is the sender's own, as a stateless reflector's
  /// (RFC 8762 section 4.3): then losses have no direction, and still everybody is answered.
  func place(_ sender: SenderAddress, _ request: STAMPSenderPacket, now: ServerTime) -> PlaceInSession {
    let key = Key(address: sender, sessionID: request.sessionID)
    let capacity = capacity
    let (second, lead) = (now.steadySeconds, now.lead)
    return table.withLock { table in
      if let session = table.sessions[key], second - session.last <= Self.silence {
        table.sessions[key] = Session(received: session.received &+ 1, lead: session.lead, last: second)
        return PlaceInSession(number: session.received, lead: session.lead)
      }
      if table.sessions.count >= capacity, second >= table.nextSweep {
        table.nextSweep = second + 1
        table.sessions = table.sessions.filter { second - $0.value.last <= Self.silence }
      }
      guard table.sessions.count < capacity || table.sessions[key] != nil else {
        return PlaceInSession(number: request.sequence, lead: lead)
      }
      table.sessions[key] = Session(received: 1, lead: lead, last: second)
      return PlaceInSession(number: 0, lead: lead)
    }
  }
}
