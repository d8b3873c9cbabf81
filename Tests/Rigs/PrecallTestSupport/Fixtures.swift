import FoundationEssentials

/// Where the project's files lie, found from this one.
package enum Fixtures {
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file below `Fixtures/`, as `reports/ready.json`.
  package static func path(_ name: String) -> String { root.appending(path: "Fixtures/\(name)").path() }

  package static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  /// The names of the files in a folder below `Fixtures/` that end in `.ending`, in order.
  package static func names(in folder: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder))
      .filter { $0.hasSuffix("." + ending) }.sorted()
  }

  /// A built program of this package: it lies beside the one that runs.
  package static func program(_ name: String) -> String { built.appending(path: name).path() }

  package static let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// A copy that can be run at once. Another process writes it: what this one has open for writing can't be run while
  /// a test beside begins a program, which has it open too until it runs ("Text file busy").
  package static func copyProgram(_ source: String, to place: String) throws {
    let copying = try ChildProcess.spawn(["/bin/cp", source, place], environment: [:], output: nil)
    guard ChildProcess.wait(for: copying) == 0 else { throw RigError("no copy of \(source) at \(place)") }
  }

  /// Runs `body` with an empty folder that is removed after it.
  package static func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "precall-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path())
  }
}
