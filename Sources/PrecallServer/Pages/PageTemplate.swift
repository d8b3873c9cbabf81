import Foundation
import PrecallCore

/// The words of one language: `Assets/room/locales/*.json`, flat.
struct PageTexts: Sendable {
  let language: String
  private let words: [String: String]

  init?(_ language: String, _ json: [UInt8]) {
    guard let members = try? JSONReader.read(json).members else { return nil }
    self.language = language
    words = Dictionary(
      members.map {
        (String(decoding: $0.key, as: UTF8.self), String(decoding: $0.value.string ?? [], as: UTF8.self))
      },
      uniquingKeysWith: { first, _ in first })
  }

  subscript(key: String) -> String? { words[key] }
}

/// A page with `{{key}}` where words go, so that it says everything also without JavaScript.
enum PageTemplate {
  /// A page with what it shares with others in place of `{{> common}}`.
  static func assembled(_ template: [UInt8], common: [UInt8]) -> [UInt8] {
    let page = String(decoding: template, as: UTF8.self)
    return Array(page.replacing("{{> common}}", with: String(decoding: common, as: UTF8.self)).utf8)
  }

  /// The page in one language; a key that has no words is an error of the page, named.
  static func render(
    _ template: [UInt8], _ texts: PageTexts, values: [String: String] = [:]
  ) throws(ServerFailure) -> [UInt8] {
    var page = ""
    var rest = Substring(String(decoding: template, as: UTF8.self))
    while let open = rest.range(of: "{{"), let close = rest.range(of: "}}") {
      let key = String(rest[open.upperBound..<close.lowerBound])
      page += rest[..<open.lowerBound]
      guard let words = key == "language" ? texts.language : values[key] ?? texts[key] else {
        throw ServerFailure(
          .badConfiguration,
          "I tried to make the web pages, but \"\(key)\" has no words in \"\(texts.language)\"; install them "
            + "again.")
      }
      page += escaped(words)
      rest = rest[close.upperBound...]
    }
    return Array((page + rest).utf8)
  }

  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
