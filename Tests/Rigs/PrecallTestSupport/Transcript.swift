import FoundationEssentials
import Testing

/// A golden file of commands and what they say: each line `$ NAME=VALUE … program ARGUMENT …` is run in
/// `Fixtures/`, and what follows it must be its output, its errors and its exit status.
package struct Transcript {
  package let name: String

  package init(_ name: String) { self.name = name }

  package func expectHolds(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let commands = String(decoding: try Fixtures.bytes(name), as: UTF8.self)
      .split(separator: "\n").filter { $0.hasPrefix("$ ") || $0.hasPrefix("# ") }
    #expect(!commands.isEmpty, sourceLocation: sourceLocation)
    var text = ""
    for command in commands {
      text += command + "\n"
      if command.hasPrefix("$ ") { text += try await Self.saying(of: command.dropFirst(2)) + "\n" }
    }
    // A fixture that is not there says nothing about what it was meant to show.
    let missing = text.split(separator: "\n").filter {
      $0.contains("FIXTURES/") && $0.contains("No such file") && !$0.contains("/none")
    }
    #expect(missing.isEmpty, sourceLocation: sourceLocation)
    try Golden.expect(text, is: name, sourceLocation: sourceLocation)
  }

  private static func saying(of command: Substring) async throws -> String {
    var words = command.split(separator: " ").map(String.init)
    var environment: [String: String] = [:]
    while let first = words.first, let equals = first.firstIndex(of: "=") {
      environment[String(first[..<equals])] = expanded(String(first[first.index(after: equals)...]))
      words.removeFirst()
    }
    let program = Program(words.removeFirst(), environment: environment)
    let result = try await program.run(words.map(expanded), deadline: .seconds(30))
    let code = result.code.map { "\($0)" } ?? "\(result.status)"
    return hidden(result.output + result.error) + "= \(code)\n"
  }

  /// `FIXTURES` in a command stands for the folder, wherever the project lies.
  private static func expanded(_ word: String) -> String {
    word.replacing("FIXTURES/", with: Fixtures.path(""))
  }

  private static func hidden(_ text: String) -> String {
    text.replacing(Fixtures.path(""), with: "FIXTURES/")
  }
}
