package import PrecallCore
import Synchronization

/// All waiting rooms of a server: who may come in by which link, and what is so behind it.
package final class WaitingRooms: Sendable {
  private struct State {
    var rooms: [String: LiveRoom] = [:]
    var admissions: [LinkHash: String] = [:]
    var isStopped = false
  }

  private let store: any SessionStore
  private let clock: @Sendable () -> Int64
  private let state = Mutex(State())

  /// `clock` gives seconds since 1970.
  package init(store: any SessionStore, clock: @escaping @Sendable () -> Int64) {
    self.store = store
    self.clock = clock
  }

  package var now: Int64 { clock() }

  // MARK: Sessions

  /// False where the server keeps as many as it can.
  package func insert(_ session: VisitSession) -> Bool { store.insert(session, now: now) }

  package func find(_ token: LinkToken) -> LinkFound { store.find(token.hash, now: now) }

  package func revoke(_ id: String) -> Bool {
    guard store.revoke(id, now: now) else { return false }
    close(id, .revoked)
    return true
  }

  // MARK: What pages ask for

  package func json(of session: VisitSession, for participant: Participant) -> Text {
    with(session) { $0.room.json(for: participant) }
  }

  /// The report that the client agreed to show.
  package func report(of client: Int, in session: VisitSession) -> Text? {
    guard session.clients.indices.contains(client - 1) else { return nil }
    return with(session) { $0.room.seats[client - 1].report }
  }

  package enum Answer: Sendable { case done, tooOften, otherAction, refused(RoomRefusal) }

  /// Does `action`, once for each `key`.
  package func perform(
    _ action: RoomAction, key: String, by participant: Participant, in session: VisitSession
  ) -> Answer {
    let now = now
    return with(session) { room in
      switch room.takeTurn(participant, action, key: key, now: now) {
      case .tooOften: return .tooOften
      case .otherAction: return .otherAction
      case .repeated: return .done
      case .new: break
      }
      do throws(RoomRefusal) {
        try room.change { room throws(RoomRefusal) in try room.apply(action, by: participant, now: now) }
      } catch {
        return .refused(error)
      }
      room.remember(participant, action, key: key)
      return .done
    }
  }

  /// A one-time token for the visit, for a client who is admitted; earlier ones are void.
  package func makeAdmission(for client: Int, in session: VisitSession) -> LinkToken? {
    state.withLock { state in
      let earlier = state.rooms[session.id]?.room.seats[client - 1].admission
      guard
        let token = try? state.rooms[session.id]?.change({ room throws(RoomRefusal) in
          try room.makeAdmission(for: client)
        })
      else { return nil }
      if let earlier { state.admissions[earlier] = nil }
      state.admissions[token.hash] = session.id
      return token
    }
  }

  /// Who a one-time token lets in; nothing where it is unknown or has been used.
  package func redeem(_ token: LinkToken) -> (session: String, seat: Seat)? {
    state.withLock { state in
      guard let id = state.admissions.removeValue(forKey: token.hash),
        let seat = try? state.rooms[id]?.change({ $0.redeem(token.hash) })
      else { return nil }
      return (id, seat)
    }
  }

  // MARK: Open pages

  package func join(
    _ session: VisitSession, _ participant: Participant, _ stream: RoomStream, after number: Int64?
  ) {
    let isStopped = state.withLock { $0.isStopped }
    guard !isStopped else { return stream.end() }
    with(session) { $0.join(participant, stream, after: number) }
  }

  package func leave(_ session: VisitSession, _ participant: Participant, _ stream: RoomStream) {
    let now = now
    state.withLock { $0.rooms[session.id]?.leave(participant, stream.token, now: now) }
  }

  // MARK: Keeping

  /// What time does: absences are told, sessions expire.
  package func tick() {
    let now = now
    for id in store.sweep(now: now) { close(id, .expired) }
    // A request that was under way when its session ended may have opened the room again.
    for id in state.withLock({ Array($0.rooms.keys) }) where store.session(id, now: now) == nil {
      close(id, .revoked)
    }
    state.withLock { state in
      for id in state.rooms.keys { state.rooms[id]?.noticeAbsences(now: now) }
    }
  }

  /// Keeps idle connections open through whatever stands between, and finds those that are dead.
  package func beat() {
    state.withLock { state in
      for room in state.rooms.values { room.beat() }
    }
  }

  /// Ends every page's connection; pages try again, and find this server or its successor.
  package func stop() {
    state.withLock { state in
      state.isStopped = true
      for id in state.rooms.keys { state.rooms[id]?.end(nil) }
    }
  }

  private func close(_ id: String, _ reason: LinkEnd) {
    state.withLock { state in
      var room = state.rooms.removeValue(forKey: id)
      for admission in room?.room.seats.compactMap(\.admission) ?? [] { state.admissions[admission] = nil }
      room?.end(reason)
    }
  }

  private func with<Result: Sendable>(
    _ session: VisitSession, _ body: (inout LiveRoom) -> sending Result
  ) -> sending Result {
    state.withLock { state in body(&state.rooms[session.id, default: LiveRoom(session)]) }
  }
}
