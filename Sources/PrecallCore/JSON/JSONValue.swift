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

    package init(key: Text, value: JSONValue) {
      self.key = key
      self.value = value
    }
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
