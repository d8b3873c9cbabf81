/// Text broken into lines of at most `width` columns.
enum Paragraph {
  static func lines(_ text: String, width: Int, indent: String = "", first: String? = nil) -> [String] {
    var lines: [String] = []
    var line = first ?? indent
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    if !isEmpty { lines.append(line) }
    return lines
  }
}

extension String {
  /// This text in `width` columns: spaces after it, or its end cut off.
  func padded(to width: Int) -> String {
    count >= width ? String(prefix(width)) : self + String(repeating: " ", count: width - count)
  }

  /// This text without spaces at its end.
  var withoutEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
