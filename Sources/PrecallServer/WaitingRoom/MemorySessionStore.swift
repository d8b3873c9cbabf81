import Synchronization

/// Sessions in memory: bounded in number, each gone with its time. Links of ended sessions are remembered
/// for a while without what they led to, so that a late client is told more than "unknown".
package final class MemorySessionStore: SessionStore {
  package static let remembered: Int64 = 7 * 86_400

  private struct Ended {
    var links: [LinkHash]
    var at: Int64
  }

  private struct State {
    var sessions: [String: VisitSession] = [:]
    var links: [LinkHash: String] = [:]
    var ends: [LinkHash: LinkEnd] = [:]
    /// The same in the order they ended, to forget the oldest first.
    var ended: [Ended] = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  package init(capacity: Int) { self.capacity = capacity }

  package var count: Int { state.withLock { $0.sessions.count } }

  package func insert(_ session: VisitSession, now: Int64) -> Bool {
    state.withLock { state in
      guard state.sessions.count < capacity else { return false }
      state.sessions[session.id] = session
      for link in session.links { state.links[link] = session.id }
      return true
    }
  }

  package func find(_ link: LinkHash, now: Int64) -> LinkFound {
    state.withLock { state in
      guard let id = state.links[link], let session = state.sessions[id] else {
        return state.ends[link].map { .ended($0) } ?? .unknown
      }
      guard now < session.expiresAt else { return .ended(.expired) }
      guard link != session.provider else { return .provider(session) }
      return session.clients.firstIndex(of: link).map { .client(session, $0 + 1) } ?? .unknown
    }
  }

  package func session(_ id: String, now: Int64) -> VisitSession? {
    state.withLock { $0.sessions[id].flatMap { now < $0.expiresAt ? $0 : nil } }
  }

  package func revoke(_ id: String, now: Int64) -> Bool {
    state.withLock { state in
      guard let session = state.sessions[id] else { return false }
      end(session, .revoked, now, in: &state)
      return true
    }
  }

  package func sweep(now: Int64) -> [String] {
    state.withLock { state in
      let expired = state.sessions.values.filter { now >= $0.expiresAt }
      for session in expired { end(session, .expired, now, in: &state) }
      forget(before: now - Self.remembered, in: &state)
      return expired.map(\.id)
    }
  }

  private func end(_ session: VisitSession, _ end: LinkEnd, _ now: Int64, in state: inout State) {
    state.sessions[session.id] = nil
    for link in session.links {
      state.links[link] = nil
      state.ends[link] = end
    }
    state.ended.append(Ended(links: session.links, at: now))
  }

  private func forget(before time: Int64, in state: inout State) {
    let surplus = max(0, state.ended.count - capacity)
    let old = state.ended.enumerated().prefix { $0.offset < surplus || $0.element.at < time }
    for link in old.flatMap(\.element.links) { state.ends[link] = nil }
    state.ended.removeFirst(old.count)
  }
}
