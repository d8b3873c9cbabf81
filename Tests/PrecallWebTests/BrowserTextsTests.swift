import Foundation
import PrecallCore
import PrecallTestSupport
import PrecallWeb
import Testing

/// The words of the page, and what the page weighs.
@Suite struct BrowserTextsTests {
  struct Texts: Decodable, Equatable {
    struct Finding: Decodable, Equatable { var sentence, remedy: String }
    var language, direction: String
    var page: [String: String]
    var steps: [String: [String]]
    var findings: [String: Finding]
    var metrics: [String: String]
  }

  private static func texts(_ language: String) throws -> Texts {
    let file = assets.appending(path: "locales/\(language).json")
    return try JSONDecoder().decode(Texts.self, from: Data(contentsOf: file))
  }

  @Test func `both languages have the same texts, none empty`() throws {
    let english = try Self.texts("en")
    let spanish = try Self.texts("es")
    #expect(Set(english.page.keys) == Set(spanish.page.keys))
    #expect(english.steps.mapValues { $0.count } == spanish.steps.mapValues { $0.count })
    #expect(Set(english.findings.keys) == Set(spanish.findings.keys))
    #expect(Set(english.metrics.keys) == Set(spanish.metrics.keys))
    for texts in [english, spanish] {
      let all = Array(texts.page.values) + texts.findings.values.flatMap { [$0.sentence, $0.remedy] }
      #expect((all + texts.metrics.values + texts.steps.values.flatMap { $0 }).allSatisfy { !$0.isEmpty })
    }
  }

  @Test func `English is the catalogue's, and every refusal and finding of a call is there`() throws {
    let english = try Self.texts("en")
    for (code, text) in english.findings {
      let kind = try #require(FindingKind.coded(Array(code.utf8)), "\(code)")
      #expect(text == Texts.Finding(sentence: "\(kind.sentence)", remedy: "\(kind.remedy)"), "\(code)")
    }
    for (id, title) in english.metrics {
      #expect(try #require(Metric.identified(Array(id.utf8)), "\(id)").title.description == title)
    }
    let mustBe = FindingKind.all.map { $0.code.description }.filter {
      $0.contains(".permission-") || $0.contains(".browser-") || $0.contains(".call-")
        || $0.hasSuffix(".in-use")
    }
    #expect(mustBe.count > 20)
    #expect(mustBe.allSatisfy { english.findings[$0] != nil })
  }

  @Test func `every key that a script says is a text`() throws {
    let english = try Self.texts("en")
    let scripts = try FileManager.default.subpathsOfDirectory(atPath: assets.path).filter {
      $0.hasSuffix(".js")
    }
    for script in scripts where !script.hasPrefix("room/") {
      let code = try String(contentsOf: assets.appending(path: script), encoding: .utf8)
      for match in code.matches(of: /say\('([a-z_-]+)'/) {
        #expect(english.page[String(match.1)] != nil, "\(script): \(match.1)")
      }
    }
    for outcome in Verdict.Outcome.allCases { #expect(english.page["outcome-\(outcome.name)"] != nil) }
    for works in Verdict.Works.allCases {
      #expect(english.page["audio-\(works.name)"] != nil && english.page["screen_share-\(works.name)"] != nil)
    }
    for video in Verdict.Video.allCases { #expect(english.page["video-\(video.name)"] != nil) }
    for reason in NotMeasured.allCases { #expect(english.page["reason-\(reason.name)"] != nil) }
    for level in Assessment.Level.allCases { #expect(english.page["level-\(level.name)"] != nil) }
  }

  @Test func `what a browser receives until the test can start weighs under 200 kB`() async throws {
    try await Chromium.with(Chromium.Devices.none) { browser in
      try await BrowserCheck.withServer { server in
        let check = try await BrowserCheck.open(browser, server)
        let entries =
          "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        try await check.page.wait("\(entries).some(one => one.name.endsWith('.wasm') && one.responseEnd > 0)")
        try await check.page.wait(
          "\(entries).some(one => one.name.endsWith('catalogue.json') && one.responseEnd > 0)")
        let received: Int = try await check.page.value(
          "\(entries).reduce((sum, one) => sum + one.transferSize, 0)")
        print("the page of the check: \(received) bytes received")
        #expect(received > 20_000 && received < 200_000)
      }
    }
  }

  @Test func `the page weighs under 200 kB packed`() throws {
    let files =
      try FileManager.default.subpathsOfDirectory(atPath: assets.path)
      .filter { !$0.hasPrefix("room") && $0.contains(".") && $0 != "locales/es.json" }
      .map { assets.appending(path: $0) } + [engine]
    var total = 0
    for file in files { total += try packed(file) }
    let words = FileManager.default.temporaryDirectory.appending(path: "catalogue-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: words) }
    try Data(PrecallCore.Texts.catalogue).write(to: words)
    total += try packed(words)
    print("the page of the check: \(total) bytes with gzip -9")
    #expect(total > 20_000 && total < 200_000)
  }

  private func packed(_ file: URL) throws -> Int {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-9c", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let count = try pipe.fileHandleForReading.readToEnd()?.count ?? 0
    process.waitUntilExit()
    return count
  }
}
