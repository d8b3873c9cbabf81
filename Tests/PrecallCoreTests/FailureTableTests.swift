import FoundationEssentials
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
    for row in Self.rows { #expect(!row.shown.isEmpty, "\(row.failure) is shown by nothing") }
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
    for test in try Self.kernelCases() where !Self.text(test["catalogue"]).isEmpty {
      let row = "\(Self.text(test["catalogue"])) kernel drivers \(Self.text(test["case"]))"
      #expect(listed.contains(row), "\(row)")
    }
  }

  /// What the case expects; nothing where there is no such case of that failure. Tests in Swift are known by
  /// their titles, which name the failure, and expect what the row says.
  private static func expectations(of shown: Showing, for failure: String) throws -> Set<String>? {
    switch shown.rig {
    case "virtual camera":
      let json = try JSONReader.read(Fixtures.bytes("cameras/\(shown.test).json"))
      return text(json["catalogue"]) == failure ? Set(texts(json["expect"])) : nil
    case "kernel drivers":
      let found = try kernelCases().first { text($0["case"]) == shown.test }
      return found.flatMap { text($0["catalogue"]) == failure ? Set(texts($0["expect"])) : nil }
    case "described microphone":
      return Set(
        texts(try JSONReader.read(Fixtures.bytes("microphones/\(shown.test).json"))["expected"]))
    case "replayed sound server":
      let json = try JSONReader.read(Fixtures.bytes("sound-servers/\(shown.test).json"))
      return text(json["catalogue"]) == failure ? Set(texts(json["expect"])) : nil
    case "pulseaudio", "pipewire": return try title(shown, in: "PrecallMicrophoneTests")
    case "camera test": return try title(shown, in: "PrecallCameraTests")
    case "command": return try title(shown, in: "EndToEndTests")
    case "browser": return try title(shown, in: "PrecallWebTests")
    default: return nil
    }
  }

  private static func title(_ shown: Showing, in target: String) throws -> Set<String>? {
    let folder = Fixtures.root.appending(path: "Tests/\(target)").path()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".swift") {
      let source = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      let isThere = source.contains("\"\(shown.test)\"") || source.contains("`\(shown.test)`")
      // The last part of each code stands in the test's own expectation.
      let parts = shown.finds.map { $0.split(separator: ".")[1] }
      if isThere, parts.allSatisfy({ source.contains($0) || source.contains(camelCased($0)) }) {
        return Set(shown.finds)
      }
    }
    return nil
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
