import Foundation
import PrecallCore
import PrecallWeb
import PrecallWire

/// A file as it is sent.
struct Asset: Sendable {
  let bytes: [UInt8]
  let type: String
  /// A strong validator (RFC 9110 section 8.8.3): the content's hash.
  let tag: String

  init(_ bytes: [UInt8], type: String) {
    self.bytes = bytes
    self.type = type
    let hash = Digest.sha256.hash(of: bytes).prefix(12)
    tag = "\"\(String(decoding: Base64URL.encode(Array(hash)), as: UTF8.self))\""
  }
}

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
