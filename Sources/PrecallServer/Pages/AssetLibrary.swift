import Foundation
import PrecallCore
import PrecallWeb

/// All files of PrecallWeb, read once: what is not in here can't be asked for, whatever a path says.
struct AssetLibrary: Sendable {
  private let assets: [String: Asset]

  init() throws(ServerFailure) {
    assets = try Self.load()
  }

  /// By its path below `/assets/`.
  subscript(path: String) -> Asset? { assets[path] }

  private static func load() throws(ServerFailure) -> [String: Asset] {
    var assets: [String: Asset] = [:]
    let folder = PrecallWeb.assets
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.path), !paths.isEmpty else {
      throw ServerFailure(
        .noInput,
        "I tried to read the web pages in \(folder.path), but they are not there; install them beside "
          + "precall-server.")
    }
    for path in paths {
      guard let type = types[URL(filePath: path).pathExtension] else { continue }
      assets[path] = Asset(try readFile(folder.appending(path: path).path, "the web page"), type: type)
    }
    let engine = PrecallWeb.engine
    assets[engine.lastPathComponent] = Asset(
      try readFile(engine.path, "the browser's engine"), type: "application/wasm")
    assets["catalogue.json"] = Asset(Texts.catalogue, type: "application/json")
    return assets
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8", "json": "application/json", "svg": "image/svg+xml",
    "png": "image/png", "wasm": "application/wasm", "wav": "audio/wav",
  ]
}
