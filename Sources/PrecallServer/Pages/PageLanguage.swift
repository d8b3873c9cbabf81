import Hummingbird

/// Which language a page is in.
enum PageLanguage {
  static let known = ["en", "es"]

  /// What the address asks for, else the browser's best, else English.
  static func of(_ request: Request) -> String {
    if let asked = request.uri.queryParameters["lang"].map(String.init), known.contains(asked) {
      return asked
    }
    return best(of: request.headers[.acceptLanguage] ?? "")
  }

  /// The known language with the highest weight (RFC 9110 section 12.5.4), the first of equals.
  static func best(of header: String) -> String {
    var best = (language: known[0], weight: 0.0)
    for range in header.prefix(1_000).split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
      guard let tag = parts.first?.split(separator: "-").first?.lowercased(), known.contains(tag) else {
        continue
      }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      if quality > best.weight, quality <= 1 { best = (tag, quality) }
    }
    return best.language
  }
}
