import CLinuxNet
import PrecallCore

/// The session sender of STAMP (RFC 8762): paces packets out, matches replies, keeps both.
final class PacketSender {
  private let socket: UDPSocket
  private let grant: TicketGrant
  private let origin: Moment
  private(set) var run = PacketRun()
  /// What was sent as T1 in each packet: a reply without it is a stranger's.
  private var stamps: [UInt64] = []
  private var reflectorOrigin: Int64?
  private var nextAt: Moment?
  /// Answered packets, repeated replies left out.
  private(set) var answered = 0
  private var seen: [Bool] = []

  /// As long as a packet of speech: 50 a second of 20 ms Opus frames with RTP.
  private static let length = 100

  init(over socket: UDPSocket, with grant: TicketGrant, from origin: Moment) {
    self.socket = socket
    self.grant = grant
    self.origin = origin
  }

  var descriptor: Int32 { socket.descriptor }
  var sent: Int { run.sentAt.count }

  /// Packets from now on belong to `load`, and leave at once and then at its pace.
  func begin(_ load: Load) {
    run.phases.append(PacketRun.Phase(load, sent..<sent))
    nextAt = nil
  }

  /// Sends what is due, and says when the next packet is.
  func sendDue(every spacing: Moment.Span) -> Moment {
    let now = Moment.now
    var due = nextAt ?? now
    guard due <= now else { return due }
    sendOne()
    due = due + spacing
    // A thread that was held up does not send a burst afterwards.
    if due < now { due = now + spacing }
    nextAt = due
    return due
  }

  private func sendOne() {
    let stamp = NTPTimestamp(nanosecondsSince1970: precall_net_wall())
    let packet = STAMPSenderPacket(
      sequence: UInt32(sent), timestamp: stamp,
      errorEstimate: ErrorEstimate(synchronised: false, nanoseconds: 1_000_000),
      sessionID: grant.sessionID, ticket: grant.ticket
    ).encode(paddedTo: Self.length)
    let now = Moment.now
    guard socket.send(packet) else { return }
    run.sentAt.append(time(now))
    stamps.append(stamp.bits)
    seen.append(false)
    if let last = run.phases.indices.last {
      run.phases[last].sequences = run.phases[last].sequences.lowerBound..<sent
    }
  }

  /// Waits for a reply, at most until `moment`.
  func wait(until moment: Moment) { precall_net_wait(socket.descriptor, moment.nanoseconds) }

  /// Takes in what has come back.
  func receive() {
    socket.receive { packet, moment in
      guard let reply = STAMPReflectorPacket(packet) else { return }
      take(reply, at: moment)
    }
  }

  private func take(_ reply: STAMPReflectorPacket, at moment: Moment) {
    let sequence = Int(reply.senderSequence)
    guard reply.sessionID == grant.sessionID, sequence < sent, stamps[sequence] == reply.senderTimestamp.bits,
      run.replies.count < 2 * sent + 64, reply.sequence < 1_000_000
    else { return }
    if !seen[sequence] {
      seen[sequence] = true
      answered += 1
    }
    run.replies.append(
      PacketReply(
        sequence: sequence, reflectorReceivedAt: reflectorTime(reply.receiveTimestamp),
        reflectorSentAt: reflectorTime(reply.transmitTimestamp), reflectorSequence: Int(reply.sequence),
        receivedAt: time(moment)))
  }

  private func time(_ moment: Moment) -> Microseconds {
    Microseconds(base: (moment - origin).nanoseconds / 1_000)
  }

  /// From the first stamp seen: the reflector's wall clock is no part of a measurement.
  private func reflectorTime(_ stamp: NTPTimestamp) -> Microseconds {
    let origin = reflectorOrigin ?? stamp.nanosecondsSince1970
    reflectorOrigin = origin
    return Microseconds(base: (stamp.nanosecondsSince1970 - origin) / 1_000)
  }
}
