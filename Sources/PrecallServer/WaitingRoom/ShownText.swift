package import PrecallCore

/// Text that one person writes and another reads, made fit to be shown: bounded, without characters that
/// break lines, hide, or turn the direction of what stands around them. Markup stays what it is, letters;
/// pages set it as text and never as HTML.
package enum ShownText {
  package static let nameLength = 60
  package static let messageLength = 1_000

  /// A name: one line. Nothing where nothing is left or it is too long.
  package static func name(_ text: Text) -> Text? { clean(text, limit: nameLength, keepsLines: false) }

  package static func message(_ text: Text) -> Text? { clean(text, limit: messageLength, keepsLines: true) }

  private static func clean(_ text: Text, limit: Int, keepsLines: Bool) -> Text? {
    // A letter of UTF-8 has four bytes at most; what is longer can't fit.
    guard text.count <= limit * 4 else { return nil }
    var scalars: [Unicode.Scalar] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar == "\n", keepsLines {
        scalars.append(scalar)
      } else if scalar.properties.isWhitespace {
        if let last = scalars.last, !last.properties.isWhitespace { scalars.append(" ") }
      } else if isShown(scalar) {
        scalars.append(scalar)
      }
    }
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    let kept = scalars.drop { $0.properties.isWhitespace }
    let isSeen = kept.contains { !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint }
    guard isSeen, kept.count <= limit else { return nil }
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: kept)
    return Text(String(shown).utf8)
  }

  /// Joiners stay, as Persian words and emoji need them.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
    default: true
    }
  }
}
