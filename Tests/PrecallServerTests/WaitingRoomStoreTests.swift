import PrecallCore
import Testing

import PrecallServer

/// Tokens, and the store that knows them by their hashes.
@Suite struct WaitingRoomStoreTests {
  static func order(at start: Int64 = 1_000, clients: Int = 1) -> SessionOrder {
    var order = SessionOrder(startsAt: start, providerName: Text("Dr. Rivera".utf8))
    order.clientCount = clients
    return order
  }

  @Test func `a token has 144 random bits and no two are the same`() {
    let tokens = (0..<5_000).map { _ in LinkToken() }
    #expect(Set(tokens.map(\.text)).count == 5_000)
    for position in 0..<LinkToken.letters {
      let letters = Set(tokens.map { Array($0.text)[position] })
      #expect(letters.count == 64, "letter \(position) takes all 64 values")
    }
    #expect(tokens.allSatisfy { LinkToken($0.text) == $0 })
  }

  @Test(arguments: [
    "", "a", String(repeating: "a", count: 23), String(repeating: "a", count: 25), "aaaaaaaaaaaaaaaaaaaaaaa/",
    "aaaaaaaaaaaaaaaaaaaaaaa\n", String(repeating: "é", count: 12),
  ]) func `what no link has is no token`(text: String) { #expect(LinkToken(text) == nil) }

  @Test func `each link leads to its side of its session, and only the hash is kept`() throws {
    let store = MemorySessionStore(capacity: 10)
    let (session, provider, clients) = Self.order(clients: 3).session()
    #expect(store.insert(session, now: 0))
    guard case .provider(let found) = store.find(provider.hash, now: 0) else {
      Issue.record("the provider's link leads nowhere")
      return
    }
    #expect(found.id == session.id)
    for (index, client) in clients.enumerated() {
      guard case .client(_, index + 1) = store.find(client.hash, now: 0) else {
        Issue.record("client \(index + 1)'s link leads elsewhere")
        continue
      }
    }
    guard case .unknown = store.find(LinkToken().hash, now: 0) else { fatalError("a made-up link works") }
    let kept = "\(session)" + String(reflecting: store)
    #expect(!([provider] + clients).contains { kept.contains($0.text) })
  }

  @Test func `links end with their time or when they are withdrawn, and say which`() {
    let store = MemorySessionStore(capacity: 10)
    let (session, provider, clients) = Self.order().session()
    _ = store.insert(session, now: 0)
    guard case .client = store.find(clients[0].hash, now: session.expiresAt - 1),
      case .ended(.expired) = store.find(clients[0].hash, now: session.expiresAt)
    else { fatalError("the time is not kept") }
    #expect(store.sweep(now: session.expiresAt) == [session.id])
    #expect(store.count == 0)
    guard case .ended(.expired) = store.find(provider.hash, now: session.expiresAt) else {
      fatalError("the end is forgotten at once")
    }
    let (other, _, links) = Self.order().session()
    _ = store.insert(other, now: 0)
    #expect(store.revoke(other.id, now: 5) && !store.revoke(other.id, now: 5))
    guard case .ended(.revoked) = store.find(links[0].hash, now: 6) else { fatalError("it still works") }
    _ = store.sweep(now: session.expiresAt + MemorySessionStore.remembered + 1)
    guard case .unknown = store.find(provider.hash, now: 0) else { fatalError("it remembers for ever") }
  }

  @Test func `it is bounded, also in what it remembers of ended sessions`() {
    let store = MemorySessionStore(capacity: 3)
    #expect(
      (0..<5).map { _ in store.insert(Self.order().session().session, now: 0) } == [
        true, true, true, false, false,
      ])
    var links: [LinkHash] = []
    for round in 0..<10 {
      _ = store.sweep(now: Int64(100_000 + round))
      let (session, provider, _) = Self.order(at: Int64(100_001 + round)).session()
      #expect(store.insert(session, now: Int64(100_000 + round)))
      #expect(store.revoke(session.id, now: Int64(100_000 + round)))
      links.append(provider.hash)
    }
    _ = store.sweep(now: 100_010)
    let remembered = links.filter { if case .ended = store.find($0, now: 100_010) { true } else { false } }
    #expect(remembered.count == 3)
  }

  @Test(arguments: [
    ("  Ana   María ", "Ana María"), ("<b>Bo</b>", "<b>Bo</b>"), ("a\u{202E}b\u{2066}c\u{0}d", "abcd"),
    ("سارة", "سارة"), ("👩‍⚕️ Li", "👩‍⚕️ Li"), ("a\nb\tc", "a b c"),
  ]) func `a name is cleaned and stays itself`(given: String, shown: String) {
    #expect(ShownText.name(Text(given.utf8)) == Text(shown.utf8))
  }

  @Test(arguments: [
    "", "   ", "\u{202E}\u{200B}", "\u{200D}", "\u{3164}", String(repeating: "a", count: 61),
    String(repeating: "a", count: 10_000_000),
  ])
  func `what is no name is refused`(given: String) { #expect(ShownText.name(Text(given.utf8)) == nil) }

  @Test func `an address that guesses is stopped for a while, others are not`() {
    let limit = AddressLimit(burst: 3, perSecond: 0.5)
    #expect((0..<5).map { _ in limit.take("192.0.2.1", now: 100) } == [true, true, true, false, false])
    #expect(limit.isExhausted("192.0.2.1", now: 100) && !limit.isExhausted("192.0.2.2", now: 100))
    #expect(!limit.isExhausted("192.0.2.1", now: 102))
    for _ in 0..<3 { limit.take("2001:db8::1", now: 100) }
    #expect(
      limit.isExhausted("2001:db8::ffff:1", now: 100) && !limit.isExhausted("2001:db8:0:1::1", now: 100))
    // As a listener of both families writes addresses of IPv4.
    for _ in 0..<3 { limit.take("::ffff:192.0.2.5", now: 100) }
    #expect(
      limit.isExhausted("::ffff:192.0.2.5", now: 100) && !limit.isExhausted("::ffff:192.0.2.6", now: 100))
  }

  @Test func `a flood of addresses does not fill the memory`() {
    let limit = AddressLimit(burst: 3, perSecond: 0.5)
    for index in 0..<60_000 { limit.take("10.\(index >> 16).\(index >> 8 & 255).\(index & 255)", now: 0) }
    #expect(!limit.isExhausted("192.0.2.9", now: 0))
  }
}
