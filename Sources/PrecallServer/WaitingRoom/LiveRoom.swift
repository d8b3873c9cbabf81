import NIOCore
import PrecallCore

/// A room with the pages that are open in it.
struct LiveRoom: Sendable {
  /// How long a page may be gone before the other side is told so: a reload or a change of network.
  static let grace: Int64 = 10
  /// More than anybody may do while an action is tried again.
  private static let keyLimit = 256

  /// What one person may do how often, and what they have done already.
  private struct Doings {
    var bucket: TokenBucket
    var done: [(key: String, content: Int)] = []
  }

  private(set) var room: Room
  private var streams: [Participant: RoomStream] = [:]
  private var absences: [Participant: Int64] = [:]
  private var doings: [Participant: Doings] = [:]

  init(_ session: VisitSession) { room = Room(session) }

  /// Changes the room, and sends what came of it to the pages it is for.
  mutating func change<Result>(
    _ body: (inout Room) throws(RoomRefusal) -> Result
  ) throws(RoomRefusal) -> Result {
    let before = room.log.last
    let result = try body(&room)
    for event in room.log.events(after: before) ?? [] {
      let frame = ByteBuffer(bytes: event.frame)
      for (participant, stream) in streams where room.concerns(participant, event.audience) {
        send(frame, to: participant, stream)
      }
    }
    return result
  }

  private mutating func send(_ frame: ByteBuffer, to participant: Participant, _ stream: RoomStream) {
    // A page that does not read is cut off: it comes back and gets what it missed.
    guard !stream.send(frame) else { return }
    stream.cut()
    leave(participant, stream.token, now: nil)
  }

  // MARK: Pages

  /// A page of `participant` opens; one that was open before is closed, and told so where it is another.
  mutating func join(_ participant: Participant, _ stream: RoomStream, after number: Int64?) {
    if let old = streams[participant] {
      if old.page != stream.page { _ = old.send(ByteBuffer(string: "event: elsewhere\ndata: {}\n\n")) }
      old.end()
    }
    streams[participant] = stream
    absences[participant] = nil
    _ = stream.send(ByteBuffer(string: "retry: 1000\n\n"))
    if let number, let missed = room.log.events(after: number) {
      for event in missed where room.concerns(participant, event.audience) {
        _ = stream.send(ByteBuffer(bytes: event.frame))
      }
    } else {
      let state = RoomEvent.frame("state", room.json(for: participant), number: room.log.last)
      _ = stream.send(ByteBuffer(bytes: state))
    }
    try? change { $0.setPresence(of: participant, true) }
  }

  /// A page is gone; nothing where a newer one has taken its place. Without a time it is told at once.
  mutating func leave(_ participant: Participant, _ token: UInt64, now: Int64?) {
    guard streams[participant]?.token == token else { return }
    streams[participant] = nil
    absences[participant] = now ?? 0
  }

  /// Tells of those who have been gone for longer than a reload takes.
  mutating func noticeAbsences(now: Int64) {
    for (participant, since) in absences where now - since >= Self.grace {
      absences[participant] = nil
      try? change { $0.setPresence(of: participant, false) }
    }
  }

  func beat() {
    for stream in streams.values { _ = stream.send(ByteBuffer(string: ": \n\n")) }
  }

  /// Closes every page, saying why where the session is over.
  mutating func end(_ reason: LinkEnd?) {
    for stream in streams.values {
      if let reason { _ = stream.send(ByteBuffer(string: "event: ended\ndata: \"\(reason.name)\"\n\n")) }
      stream.end()
    }
    streams = [:]
  }

  // MARK: Doing things once, and not too often

  enum Turn { case new, repeated, tooOften, otherAction }

  /// Whether `participant` may do `action` now: what has a known key is no second action, and none but the first.
  mutating func takeTurn(_ participant: Participant, _ action: RoomAction, key: String, now: Int64) -> Turn {
    let fresh = Doings(bucket: TokenBucket(burst: 40, perSecond: 4, now: now))
    var doing = doings[participant] ?? fresh
    defer { doings[participant] = doing }
    guard doing.bucket.take(now: now) else { return .tooOften }
    guard let first = doing.done.first(where: { $0.key == key }) else { return .new }
    return first.content == action.hashValue ? .repeated : .otherAction
  }

  mutating func remember(_ participant: Participant, _ action: RoomAction, key: String) {
    doings[participant]?.done.append((key, action.hashValue))
    if let count = doings[participant]?.done.count, count > Self.keyLimit {
      doings[participant]?.done.removeFirst()
    }
  }
}
