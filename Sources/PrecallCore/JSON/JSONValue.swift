/// A value read from a JSON document.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number with a fraction or exponent, or one beyond 64 bits.
  case number(Double)
  case string(Text)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: Text
    package var value: JSONValue
  }

  package subscript(key: StaticString) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    for member in members where key.equals(member.key) { return member.value }
    return nil
  }

  package var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  package var string: Text? {
    if case .string(let value) = self { value } else { nil }
  }
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
  package var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }
  package var members: [Member]? {
    if case .object(let value) = self { value } else { nil }
  }
}

/// Why a document could not be used, and where.
package struct JSONError: Error, Sendable, Equatable {
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
  package var problem: Problem
  /// Byte offset in the document, where the reader found it.
  package var offset: Int?
  /// The key that has the unusable value, as `limits.network.jitter.warn_ms`.
  package var path: Text

  package init(_ problem: Problem, at offset: Int? = nil, path: Text = []) {
    self.problem = problem
    self.offset = offset
    self.path = path
  }
}
