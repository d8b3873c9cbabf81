import Foundation
import NIOCore
import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import Testing

import PrecallServer

/// Open pages: events in order, nothing lost and nothing twice, whatever becomes of the connection.
@Suite struct WaitingRoomStreamTests {
  typealias Host = WaitingRoomHost

  @Test func `a page that comes back gets what it missed, once and in order`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      let client = visit.clients[0]
      try await host.act(client, #"{"do":"name","name":"Ana"}"#)
      let last = try await RoomListener.with(host, client) { page in
        try await page.wait("state")
        try await host.act(visit.provider, #"{"do":"say","text":"one"}"#)
        return try await page.wait("message", "one").id
      }
      for text in ["two", "three"] { try await host.act(visit.provider, #"{"do":"say","text":"\#(text)"}"#) }
      try await RoomListener.with(host, client, after: last) { page in
        try await page.wait("message", "three")
        #expect(page.all.filter { $0.name == "message" }.map(\.data.utf8.count).count == 2)
        #expect(!page.all.contains { $0.name == "state" || $0.data.contains("one") })
        let numbers = page.all.compactMap(\.id)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
      }
    }
  }

  @Test(arguments: [-1, 10_000, 0]) func `who missed too much or comes from elsewhere gets all anew`(
    after: Int64
  )
    async throws
  {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await host.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
      for index in 0..<(RoomLog.capacity + 5) {
        try await host.act(visit.provider, #"{"do":"say","text":"\#(index)"}"#)
        if index.isMultiple(of: 20) { host.clock.advance(20) }
      }
      try await RoomListener.with(host, visit.clients[0], after: after) { page in
        let state = try await page.wait("state")
        #expect(try JSONReader.read(Text(state.data.utf8))["messages"]?.array?.count == RoomLog.capacity + 5)
      }
    }
  }

  @Test func `a page that was closed is noticed, told after ten seconds, and its place is kept`() async throws
  {
    try await Host.with { host in
      let visit = try await host.arrange()
      let client = visit.clients[0]
      try await host.act(client, #"{"do":"name","name":"Ana"}"#)
      try await host.act(client, #"{"do":"ready"}"#)
      try await RoomListener.with(host, visit.provider) { provider in
        try await provider.wait("state")
        try await RoomListener.with(host, client) { _ in try await provider.wait("client", #""here":true"#) }
        let before = provider.all.count
        try await Task.sleep(for: .seconds(2))
        #expect(provider.all.count == before, "a reload is not told")
        host.clock.advance(LiveRoomGrace.seconds)
        let told = try await provider.wait("client", #""here":false"#)
        #expect(told.data.contains(#""ready":true"#) && told.data.contains(#""stage":"waiting""#))
        try await RoomListener.with(host, client) { _ in
          try await provider.wait("client", #""here":true"#, count: 2)
        }
      }
    }
  }

  @Test func `the end of an old connection does not remove the new one`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      let client = visit.clients[0]
      try await host.act(client, #"{"do":"name","name":"Ana"}"#)
      try await RoomListener.with(host, client, page: "a") { old in
        try await old.wait("state")
        try await RoomListener.with(host, client, page: "a") { new in
          try await new.wait("state")
          try await host.eventually("the old one ends") { old.hasEnded }
          #expect(!old.all.contains { $0.name == "elsewhere" }, "it is the same page")
          host.clock.advance(60)
          try await Task.sleep(for: .seconds(2))
          try await host.act(visit.provider, #"{"do":"say","text":"still there?"}"#)
          try await new.wait("message", "still there?")
          #expect(try await host.state(visit.provider)["clients"]?.array?.first?["here"]?.bool == true)
        }
      }
    }
  }

  @Test func `a second window takes over, and the first is told`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await RoomListener.with(host, visit.clients[0], page: "a") { first in
        try await first.wait("state")
        try await RoomListener.with(host, visit.clients[0], page: "b") { second in
          try await first.wait("elsewhere")
          try await second.wait("state")
          try await host.eventually("the first ends") { first.hasEnded }
          #expect(!second.hasEnded)
        }
      }
    }
  }

  @Test func `many reconnections at once leave one page, and everybody still hears`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange(clients: 8)
      for client in visit.clients { try await host.act(client, #"{"do":"name","name":"C"}"#) }
      for _ in 0..<3 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for client in visit.clients {
            for _ in 0..<4 {
              // One that another has taken over before it heard anything just ends.
              group.addTask { try await RoomListener.with(host, client) { _ = try? await $0.wait("state") } }
            }
          }
          try await group.waitForAll()
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in visit.clients {
          group.addTask {
            // As an event, or in the state where the page came back a moment later.
            try await RoomListener.with(host, client) { page in
              try await host.eventually("everybody hears") {
                page.all.contains { $0.data.contains(#""text":"all""#) }
              }
            }
          }
        }
        try await host.eventually("all are back") {
          try await host.state(visit.provider)["clients"]?.array?.allSatisfy { $0["here"]?.bool == true }
            == true
        }
        try await host.act(visit.provider, #"{"do":"say","text":"all"}"#)
        try await group.waitForAll()
      }
    }
  }

  @Test func `a stream on which nothing happens is spoken on every fifteen seconds`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await host.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
      let start = ContinuousClock.now
      var words: [String] = []
      try await WebClient.follow(
        Int(host.port), .GET, "/v1/room/events?page=quiet", ["Authorization": "Bearer \(visit.clients[0])"]
      ) { part in
        words.append(String(buffer: part))
        // A line that begins with a colon is a comment, which no page hears (WHATWG HTML section 9.2.6).
        return !words[words.count - 1].hasPrefix(":") && ContinuousClock.now - start < .seconds(40)
      }
      #expect(words.count >= 2 && words.last?.hasPrefix(":") == true, "\(words)")
      #expect(words.last?.hasSuffix("\n\n") == true, "\(words)")
      #expect(ContinuousClock.now - start < .seconds(28), "the page gives a silent stream up after 40 s")
    }
  }

  @Test func `the end of a session reaches open pages, by its time and by being withdrawn`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await RoomListener.with(host, visit.clients[0]) { page in
        try await page.wait("state")
        host.clock.advance(SessionOrder.standardLifetime - 1)
        #expect(try await host.ask(.GET, "/v1/room", as: visit.clients[0]).status == 200)
        host.clock.advance(1)
        try await page.wait("ended", "expired")
        #expect(try await host.ask(.GET, "/v1/room", as: visit.clients[0]).code == "link-expired")
        #expect(try await host.ask(.GET, "/v1/room/events", as: visit.provider).status == 410)
      }
      let other = try await host.arrange()
      try await RoomListener.with(host, other.provider) { page in
        try await page.wait("state")
        #expect(try await host.ask(.DELETE, "/v1/sessions/\(other.id)", as: Host.token).status == 204)
        try await page.wait("ended", "revoked")
        #expect(try await host.act(other.clients[0], #"{"do":"name","name":"A"}"#).code == "link-revoked")
        #expect(try await host.ask(.DELETE, "/v1/sessions/\(other.id)", as: Host.token).status == 404)
      }
    }
  }

  @Test func `a page that never reads is cut off and harms nobody`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange(clients: 2)
      for client in visit.clients { try await host.act(client, #"{"do":"name","name":"C"}"#) }
      let deaf = try TestConnection(port: host.port, receiveBuffer: 4_096)
      try deaf.send(
        "GET /v1/room/events HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer \(visit.clients[0])\r\n\r\n")
      try await RoomListener.with(host, visit.clients[1]) { page in
        try await page.wait("state")
        let text = String(repeating: "x", count: 990)
        for index in 0..<3_000 {
          if index.isMultiple(of: 20) { host.clock.advance(10) }
          let answer = try await host.act(visit.provider, #"{"do":"say","text":"\#(index) \#(text)"}"#)
          try #require(answer.status == 204)
        }
        try await page.wait("message", "2999 ")
      }
      let rest = try await onThread { try? deaf.receiveAll().count }
      #expect(rest == nil || rest! < 3_000_000)
    }
  }
}

enum LiveRoomGrace { static let seconds: Int64 = 10 }
