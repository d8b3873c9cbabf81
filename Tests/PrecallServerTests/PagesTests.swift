import Foundation
import NIOHTTP1
import PrecallCore
import PrecallTestSupport
import PrecallWeb
import Testing

import PrecallServer

/// Pages and their files: types, headers, languages, and what a dead link says.
@Suite struct PagesTests {
  typealias Host = WaitingRoomHost

  @Test func `every page has every header that keeps it safe`() async throws {
    try await Host.with({ $0.embedders = ["https://portal.example.org"] }) { host in
      let visit = try await host.arrange()
      let pages = [
        "/check", "/embed", "/s/\(visit.clients[0])", "/p/\(visit.provider)", "/s/nothing", "/p/nothing",
      ]
      for page in pages {
        let answer = try await host.ask(.GET, page)
        let policy = try #require(answer.headers.first(name: "Content-Security-Policy"), "\(page)")
        for part in [
          "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
          "img-src 'self' data:",
          "media-src 'self' blob:", "connect-src 'self'", "worker-src 'self'", "base-uri 'none'",
          "form-action 'self'",
        ] {
          #expect(
            policy.split(separator: ";").contains { $0.trimmingCharacters(in: .whitespaces) == part },
            "\(page)")
        }
        let ancestors = page == "/embed" ? "'self' https://portal.example.org" : "'none'"
        #expect(policy.hasSuffix("frame-ancestors \(ancestors)"))
        let permissions = try #require(answer.headers.first(name: "Permissions-Policy"))
        #expect(permissions.hasPrefix("camera=(self), microphone=(self)"))
        #expect(answer.headers.first(name: "Referrer-Policy") == "no-referrer")
        #expect(answer.headers.first(name: "X-Content-Type-Options") == "nosniff")
        #expect(answer.headers.first(name: "Content-Type") == "text/html; charset=utf-8")
        #expect(!answer.headers.contains(name: "Set-Cookie"))
        #expect(!answer.body.contains("{{"), "\(page) has all its words")
        #expect(!answer.body.contains("style=") && !answer.body.contains("onclick="), "what CSP forbids")
      }
    }
  }

  @Test func `every file is there with its type, and a browser that has it gets nothing`() async throws {
    try await Host.with { host in
      let files = try FileManager.default.subpathsOfDirectory(atPath: assets.path)
      let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json",
      ]
      for file in files {
        guard let type = types[URL(filePath: file).pathExtension] else { continue }
        let answer = try await host.ask(.GET, "/assets/\(file)")
        #expect(answer.status == 200 && answer.headers.first(name: "Content-Type") == type, "\(file)")
        #expect(answer.headers.first(name: "Access-Control-Allow-Origin") == "*")
        let tag = try #require(answer.headers.first(name: "ETag"))
        let again = try await host.ask(.GET, "/assets/\(file)", headers: [("If-None-Match", tag)])
        #expect(again.status == 304 && again.body.isEmpty)
      }
      let engine = try await host.ask(.GET, "/assets/precall-engine.wasm")
      #expect(engine.headers.first(name: "Content-Type") == "application/wasm")
      let words = try await host.ask(.GET, "/assets/catalogue.json")
      #expect(words.headers.first(name: "Content-Type") == "application/json")
    }
  }

  @Test func `files go packed to whoever takes that, under a tag of their own`() async throws {
    try await Host.with { host in
      let path = "/assets/precall-engine.wasm"
      let plain = try await host.ask(.GET, path)
      #expect(plain.headers.first(name: "Content-Encoding") == nil)
      for (accepted, isPacked) in [("gzip, br", true), ("br;q=1, gzip;q=0.5", true), ("gzip;q=0", false)] {
        let answer = try await host.ask(.GET, path, headers: [("Accept-Encoding", accepted)])
        #expect((answer.headers.first(name: "Content-Encoding") == "gzip") == isPacked, "\(accepted)")
        #expect(answer.headers.first(name: "Vary") == "Accept-Encoding")
        #expect((answer.headers.first(name: "ETag") != plain.headers.first(name: "ETag")) == isPacked)
      }
      let tag = try #require(
        try await host.ask(.GET, path, headers: [("Accept-Encoding", "gzip")]).headers.first(name: "ETag"))
      let again = try await host.ask(
        .GET, path, headers: [("Accept-Encoding", "gzip"), ("If-None-Match", tag)])
      #expect(again.status == 304)
    }
  }

  @Test func `a clinic's policy is the one that its pages get and its server judges by`() async throws {
    let file = Fixtures.path("policies/clinic.json")
    let clinic = try ClinicPolicy(file: file)
    try await Host.with({ $0.policy = clinic }) { host in
      let served = try await host.ask(.GET, "/v1/policy", headers: [("Origin", "https://a.example")])
      #expect(Text(served.body.utf8) == clinic.text)
      #expect(served.headers.first(name: "Access-Control-Allow-Origin") == "*")
      let report = Report(try Measurements(json: Text(Self.measured.utf8)), policy: clinic.policy)
      let judged = try await host.ask(.POST, "/v1/reports", Self.measured)
      #expect(Text(judged.body.utf8) == report.json())
      let standard = Report(try Measurements(json: Text(Self.measured.utf8)), policy: .standard)
      #expect(report.json() != standard.json())
    }
    try await Host.with { host in
      let none = try await host.ask(.GET, "/v1/policy")
      #expect(none.status == 204)
    }
    let bad = #expect(throws: ServerFailure.self) {
      try ClinicPolicy(file: Fixtures.path("policies/bad/misspelt-key.json"))
    }
    #expect(bad?.kind == .badConfiguration && bad?.description.contains("misspelt-key.json, but ") == true)
  }

  @Test func `what a client sends to the helpdesk is found by its code, for a day, by who may`() async throws
  {
    try await Host.with { host in
      let sent = try await host.ask(.POST, "/v1/helpdesk/reports", Self.measured)
      let code = String(decoding: try #require(sent.json?["code"]?.string), as: UTF8.self)
      #expect(sent.status == 201 && code.wholeMatch(of: /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/) != nil)
      let path = "/v1/helpdesk/reports/"
      for typed in [code, code.lowercased(), code.filter { $0 != "-" }] {
        let found = try await host.ask(.GET, path + typed, as: Host.token)
        var report = Report(try Measurements(json: Text(Self.measured.utf8)), policy: .standard)
        report.startedAt = host.clock.now
        #expect(found.status == 200 && Text(found.body.utf8) == report.json())
      }
      #expect(try await host.ask(.GET, path + code).status == 401)
      let unknown = try await host.ask(.GET, path + "AAAA-2222", as: Host.token)
      #expect(unknown.code == "report-unknown")
      host.clock.advance(KeptReports.lifetime)
      #expect(try await host.ask(.GET, path + code, as: Host.token).code == "report-unknown")
      #expect(try await host.ask(.POST, "/v1/helpdesk/reports", "{}").status == 400)
    }
    try await Host.with({ $0.waitingRoom.apiToken = nil }) { host in
      let refused = try await host.ask(.POST, "/v1/helpdesk/reports", Self.measured)
      #expect(refused.code == "helpdesk-off")
    }
  }

  @Test func `more reports than there is room for push out the oldest`() {
    let reports = KeptReports()
    let first = reports.keep(Text("first".utf8), from: "192.0.2.1", now: 0)
    let second = reports.keep(Text("second".utf8), from: "192.0.2.2", now: 0)
    for index in 0..<999 { _ = reports.keep(Text("more".utf8), from: "10.0.0.\(index / 4)", now: 0) }
    #expect(reports.report(first, now: 0) == nil)
    #expect(reports.report(second, now: 0) == Text("second".utf8))
  }

  @Test func `one address pushes out its own reports, and nobody else's`() {
    let reports = KeptReports()
    let others = reports.keep(Text("another's".utf8), from: "192.0.2.1", now: 0)
    let own = (0..<2_000).map { _ in reports.keep(Text("more".utf8), from: "192.0.2.2", now: 0) }
    #expect(reports.report(others, now: 0) != nil)
    #expect(
      own.map { reports.report($0, now: 0) != nil }.suffix(51) == [false] + Array(repeating: true, count: 50))
  }

  private static let measured = #"{"format_version":1}"#

  @Test(arguments: [
    "/assets/", "/assets/nothing.js", "/assets/../Package.swift", "/assets/..%2f..%2fetc%2fpasswd",
    "/assets/embed.html", "/assets/check.html", "/assets/room/client.html",
    "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets//etc/passwd", "/assets/room", "/assets/room/\u{0}client.js",
  ]) func `nothing else is`(path: String) async throws {
    try await Host.with { host in
      let answer = try await TestConnection.answer(host.port, "GET \(path)")
      #expect(answer.hasPrefix("HTTP/1.1 404") || answer.hasPrefix("HTTP/1.1 400"))
      #expect(!answer.contains("root:"))
    }
  }

  @Test func `a dead link says in the person's language what to do`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      let revoked = try await host.arrange()
      _ = try await host.ask(.DELETE, "/v1/sessions/\(revoked.id)", as: Host.token)
      host.clock.advance(1)
      for (token, status, english, spanish) in [
        ("", 404, "This link does not work", "Este enlace no funciona"),
        ("nothing", 404, "This link does not work", "Este enlace no funciona"),
        (visit.provider, 404, "This link does not work", "Este enlace no funciona"),
        (revoked.clients[0], 410, "This link has been withdrawn", "Este enlace se ha retirado"),
      ] {
        let first = try await host.ask(.GET, "/s/\(token)", headers: [("Accept-Language", "en-GB,es;q=0.5")])
        #expect(first.status == status && first.body.contains("<h1>\(english)</h1>"))
        #expect(
          first.body.contains(#"<html lang="en">"#)
            && first.headers.first(name: "Vary") == "Accept-Language, Accept-Encoding")
        let second = try await host.ask(
          .GET, "/s/\(token)", headers: [("Accept-Language", "fr,es-MX;q=0.9,en;q=0.8")])
        #expect(second.status == status && second.body.contains("<h1>\(spanish)</h1>"))
      }
      host.clock.advance(SessionOrder.standardLifetime)
      let late = try await host.ask(.GET, "/s/\(visit.clients[0])?lang=es")
      #expect(late.status == 410 && late.body.contains("Este enlace ya no es válido"))
      #expect(try await host.ask(.GET, "/p/\(visit.provider)").status == 410)
    }
  }

  @Test func `both languages have the same words, and pages and scripts ask for no others`() throws {
    let folder = assets.appending(path: "room")
    let words = try ["en", "es"].map { language in
      let data = try Data(contentsOf: folder.appending(path: "locales/\(language).json"))
      return try #require(try JSONReader.read(Text(data)).members)
    }
    let keys = words.map { Set($0.map { String(decoding: $0.key, as: UTF8.self) }) }
    #expect(keys[0] == keys[1])
    #expect(words.joined().allSatisfy { $0.value.string?.isEmpty == false })
    for (one, other) in zip(words[0], words[1]) {
      let places = [one, other].map {
        String(decoding: $0.value.string ?? [], as: UTF8.self).matches(of: /\{\w+\}/).map {
          String($0.output)
        }.sorted()
      }
      #expect(places[0] == places[1], "\(String(decoding: one.key, as: UTF8.self))")
    }
    for name in [
      "client.js", "client-row.js", "decision.js", "provider.js", "chat.js", "page.js", "report.js",
    ] {
      let script = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for match in script.matches(of: /say\('([a-z-]+)'/) {
        #expect(keys[0].contains(String(match.1)), "\(name)")
      }
      #expect(
        !script.contains("innerHTML") && !script.contains("insertAdjacentHTML") && !script.contains("eval("))
    }
  }

  @Test func `foreign pages may use the check and nothing of a session`() async throws {
    try await Host.with { host in
      let visit = try await host.arrange()
      for path in ["/v1/tickets", "/v1/reports", "/v1/turn-credentials", "/v1/upload"] {
        let asked = try await host.ask(
          .OPTIONS, path,
          headers: [("Origin", "https://a.example"), ("Access-Control-Request-Method", "POST")])
        #expect(asked.status == 204 && asked.headers.first(name: "Access-Control-Allow-Origin") == "*")
        #expect(asked.headers.first(name: "Access-Control-Allow-Headers") == "Content-Type")
      }
      for (path, body) in [("/v1/reports", "{}"), ("/v1/reports", "{"), ("/v1/download?bytes=x", nil)] {
        let refused = try await host.ask(
          body == nil ? .GET : .POST, path, body, headers: [("Origin", "https://a.example")])
        #expect(refused.status == 400, "\(path)")
        #expect(
          refused.headers.first(name: "Access-Control-Allow-Origin") == "*", "an error is an answer too")
      }
      for path in ["/v1/room", "/v1/sessions", "/s/\(visit.clients[0])"] {
        for method in [HTTPMethod.OPTIONS, .GET] {
          let asked = try await host.ask(
            method, path, as: visit.clients[0], headers: [("Origin", "https://a.example")])
          #expect(!asked.headers.contains(name: "Access-Control-Allow-Origin"))
        }
      }
    }
  }

  @Test func `the server judges a page's measurements itself, bounded and not too often`() async throws {
    try await Host.with { host in
      let measured = Self.measured
      let answer = try await host.ask(.POST, "/v1/reports", measured)
      let report = Report(try Measurements(json: Text(measured.utf8)), policy: .standard)
      #expect(answer.status == 200 && Text(answer.body.utf8) == report.json())
      #expect(answer.headers.first(name: "Access-Control-Allow-Origin") == "*")
      #expect(try await host.ask(.POST, "/v1/reports", "{}").status == 400)
      #expect(try await host.ask(.POST, "/v1/reports", String(repeating: "[", count: 1_000)).status == 400)
      let large = try? await host.ask(.POST, "/v1/reports", String(repeating: " ", count: 600_000))
      #expect(large == nil || large?.status == 413)
      var refused = 0
      for _ in 0..<40 where try await host.ask(.POST, "/v1/reports", measured).status == 429 { refused += 1 }
      #expect(refused > 5)
    }
  }
}
