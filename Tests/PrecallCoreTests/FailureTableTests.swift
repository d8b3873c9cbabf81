import Foundation
import PrecallCore
import PrecallTestSupport
import Testing

/// The table of all failures of microphones (M) and cameras (C) that people meet on Linux: Fixtures/failures.json,
/// one row a failure, with each rig, case and finding by which it is shown.
///
/// The cases themselves run in the tests of the rigs; here no failure may be without one, and no row may name
/// a case that is not there or expects otherwise.
@Suite struct FailureTableTests {
  struct Row: Sendable {
    var failure: String
    var shown: [Showing]
  }

  struct Showing: Sendable {
    var rig: String
    var test: String
    var finds: [String]
  }

  static let rows: [Row] = {
    let table = try? JSONReader.read(Fixtures.bytes("failures.json"))
    return (table?.array ?? []).map { row in
      Row(
        failure: text(row["failure"]),
        shown: (row["shown"]?.array ?? []).map { shown in
          Showing(rig: text(shown["rig"]), test: text(shown["case"]), finds: texts(shown["finds"]))
        })
    }
  }()

  @Test func `Every failure has its row, and every row is shown by a case`() {
    let all = (1...41).map { "M\($0)" } + (1...34).map { "C\($0)" }
    #expect(Self.rows.map(\.failure) == all)
    for row in Self.rows {
      #expect(!row.shown.isEmpty, "\(row.failure) is shown by nothing")
      for shown in row.shown where row.failure.hasPrefix("M") {
        #expect(!shown.finds.isEmpty, "\(row.failure): \(shown.test) shows nothing")
      }
    }
  }

  @Test func `A test in Swift counts for what stands in itself, not beside it`() {
    let source = """
      @Test("M1: first") func one() { #expect(codes == ["muted"]) }
      @Test("M2: second") func two() { #expect(codes == ["silent"]) }
      """
    #expect(Self.body(of: "M1: first", in: source)?.contains("silent") == false)
    #expect(Self.body(of: "M2: second", in: source)?.contains("silent") == true)
    #expect(Self.body(of: "M3: third", in: source) == nil)
  }

  @Test func `What a test wants not to be found is not shown by it`() {
    #expect(Self.stands("microphone.muted", in: #"#expect(codes == ["muted"])"#))
    for line in [
      #"#expect(!codes.contains("muted"))"#, #"#expect(codes != ["muted"])"#,
      #"#expect(try await !run([], on: room).codes.contains("microphone.muted"))"#,
      #"#expect(codes.contains("muted") == false)"#,
    ] { #expect(!Self.stands("microphone.muted", in: line), "\(line)") }
  }

  @Test(arguments: rows.map(\.failure))
  func `Each case of a row exists and expects the row's findings`(_ failure: String) throws {
    let row = try #require(Self.rows.first { $0.failure == failure })
    for shown in row.shown {
      let known = try Self.expectations(of: shown, for: failure)
      let findings = try #require(known, "\(failure): there is no \(shown.rig) “\(shown.test)”")
      #expect(Set(shown.finds).isSubset(of: findings), "\(failure): \(shown.test)")
      for code in shown.finds { #expect(FindingKind.coded(Array(code.utf8)) != nil, "\(code)") }
    }
  }

  @Test func `No case of a failure is missing from the table`() throws {
    let listed = Set(Self.rows.flatMap { row in row.shown.map { "\(row.failure) \($0.rig) \($0.test)" } })
    for name in try Fixtures.names(in: "cameras", ending: "json") {
      let failure = Self.text(try JSONReader.read(Fixtures.bytes("cameras/\(name)"))["catalogue"])
      #expect(failure.isEmpty || listed.contains("\(failure) virtual camera \(name.dropLast(5))"), "\(name)")
    }
    for name in try Fixtures.names(in: "sound-servers", ending: "json") {
      let failure = Self.text(try JSONReader.read(Fixtures.bytes("sound-servers/\(name)"))["catalogue"])
      let row = "\(failure) scripted sound server \(name.dropLast(5))"
      #expect(failure.isEmpty || listed.contains(row), "\(name)")
    }
    for name in try Fixtures.names(in: "microphones", ending: "json") {
      let rows = Self.rows.filter { row in row.shown.contains { "\($0.test).json" == name } }
      #expect(rows.count <= 1, "\(name)")
    }
    for test in try Self.kernelCases() where !Self.text(test["catalogue"]).isEmpty {
      let row = "\(Self.text(test["catalogue"])) kernel drivers \(Self.text(test["case"]))"
      #expect(listed.contains(row), "\(row)")
    }
  }

  /// What the case expects; nothing where there is no such case of that failure. Rigs that real servers, drivers
  /// or programs stand behind come first; "estimate of a described microphone" shows only what is made of figures
  /// that were written by hand.
  private static func expectations(of shown: Showing, for failure: String) throws -> Set<String>? {
    switch shown.rig {
    case "virtual camera":
      let json = try JSONReader.read(Fixtures.bytes("cameras/\(shown.test).json"))
      return text(json["catalogue"]) == failure ? Set(texts(json["expect"])) : nil
    case "kernel drivers":
      let found = try kernelCases().first { text($0["case"]) == shown.test }
      return found.flatMap { text($0["catalogue"]) == failure ? Set(texts($0["expect"])) : nil }
    case "estimate of a described microphone":
      return Set(
        texts(try JSONReader.read(Fixtures.bytes("microphones/\(shown.test).json"))["expected"]))
    case "scripted sound server":
      let json = try JSONReader.read(Fixtures.bytes("sound-servers/\(shown.test).json"))
      return text(json["catalogue"]) == failure ? Set(texts(json["expect"])) : nil
    case "pulseaudio", "pipewire": return try found(shown, in: "PrecallMicrophoneTests")
    case "pulseaudio and pipewire":
      return try found(shown, in: "PrecallMicrophoneTests", with: "SoundServerKind.allCases")
    case "program": return try found(shown, in: "EndToEndTests")
    case "camera test": return try found(shown, in: "PrecallCameraTests")
    case "browser": return try found(shown, in: "PrecallWebTests")
    default: return nil
    }
  }

  /// A test in Swift is known by its title; each finding must stand in the test itself: in its expectation, or in
  /// the table that it goes through.
  private static func found(
    _ shown: Showing, in target: String, with condition: String = ""
  ) throws -> Set<String>? {
    for source in try sources(of: target) {
      guard let body = body(of: shown.test, in: source) else { continue }
      // A row of the table of sounds has the servers of the test that goes through the table.
      let isSound = source.contains("Heard(\"\(shown.test)\"")
      let test = isSound ? Self.body(of: "Each sound has exactly its findings", in: source) : body
      guard condition.isEmpty || test?.contains(condition) == true else { continue }
      return Set(shown.finds.filter { stands($0, in: body) })
    }
    return nil
  }

  private static func sources(of target: String) throws -> [String] {
    let folder = Fixtures.root.appending(path: "Tests/\(target)").path()
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }.map {
      String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\($0)")), as: UTF8.self)
    }
  }

  /// What a test says after its title, up to the next test or row of a table, and the table `Self.…` that it
  /// goes through.
  private static func body(of title: String, in source: String) -> String? {
    let text = source.utf8
    let start = text.firstRange(of: "\"\(title)\"".utf8) ?? text.firstRange(of: "`\(title)`".utf8)
    guard let start else { return nil }
    let rest = text[start.upperBound...]
    let ends = ["@Test", "    Heard(\""].compactMap { rest.firstRange(of: $0.utf8)?.lowerBound }
    let body = String(Substring(rest[..<(ends.min() ?? rest.endIndex)]))
    guard let loop = body.firstMatch(of: #/in Self\.([a-z]+) /#),
      let table = text.firstRange(of: "let \(loop.1)".utf8),
      let end = text[table.upperBound...].firstRange(of: "\n  ]".utf8)
    else { return body }
    return body + String(Substring(text[table.upperBound..<end.lowerBound]))
  }

  /// The code itself, its last part, the name of its failure, or the words that a person reads on the screen.
  private static func stands(_ code: String, in body: String) -> Bool {
    // A line that wants it not to be found does not show it.
    let body = body.split(separator: "\n").filter { !$0.contains(#/!=|== false|[( ]![a-z].*contains/#) }
      .joined(separator: "\n")
    let part = code.split(separator: ".")[1]
    let remedy = FindingKind.coded(Array(code.utf8)).map { "\($0.remedy)".prefix(21) } ?? ""
    return body.contains("\"\(code)\"") || body.contains("\"\(part)\"") || body.contains("\(code)\\t")
      || body.contains(".\(camelCased(part))") || !remedy.isEmpty && body.contains("\"\(remedy)")
  }

  private static func camelCased(_ code: Substring) -> String {
    let words = code.split(separator: "-")
    return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }

  private static func kernelCases() throws -> [JSONValue] {
    try JSONReader.read(Fixtures.bytes("camera-vm/cases.json")).array ?? []
  }

  private static func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).map { text($0) } }

  private static func text(_ value: JSONValue?) -> String {
    String(decoding: value?.string ?? [], as: UTF8.self)
  }
}
