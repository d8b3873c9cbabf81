import FoundationEssentials
import Synchronization
import Testing

/// Texts that people read, kept as files: a difference fails; `RECORD_GOLDEN=1` records them anew.
package enum Golden {
  package static func expect(
    _ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(filePath: Fixtures.path(name))
    if isRecording {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let golden = (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    #expect(text == golden, "differs from Fixtures/\(name)", sourceLocation: sourceLocation)
  }

  /// The same for one line of a file that has many, as `key: text`, in the order of the keys.
  package static func expect(
    _ text: String, of key: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let golden = try lines.withLock { _ in
      if isRecording {
        let all = try pairs(of: name).merging([key: text]) { $1 }.sorted { $0.key < $1.key }
        let file = all.map { $0.value.isEmpty ? "\($0.key):\n" : "\($0.key): \($0.value)\n" }.joined()
        try Data(file.utf8).write(to: URL(filePath: Fixtures.path(name)))
      }
      return try pairs(of: name)[key]
    }
    #expect(text == golden, "differs from \(key) in Fixtures/\(name)", sourceLocation: sourceLocation)
  }

  /// The keys of a file of lines, in their order.
  package static func keys(of name: String) throws -> [String] { try pairs(of: name).keys.sorted() }

  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
  /// Tests run side by side, and a file of lines belongs to many of them.
  private static let lines = Mutex(())

  private static func pairs(of name: String) throws -> [String: String] {
    let file = (try? String(contentsOfFile: Fixtures.path(name), encoding: .utf8)) ?? ""
    let pairs = file.split(separator: "\n").map { line in
      let end = line.firstIndex(of: ":") ?? line.endIndex
      return (String(line[..<end]), String(line[end...].dropFirst(2)))
    }
    return Dictionary(pairs) { $1 }
  }
}
