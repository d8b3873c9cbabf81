import CLinuxNet
import PrecallCore

/// The session sender of STAMP (RFC 8762): paces packets out, matches replies, keeps both.
final class PacketSender {
  private let socket: UDPSocket
  private let session: SenderSession
  private let origin: Moment
  private(set) var run = PacketRun()
  /// What was sent as T1 in each packet: a reply without it is a stranger's.
  private var stamps: [UInt64] = []
  private var reflectorOrigin: Int64?
  /// When the last reply came.
  private(set) var heardAt: Moment?
  /// Replies to packets that had been answered before; so many are kept.
  private var repeats = 0
  private static let mostRepeats = 4_096
  private var nextAt: Moment?
  /// The call that is being played, from `callStart` on, with its next packet.
  private var call: [CallShape.Departure] = []
  private var callStart = Moment(nanoseconds: 0)
  private var callIndex = 0
  /// A call that was held up for longer goes on later, rather than send a burst of what was due.
  private static let longestLag = Moment.Span.milliseconds(60)
  /// Answered packets, repeated replies left out.
  private(set) var answered = 0
  /// The newest packet that was answered, and when its reply came.
  private var newest: (sequence: Int, heardAt: Moment)?
  private var seen: [Bool] = []

  /// As long as a packet of speech: 50 a second of 20 ms Opus frames with RTP.
  static let length = 100

  init(over socket: UDPSocket, as session: SenderSession, from origin: Moment) {
    self.socket = socket
    self.session = session
    self.origin = origin
  }

  var descriptor: Int32 { socket.descriptor }
  var sent: Int { run.sentAt.count }

  /// Packets from now on belong to `load`, and leave at once and then at its pace.
  func begin(_ load: Load) {
    run.phases.append(PacketRun.Phase(load, sent..<sent))
    nextAt = nil
  }

  /// The packets of the newest phase so far are no part of it.
  func beginAnew() {
    if let last = run.phases.indices.last { run.phases[last].sequences = sent..<sent }
  }

  /// Plays a call, its packets belonging to `load`.
  func begin(_ load: Load, _ shape: CallShape, rate: BitRate) {
    begin(load)
    run.phases[run.phases.count - 1].rate = rate
    call = shape.departures
    callStart = Moment.now
    callIndex = 0
  }

  /// Plays `shape` when the call has gone on for `span` nanoseconds, as more of it.
  func goOn(_ shape: CallShape, after span: Int64) {
    call += shape.departures.map { CallShape.Departure(after: span + $0.after, octets: $0.octets) }
  }

  func endCall() { call = [] }
  var isCalling: Bool { callIndex < call.count }
  func hasPlayed(for span: Microseconds) -> Bool { (Moment.now - callStart).nanoseconds / 1_000 > span.base }

  /// Sends what is due, of a call or else one packet each `spacing`, and says when the next packet is.
  func sendDue(every spacing: Moment.Span?) -> Moment? {
    if isCalling { return sendDueOfCall() }
    return spacing.map { sendDue(every: $0) }
  }

  private func sendDueOfCall() -> Moment? {
    let now = Moment.now
    let lag = now - (callStart + Moment.Span(nanoseconds: call[callIndex].after))
    if lag > Self.longestLag { callStart = callStart + lag }
    while isCalling {
      let due = callStart + Moment.Span(nanoseconds: call[callIndex].after)
      guard due <= now else { return due }
      sendOne(call[callIndex].octets)
      callIndex += 1
    }
    return nil
  }

  private func sendDue(every spacing: Moment.Span) -> Moment {
    let now = Moment.now
    var due = nextAt ?? now
    guard due <= now else { return due }
    sendOne(Self.length)
    due = due + spacing
    // A thread that was held up does not send a burst afterwards.
    if due < now { due = now + spacing }
    nextAt = due
    return due
  }

  /// One packet as of the idle line at once, whatever call is played meanwhile.
  func sendNow() { sendOne(Self.length) }

  /// What the line carries now; nothing before the first packets of a phase are due.
  var load: Load? { run.phases.last?.load }

  /// Octets of data in an IP packet of 1,500, or as large as the interface sends, where that is less: what a path with
  /// a black hole does not let through, be it a line of PPPoE, which takes 1,492 (RFC 2516).
  var largeLength = 1_400
  private var largeSequences: [Int] = []

  /// Sends so many large packets at once, part of no phase: only whether they come back is of interest.
  func sendLarge(_ count: Int) {
    for _ in 0..<count {
      let sequence = sent
      sendOne(largeLength, isOfPhase: false)
      if sent > sequence { largeSequences.append(sequence) }
    }
  }

  /// How many large packets left, and how many came back.
  var large: (sent: Int, answered: Int) { (largeSequences.count, largeSequences.count { seen[$0] }) }

  private func sendOne(_ octets: Int, isOfPhase: Bool = true) {
    let stamp = NTPTimestamp(nanosecondsSince1970: precall_net_wall())
    let packet = session.octets(sent, at: stamp, paddedTo: octets)
    let now = Moment.now
    guard socket.send(packet) else { return }
    run.sentAt.append(time(now))
    stamps.append(stamp.bits)
    seen.append(false)
    if isOfPhase, let last = run.phases.indices.last {
      run.phases[last].sequences = run.phases[last].sequences.lowerBound..<sent
    }
  }

  /// Whether the reply to this packet or to a later one has come. A line keeps the order of packets, but for
  /// a little: what has not come back then hardly will.
  func hasHeard(beyond sequence: Int) -> Bool { newest.map { $0.sequence >= sequence } ?? false }

  /// How much a packet may be overtaken by.
  static let overtaking = Moment.Span.milliseconds(20)

  /// Whether nothing is on its way any more.
  func isDrained(at now: Moment) -> Bool {
    guard answered < sent, let newest else { return answered == sent }
    return newest.sequence == sent - 1 && now - newest.heardAt > Self.overtaking
  }

  /// Those of `sequences` that left longer than `span` ago.
  func sequencesDue(in sequences: Range<Int>, at now: Moment, after span: Moment.Span) -> Range<Int> {
    let limit = time(now) - Microseconds(base: span.nanoseconds / 1_000)
    let end = sequences.last { run.sentAt[$0] <= limit }
    return sequences.lowerBound..<(end ?? sequences.lowerBound - 1) + 1
  }

  /// Leaves what may still come back out of all phases: of a check that is stopped it is not known.
  ///
  /// - Parameter roundTrip: of the idle line.
  func leaveOutUnderWay(at now: Moment, _ roundTrip: Moment.Span) {
    run.phases = run.phases.compactMap { phase in
      let known = sequencesDue(in: phase.sequences, at: now, after: roundTrip + Self.lateness)
      return known.isEmpty ? nil : PacketRun.Phase(phase.load, known, rate: phase.rate)
    }
  }

  /// Waits for a reply, at most until `moment`.
  func wait(until moment: Moment) { precall_net_wait(socket.descriptor, moment.nanoseconds) }

  /// Takes in what has come back.
  func receive() {
    socket.receive { packet, moment in
      if let reply = session.reply(packet) { take(reply, at: moment) }
    }
  }

  private func take(_ reply: STAMPReflectorPacket, at moment: Moment) {
    let sequence = Int(reply.senderSequence)
    guard sequence < sent, stamps[sequence] == reply.senderTimestamp.bits else { return }
    if seen[sequence] {
      // Copies are counted up to a bound, and never keep a first reply out.
      guard repeats < min(Self.mostRepeats, sent) else { return }
      repeats += 1
    } else {
      seen[sequence] = true
      answered += 1
      if sequence > newest?.sequence ?? -1 { newest = (sequence, moment) }
    }
    heardAt = moment
    // A wall clock that was set while the packet waited makes the kernel's stamp too early.
    let receivedAt = time(moment)
    let isPossible = receivedAt >= run.sentAt[sequence]
    run.replies.append(
      PacketReply(
        sequence: sequence, reflectorReceivedAt: reflectorTime(reply.receiveTimestamp),
        reflectorSentAt: reflectorTime(reply.transmitTimestamp),
        reflectorSequence: min(Int(reply.sequence), Self.mostPackets),
        receivedAt: isPossible ? receivedAt : time(Moment.now)))
  }

  private func time(_ moment: Moment) -> Microseconds {
    Microseconds(base: (moment - origin).nanoseconds / 1_000)
  }

  /// What a recorded measurement may count to.
  private static let mostPackets = 1_000_000
  /// Ten days: far more than a check lasts, and little enough that sums of many can't overflow.
  private static let longestTime: Int64 = 864_000_000_000

  /// From the first stamp seen: the reflector's wall clock is no part of a measurement.
  private func reflectorTime(_ stamp: NTPTimestamp) -> Microseconds {
    let origin = reflectorOrigin ?? stamp.nanosecondsSince1970
    reflectorOrigin = origin
    let time = (stamp.nanosecondsSince1970 - origin) / 1_000
    return Microseconds(base: min(max(time, -Self.longestTime), Self.longestTime))
  }
}
