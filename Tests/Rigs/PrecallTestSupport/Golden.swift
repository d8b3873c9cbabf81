import FoundationEssentials
import Testing

/// Texts that people read, kept as files: a difference fails; `RECORD_GOLDEN=1` records them anew.
package enum Golden {
  package static func expect(
    _ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(filePath: Fixtures.path(name))
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let golden = (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    #expect(text == golden, "differs from Fixtures/\(name)", sourceLocation: sourceLocation)
  }
}
