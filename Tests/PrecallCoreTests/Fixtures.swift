import Foundation

/// The cases that are files.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures").standardizedFileURL

  /// The files of a folder and those below it, by name.
  static func json(in path: String) throws -> [URL] {
    let folder = folder.appending(path: path)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.map { folder.appending(path: $0) }
  }
}
