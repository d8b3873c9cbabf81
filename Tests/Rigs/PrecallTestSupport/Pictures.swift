import Foundation

/// Pictures of pages for a person to look at, in the folder that the variable PRECALL_PICTURES names: of a phone,
/// a tablet and a desktop, light and dark.
package enum Pictures {
  package static let folder = ProcessInfo.processInfo.environment["PRECALL_PICTURES"]
  fileprivate static let sizes = [("phone", 360, 740), ("tablet", 820, 1_180), ("desktop", 1_280, 800)]
}

extension ChromiumPage {
  /// Keeps `name` at every size, the whole page each time.
  package func picture(_ name: String) async throws {
    guard let folder = Pictures.folder else { return }
    try await command("Page.bringToFront")
    // As on a telephone; a bar would be cut off with what stands beside it.
    try await command("Emulation.setScrollbarsHidden", ["hidden": true])
    for (size, width, height) in Pictures.sizes {
      try await resize(width: width, height: height)
      for scheme in ["light", "dark"] {
        try await command(
          "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
        try await screenshot().write(to: URL(filePath: "\(folder)/\(name)-\(size)-\(scheme).png"))
      }
    }
  }
}
