/// The lines before an answer's body, as they came.
package enum HTTPHeader {
  /// The first value of a name in lower case, itself in lower case; nothing where there is none.
  package static func value(_ name: String, in bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(name + ":") {
      return String(line.dropFirst(name.count + 1).drop { $0 == " " })
    }
    return nil
  }
}
