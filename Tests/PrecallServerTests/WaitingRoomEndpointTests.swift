import Foundation
import NIOHTTP1
import PrecallCore
import Testing

import PrecallServer

/// What programs and pages ask for over HTTP, and what they are refused.
@Suite struct WaitingRoomEndpointTests {
  typealias Host = WaitingRoomHost

  @Test func `a visit from its links to the one-time token`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange(#","on_admitted":"https://visit.example.org/go""#)
      let client = visit.clients[0]
      try await RoomListener.with(host, visit.provider) { provider in
        try await provider.wait("state")
        try await RoomListener.with(host, client) { page in
          try await page.wait("state")
          #expect(try await host.act(client, #"{"do":"name","name":"Ana"}"#).status == 204)
          #expect(try await host.act(client, #"{"do":"ready"}"#).status == 204)
          let told = try await provider.wait("client", #""ready":true"#)
          try await host.act(visit.provider, #"{"do":"seen","event":\#(try #require(told.id))}"#)
          try await page.wait("you", #""known":true"#)
          #expect(try await host.ask(.POST, "/v1/room/admission", as: client).code == "wrong-stage")
          try await host.act(visit.provider, #"{"do":"admit","clients":[1]}"#)
          try await page.wait("you", #""stage":"admitted""#)
        }
      }
      let admission = try await host.ask(.POST, "/v1/room/admission", as: client)
      let token = String(decoding: try #require(admission.json?["token"]?.string), as: UTF8.self)
      let url = String(decoding: try #require(admission.json?["url"]?.string), as: UTF8.self)
      #expect(url == "https://visit.example.org/go#token=\(token)")
      let body = #"{"token":"\#(token)"}"#
      let first = try await host.ask(.POST, "/v1/admissions", as: Host.token, body)
      #expect(first.status == 200 && first.json?["name"]?.string == Text("Ana".utf8))
      #expect(try await host.ask(.POST, "/v1/admissions", as: Host.token, body).code == "admission-used")
      #expect(try await host.ask(.POST, "/v1/room/admission", as: client).code == "wrong-stage")
      #expect(try await host.act(client, #"{"do":"come-back"}"#).status == 204)
    }
  }

  @Test func `many redeem one token at once, and one gets in`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await host.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask { try await host.act(visit.provider, #"{"do":"admit","clients":[1]}"#) }
        }
        try await group.waitForAll()
      }
      let json = try await host.ask(.POST, "/v1/room/admission", as: visit.clients[0]).json
      let body = #"{"token":"\#(String(decoding: json?["token"]?.string ?? [], as: UTF8.self))"}"#
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask { try await host.ask(.POST, "/v1/admissions", as: Host.token, body).status }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200, 409, 409, 409, 409, 409, 409, 409])
    }
  }

  @Test func `only the right token arranges sessions, and none where none is set`() async throws {
    try await Host.with { host in
      for bearer in [nil, "", "wrong", Host.token + "x"] {
        let answer = try await host.ask(.POST, "/v1/sessions", as: bearer, "{}")
        #expect(answer.status == 401 && answer.code == "bad-api-token")
      }
      let visit = try await host.arrange()
      #expect(try await host.ask(.POST, "/v1/sessions", as: visit.provider, "{}").status == 401)
      #expect(try await host.ask(.DELETE, "/v1/sessions/\(visit.id)", as: visit.provider).status == 401)
    }
    try await Host.with({ $0.waitingRoom.apiToken = nil }) { host in
      let answer = try await host.ask(.POST, "/v1/sessions", as: Host.token, "{}")
      #expect(answer.code == "sessions-off")
    }
  }

  @Test(arguments: [
    ("{}", "at"), (#"{"at":"tomorrow","provider":"P"}"#, "at"), (#"{"at":"AT"}"#, "provider"),
    (#"{"at":"AT","provider":"P","clients":0}"#, "clients"),
    (#"{"at":"AT","provider":"P","clients":17}"#, "clients"),
    (#"{"at":"2020-01-01T00:00:00Z","provider":"P"}"#, "at"),
    (#"{"at":"2099-01-01T00:00:00Z","provider":"P"}"#, "at"),
    (#"{"at":"AT","provider":"P","lifetime_s":90000}"#, "lifetime_s"),
    (#"{"at":"AT","provider":"P","on_admitted":"javascript:alert(1)"}"#, "on_admitted"),
    (#"{"at":"AT","provider":"P","on_admitted":"http://visit.example.org/"}"#, "on_admitted"),
    (#"{"at":"AT","provider":"P","on_admitted":"http://localhost:80@visit.example.org/"}"#, "on_admitted"),
    (#"{"at":"AT","provider":"P","on_admitted":"https:///go"}"#, "on_admitted"),
  ]) func `an order that can't be kept is refused by name`(order: String, path: String) async throws {
    try await Host.with { host in
      let at = String(decoding: Timestamp.text(of: host.clock.now), as: UTF8.self)
      let answer = try await host.ask(.POST, "/v1/sessions", as: Host.token, order.replacing("AT", with: at))
      #expect(answer.status == 400 && answer.code == "bad-request")
      #expect(answer.json?["path"]?.string == Text(path.utf8))
    }
  }

  @Test func `hostile bodies are refused without harm`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      let client = visit.clients[0]
      try await host.act(client, #"{"do":"name","name":"<img src=x onerror=alert(1)>"}"#)
      let chat = #"{"do":"say","text":"\#(String(repeating: "a", count: 10_000_000))"}"#
      let large = try? await host.act(client, chat)
      #expect(large == nil || large?.code == "too-large", "it may be cut off before all is sent")
      let deep = String(repeating: "[", count: 100_000)
      #expect(try await host.act(client, deep).status == 400)
      #expect(
        try await host.act(client, #"{"do":"say","text":"\#(String(repeating: "a", count: 1_001))"}"#).status
          == 400)
      #expect(try await host.act(client, "\u{0}\u{1}nonsense").status == 400)
      #expect(try await host.act(client, #"{"do":"name","name":"a","name":"b"}"#).status == 400)
      #expect(try await host.ask(.POST, "/v1/room/actions", as: client, "{}").code == "no-idempotency-key")
      let key = String(repeating: "k", count: 65)
      #expect(try await host.act(client, "{}", key: key).code == "no-idempotency-key")
      let state = try await host.ask(.GET, "/v1/room", as: visit.provider)
      #expect(state.body.contains("<img src=x onerror=alert(1)>"))
      #expect(state.headers.first(name: "Content-Type") == "application/json")
      #expect(state.headers.first(name: "X-Content-Type-Options") == "nosniff")
    }
  }

  @Test func `a key is for one action, which it does once`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange(clients: 2)
      let client = visit.clients[0]
      let say = #"{"do":"say","text":"hello"}"#
      try await host.act(client, #"{"do":"name","name":"Ana"}"#)
      for _ in 1...2 { #expect(try await host.act(client, say, key: "k1").status == 204) }
      let other = try await host.act(client, #"{"do":"say","text":"good-bye"}"#, key: "k1")
      #expect(other.status == 422 && other.code == "other-action")
      let said = try await host.ask(.GET, "/v1/room", as: client).json?["messages"]?.array
      #expect(said?.count == 1)
      // Keys are each person's own.
      try await host.act(visit.clients[1], #"{"do":"name","name":"Ben"}"#)
      #expect(try await host.act(visit.clients[1], say, key: "k1").status == 204)
    }
  }

  @Test func `what is the provider's is refused to clients, and details are kept without consent`()
    async throws
  {
    try await Host.with { host in
      let visit = try await host.arrange(clients: 2)
      let (one, other) = (visit.clients[0], visit.clients[1])
      for client in visit.clients { try await host.act(client, #"{"do":"name","name":"C"}"#) }
      for action in [
        #"{"do":"admit","clients":"all"}"#, #"{"do":"decline","clients":[2]}"#, #"{"do":"seen","event":9}"#,
      ] {
        #expect(try await host.act(one, action).code == "not-yours")
      }
      let check = #"{"do":"check","measurements":{"format_version":1},"share":SHARE}"#
      let path = "/v1/room/clients/1/report"
      try await host.act(one, check.replacing("SHARE", with: "false"))
      #expect(try await host.ask(.GET, path, as: visit.provider).status == 404)
      try await host.act(one, check.replacing("SHARE", with: "true"))
      #expect(try await host.ask(.GET, path, as: visit.provider).json?["format_version"]?.integer == 1)
      #expect(try await host.ask(.GET, path, as: other).code == "not-yours")
      try await host.act(one, check.replacing("SHARE", with: "false"))
      #expect(try await host.ask(.GET, path, as: visit.provider).status == 404, "consent can be taken back")
      for number in ["0", "3", "-1", "x", "99999999999999999999"] {
        #expect(
          try await host.ask(.GET, "/v1/room/clients/\(number)/report", as: visit.provider).status == 404)
      }
    }
  }

  @Test func `an action is done once for each key, also when it is sent at the same moment`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      try await host.act(visit.clients[0], #"{"do":"name","name":"Ana"}"#)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<10 {
          group.addTask {
            try await host.act(visit.clients[0], #"{"do":"say","text":"once"}"#, key: "same").status
          }
        }
        for try await status in group { #expect(status == 204) }
      }
      // Keys belong to a person: the provider's are others.
      try await host.act(visit.provider, #"{"do":"say","text":"twice"}"#, key: "same")
      let messages = try #require(try await host.state(visit.provider)["messages"]?.array)
      #expect(messages.count == 2)
    }
  }

  @Test func `too much at once is slowed, for that person only`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange(clients: 2)
      for client in visit.clients { try await host.act(client, #"{"do":"name","name":"C"}"#) }
      var refused = 0
      for _ in 0..<60 where try await host.act(visit.clients[0], #"{"do":"say","text":"x"}"#).status == 429 {
        refused += 1
      }
      #expect(refused == 21)
      #expect(try await host.act(visit.clients[1], #"{"do":"say","text":"x"}"#).status == 204)
      host.clock.advance(5)
      #expect(try await host.act(visit.clients[0], #"{"do":"say","text":"x"}"#).status == 204)
    }
  }

  @Test
  func `guessing is stopped until some time has gone, and who has a right link or the token is let through`()
    async throws
  {
    try await Host.with { host in
      let visit = try await host.arrange()
      var codes: [String?] = []
      for _ in 0..<25 { codes.append(try await host.ask(.GET, "/v1/room", as: LinkToken().text).code) }
      #expect(codes.filter { $0 == "link-unknown" }.count == 20)
      #expect(codes.last == "too-many-wrong-links")
      let page = try await host.ask(.GET, "/s/\(LinkToken().text)")
      #expect(page.status == 429 && page.body.contains("wait a minute"))
      #expect(try await host.ask(.POST, "/v1/sessions", as: LinkToken().text, "{}").status == 429)
      #expect(try await host.ask(.GET, "/s/\(visit.clients[0])").status == 200)
      #expect(try await host.ask(.GET, "/v1/room", as: visit.clients[0]).status == 200)
      #expect(try await host.ask(.POST, "/v1/sessions", as: Host.token, "{}").status == 400)
      host.clock.advance(60)
      #expect(try await host.ask(.GET, "/s/\(LinkToken().text)").status == 404)
    }
  }

  @Test func `the number of sessions is bounded, and time makes room`() async throws {
    try await Host.with({ $0.waitingRoom.sessions = 2 }) { host in
      _ = try await host.arrange()
      _ = try await host.arrange()
      let at = String(decoding: Timestamp.text(of: host.clock.now), as: UTF8.self)
      let full = try await host.ask(.POST, "/v1/sessions", as: Host.token, #"{"at":"\#(at)","provider":"P"}"#)
      #expect(full.code == "too-many-sessions" && full.headers.contains(name: "Retry-After"))
      host.clock.advance(SessionOrder.standardLifetime)
      try await host.eventually("expired sessions make room") {
        let at = String(decoding: Timestamp.text(of: host.clock.now), as: UTF8.self)
        return try await host.ask(.POST, "/v1/sessions", as: Host.token, #"{"at":"\#(at)","provider":"P"}"#)
          .status == 201
      }
    }
  }

  @Test func `no token is ever in the logs`() async throws {
    let log = TestLog()
    var configuration = MeasurementEndpointTests.configuration()
    configuration.waitingRoom.apiToken = LinkHash(of: Host.token)
    let tokens = try await withPrecallServer(configuration, logger: log.logger) { server in
      let clock = Host.TestClock()
      clock.advance(WallClockSeconds.now - clock.now)
      let host = Host(port: server.httpPort, clock: clock)
      let visit = try await host.arrange()
      for token in [visit.clients[0], visit.provider, LinkToken().text] {
        for path in ["/s/\(token)", "/p/\(token)", "/v1/room", "/v1/room/\(token)"] {
          _ = try await host.ask(.GET, path, as: token)
        }
        try await host.act(token, "nonsense")
      }
      try await RoomListener.with(host, visit.provider) { try await $0.wait("state") }
      return visit.clients + [visit.provider, Host.token]
    }
    #expect(!log.text.isEmpty)
    for token in tokens { #expect(!log.text.contains(token)) }
  }
}
