import Foundation
import PrecallTestSupport

extension Fixtures {
  /// The JSON files of a folder below `Fixtures/` and of those below it, by name.
  static func json(in folder: String) throws -> [URL] {
    let folder = URL(filePath: path(folder))
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.map { folder.appending(path: $0) }
  }
}
