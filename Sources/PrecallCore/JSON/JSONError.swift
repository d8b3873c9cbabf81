/// Why a document could not be used, and where.
package final class JSONError: Error, Sendable, Equatable {
  package enum Problem: Sendable, Equatable {
    case endsEarly, unexpectedByte, tooDeep, tooLarge, badNumber, badEscape, notUTF8, duplicateKey
    case trailingBytes
    /// A member of the right document with a value or name that can't be used; what was expected.
    case expected(StaticString)
    case unknownKey

    package static func == (one: Self, other: Self) -> Bool { one.words.bytes == other.words.bytes }

    package var words: StaticString {
      switch self {
      case .endsEarly: "it ends too early"
      case .unexpectedByte: "this is not JSON"
      case .tooDeep: "it is nested too deeply"
      case .tooLarge: "it is too large"
      case .badNumber: "this is not a number"
      case .badEscape: "this is not a valid escape"
      case .notUTF8: "this is not UTF-8"
      case .duplicateKey: "the same key stands twice"
      case .trailingBytes: "something follows the end"
      case .expected(let what): what
      case .unknownKey: "this key is not known here"
      }
    }
  }
  package let problem: Problem
  /// Byte offset in the document, where the reader found it.
  package let offset: Int?
  /// The key that has the unusable value, as `limits.network.jitter.warn_ms`.
  package let path: Text

  @inline(never)
  package init(_ problem: Problem, at offset: Int? = nil, path: Text = []) {
    self.problem = problem
    self.offset = offset
    self.path = path
  }

  /// What was expected at `key`.
  @inline(never)
  package convenience init(_ what: StaticString, at key: StaticString) {
    self.init(.expected(what), path: key.bytes)
  }

  package static func == (one: JSONError, other: JSONError) -> Bool {
    one.problem == other.problem && one.offset == other.offset && one.path == other.path
  }
}

extension JSONError {
  /// What is wrong with `document`, for the person who wrote it: `line 3, column 14: this is not JSON`, or
  /// `limits.network.jitter: this must be an object { … }`. Columns count characters.
  package func sentence(in document: Text) -> Text {
    var sentence: Text = []
    if let offset {
      let (line, column) = Self.place(of: offset, in: document)
      sentence += "line "
      sentence.append(decimal: line)
      sentence += ", column "
      sentence.append(decimal: column)
      sentence += ": "
    }
    if !path.isEmpty {
      sentence += path
      sentence += ": "
    }
    sentence += problem.words
    return sentence
  }

  /// The error as a document, for a host that calls the engine.
  package func json() -> Text {
    var writer = JSONWriter()
    writer.object { json in
      json.member("error", problem.words)
      if !path.isEmpty { json.member("path", path) }
      if let offset { json.member("offset", Int64(offset)) }
    }
    return writer.text
  }

  /// The same error, seen from the document that holds the one it was found in.
  package func within(_ outer: StaticString) -> JSONError {
    let path = path.isEmpty ? outer.bytes : outer.bytes + [UInt8(ascii: ".")] + path
    return JSONError(problem, at: offset, path: path)
  }

  private static func place(of offset: Int, in document: Text) -> (line: Int64, column: Int64) {
    var line: Int64 = 1
    var column: Int64 = 1
    for byte in document.prefix(offset) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}

#if !hasFeature(Embedded)
  extension JSONError {
    /// `sentence(in:)` for a program that prints: the browser's engine builds no strings.
    package func words(in document: Text) -> String {
      String(decoding: sentence(in: document), as: UTF8.self)
    }
  }
#endif
